"""An operator with a browser: opens views, fills forms, carries out acts."""

import contextlib
import urllib.parse

SECONDS = 30  # for what takes a moment: the machine may be busy
_BUTTON = """
const [within, label] = arguments;
return [...document.querySelectorAll(`:is(${within}) button`)]
  .find((button) => button.innerText.trim() === label) ?? null;
"""
_PRESS = _BUTTON.replace("return", "const found =").replace("?? null;", "?? null; found?.click();")
_PRESS += "return found !== null;"
_FIELD = """
return [...document.querySelectorAll("dialog label, main form label")]
  .find((label) => label.textContent.trim().startsWith(arguments[0]))?.htmlFor ?? null;
"""
# in one step, for the view behind the act may be another one at any time
_END = """
const dialog = document.querySelector("dialog[open]");
const alerts = dialog === null ? [] : [...dialog.querySelectorAll("[role=alert]")];
const refusal = alerts.filter((e) => e.checkVisibility()).map((e) => e.innerText).join(" ").trim();
return dialog === null || refusal ? [refusal] : null;
"""
_CHOOSE = """
arguments[0].value = arguments[1];
arguments[0].dispatchEvent(new Event("input", {bubbles: true}));
"""


class Operator:
    """Actions on the page, as an operator does them."""

    def __init__(self, driver, server):
        self.driver, self.server = driver, server

    def open(self, path):
        self.driver.get(self.server.root + path)

    def log_in(self, user, password):
        """Log in by the form."""
        self.open("/ui/login")
        self.find("#user").send_keys(user)
        self.find("#password").send_keys(password)
        self.press(self.find("main button[type=submit]"))
        self.until(lambda: self.all(".who .user") or self.all("main [role=alert]"), "an answer")

    def find(self, selector):
        return self.driver.find_element("css selector", selector)

    def all(self, selector):
        return self.driver.find_elements("css selector", selector)

    def button(self, label, within="main"):
        """A button by what it says; a view that is refreshed meanwhile is looked at again."""
        return self.until(lambda: self._run(_BUTTON, within, label), f"a button {label}")

    def press_button(self, label, within="main"):
        """Press a button in one step, so that no refresh of the view comes in between."""
        found = self.until(lambda: self._run(_PRESS, within, label), f"a button {label}")
        assert found

    def _run(self, script, *arguments):
        return self.driver.execute_script(script, *arguments)

    def until(self, condition, what):
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.support.ui import WebDriverWait

        def holds(_):
            with contextlib.suppress(WebDriverException, StopIteration):
                return condition()

        return WebDriverWait(self.driver, SECONDS, 0.05).until(holds, what)

    def begin(self, label, **fields):
        """Open an act, and fill its fields by their labels."""
        self.press_button(label)
        self.until(lambda: self.find("dialog[open]"), "a dialog")
        for name, value in fields.items():
            self.fill(name.replace("_", " "), value)

    def act(self, label, **fields):
        """Open an act, fill its fields by their labels, and carry it out."""
        self.begin(label, **fields)
        for box in self.all("#act-sure"):
            self.press(box)
        self.shown_call = self.find("dialog .curl code").get_attribute("textContent")
        self.press(self.find("dialog button[type=submit]"))

    def press(self, element):
        self.driver.execute_script("arguments[0].click()", element)

    def fill(self, label, value):
        """Fill a field of a dialog, or of a form of the view, by the beginning of its label."""
        found = self.until(lambda: self._run(_FIELD, label), f"a field {label}")
        field = self.find(f"[id='{found}']")
        if field.tag_name == "select":
            self._run(_CHOOSE, field, value)
        else:
            field.clear()
            field.send_keys(value)

    def is_done(self):
        """Wait until the act has gone through."""
        (refusal,) = self.until(lambda: self._run(_END), "an end")
        assert not refusal

    def is_at(self, path):
        def there():
            return urllib.parse.urlsplit(self.driver.current_url).path == path

        self.until(there, f"to be at {path}")
