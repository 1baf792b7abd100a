"""Chromium without a window, driven by selenium; nothing is fetched from elsewhere."""

import contextlib
import functools
import importlib.util
import json
import shutil
from importlib import resources

import pytest

BINARIES = ("chromium", "chromium-browser", "google-chrome")


def missing():
    """Names of programs and packages for browser tests that this machine lacks; may be empty."""
    lacks = [] if any(map(shutil.which, BINARIES)) else ["Chromium"]
    lacks += [] if shutil.which("chromedriver") else ["chromedriver"]
    lacks += [n for n in ("selenium", "axe_core_python") if importlib.util.find_spec(n) is None]
    return ", ".join(lacks)


LACKS = missing()
NEEDED = pytest.mark.skipif(bool(LACKS), reason=f"there is no {LACKS}")


@contextlib.contextmanager
def opened(width=1280, height=900, *, is_dark=False):
    """A browser."""
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = next(filter(None, map(shutil.which, BINARIES)))
    for word in (
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--force-device-scale-factor=1",
        f"--window-size={width},{height}",
        "--lang=en",
    ):
        options.add_argument(word)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(shutil.which("chromedriver")))
    try:
        driver.set_page_load_timeout(60)
        look(driver, is_dark=is_dark)
        yield driver
    finally:
        driver.quit()


def look(driver, *, is_dark=False, width=None, height=900):
    """Choose light or dark, and perhaps how wide the window is."""
    scheme = {"name": "prefers-color-scheme", "value": "dark" if is_dark else "light"}
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [scheme]})
    if width is not None:
        size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
        driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


# Colours come from elements, classes and attributes alone (the policy allows no others), and to
# look at them costs more than all other rules: it is not done again where all texts have these as
# texts that were looked at before, each up to the root.
_AXE = """
const done = arguments[0];
const key = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
const known = new Set(JSON.parse(sessionStorage.getItem(key) ?? "[]"));
const looks = (element) => ["class", "fill", "stroke", "href", "type", "aria-current", "disabled"]
  .map((name) => (name === "href" ? element.hasAttribute(name) : element.getAttribute(name)));
const chains = new Map([[null, ""]]);
const chain = (element) => {
  if (!chains.has(element)) {
    chains.set(element, `${chain(element.parentElement)}>${element.tagName}${looks(element)}`);
  }
  return chains.get(element);
};
const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim() !== "";
let fresh = false;
for (const element of document.body.querySelectorAll("*")) {
  const isField = element.matches("input, select, textarea");
  if (!isField && ![...element.childNodes].some(isText)) continue;
  fresh ||= !known.has(innerWidth + chain(element));
  known.add(innerWidth + chain(element));
}
sessionStorage.setItem(key, JSON.stringify([...known]));
axe.run({
  runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
  rules: {"color-contrast": {enabled: fresh}},
  resultTypes: ["violations"],  // of what is right nobody has to be told the details
  preload: false,
}).then((found) => done(JSON.stringify(found.violations)));
"""


def violations(driver):
    """Violations that axe-core finds in the view that is shown: rule, element and summary."""
    if not driver.execute_script("return 'axe' in window"):
        driver.execute_script(_axe())
    found = driver.execute_async_script(_AXE)
    return [
        (one["id"], node["html"][:200], node.get("failureSummary", "")[:300])
        for one in json.loads(found)
        for node in one["nodes"]
    ]


@functools.cache
def _axe():
    return resources.files("axe_core_python").joinpath("axe.min.js").read_text()


def complaints(driver):
    """Errors on the browser's console: failed scripts, violations of the content policy."""
    return [entry["message"] for entry in driver.get_log("browser") if entry["level"] == "SEVERE"]


_SHORT_PAUSES = """
window.polls = {ticks: 0, asked: 0, unchanged: 0};
const [wait, ask] = [window.setTimeout, window.fetch];
window.setTimeout = (run, pause, ...rest) =>
  pause === 4000 ? wait(() => { polls.ticks += 1; run(); }, 20) : wait(run, pause, ...rest);
window.fetch = async (...call) => {
  polls.asked += 1;
  const answer = await ask(...call);
  if (answer.status === 304) polls.unchanged += 1;
  return answer;
};
"""


@contextlib.contextmanager
def polling_often(driver):
    """Views that are opened meanwhile ask again after moments, and count in ``polls`` how often."""
    add = "Page.addScriptToEvaluateOnNewDocument"
    added = driver.execute_cdp_cmd(add, {"source": _SHORT_PAUSES})
    try:
        yield
    finally:
        driver.execute_cdp_cmd("Page.removeScriptToEvaluateOnNewDocument", added)


def hide(driver, is_hidden):
    """Let the view take its tab for hidden or seen; how often it has asked until then."""
    return driver.execute_script(
        "const isHidden = arguments[0];"
        "Object.defineProperty(document, 'hidden', {configurable: true, get: () => isHidden});"
        "return polls.asked",
        is_hidden,
    )
