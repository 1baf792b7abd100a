"""Somebody who uses the page with a browser: opens views, fills forms, carries out acts."""

import contextlib
import urllib.parse

SECONDS = 30  # for what takes a moment: the machine may be busy


class Operator:
    """What somebody does with the page."""

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
        return next(b for b in self.all(f"{within} button") if b.text == label)

    def until(self, condition, what):
        from selenium.common.exceptions import WebDriverException
        from selenium.webdriver.support.ui import WebDriverWait

        def holds(_):
            with contextlib.suppress(WebDriverException, StopIteration):
                return condition()

        return WebDriverWait(self.driver, SECONDS, 0.05).until(holds, what)

    def begin(self, label, **fields):
        """Open an act, and fill its fields by their labels."""
        self.press(self.button(label))
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
        for found in self.all("dialog label, main form label"):
            if found.get_attribute("textContent").strip().startswith(label):
                field = self.find(f"[id='{found.get_attribute('for')}']")
                if field.tag_name == "select":
                    self.driver.execute_script(
                        "arguments[0].value = arguments[1];"
                        "arguments[0].dispatchEvent(new Event('input', {bubbles: true}))",
                        field,
                        value,
                    )
                else:
                    field.clear()
                    field.send_keys(value)
                return
        raise AssertionError(f"there is no field {label}")

    def is_done(self):
        """Wait until the act has gone through."""
        self.until(lambda: not self.all("dialog[open]") or self._refusal(), "an end")
        assert not self._refusal()

    def _refusal(self):
        return " ".join(e.text for e in self.all("dialog [role=alert]"))

    def is_at(self, path):
        def there():
            return urllib.parse.urlsplit(self.driver.current_url).path == path

        self.until(there, f"to be at {path}")
