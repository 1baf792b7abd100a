"""A browser walks every view of a real server: scripts, accessibility, times, refreshing."""

import pytest

from tests.pages import browser

pytestmark = browser.NEEDED


def test_every_view_is_right_in_a_browser(operator, driver, views, database):
    driver.get("about:blank")
    browser.complaints(driver)  # those of pages before
    found = []
    for name, path in views.items():
        operator.open(path)
        if database == "sqlite":  # what axe-core looks at is the same on every database
            found += [(name, *one) for one in browser.violations(driver)]
        is_wide = driver.execute_script(
            "return document.documentElement.scrollWidth > window.innerWidth"
        )
        assert not is_wide, f"{name} is wider than the window"
    complaints = [line for line in browser.complaints(driver) if "nothing-here" not in line]

    assert found == []
    assert complaints == []


@pytest.mark.no_database
def test_narrow_and_dark_views_are_right_as_well(operator, driver, views):
    browser.look(driver, is_dark=True, width=390)
    try:
        for name in ("overview", "hostile-instance", "incidents", "modification", "task"):
            operator.open(views[name])
            wide = driver.execute_script("return document.documentElement.scrollWidth")

            assert wide <= 390, name
            assert browser.violations(driver) == [], name
    finally:
        browser.look(driver, width=1280)


def test_an_act_asks_for_what_is_needed_and_is_accessible(operator, driver, views):
    operator.open(views["instance"])
    operator.press_button("Cancel")
    operator.until(lambda: operator.find("dialog[open]"), "a dialog")

    assert browser.violations(driver) == []
    assert operator.find("#act-sure").get_attribute("required")
    assert "curl -X DELETE" in operator.find("dialog .curl code").get_attribute("textContent")
    operator.press(operator.find("dialog [data-closes]"))
    operator.is_done()
    assert driver.switch_to.active_element.text == "Cancel"


@pytest.mark.no_database
def test_times_are_shown_in_the_zone_of_the_viewer(operator, driver, views):
    driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": "Asia/Tokyo"})
    try:
        operator.open(views["instance"])
        time = operator.find("time[datetime]:not([data-age])")
        title = time.get_attribute("title")
        hour = (int(title[11:13]) + 9) % 24

        assert title == time.get_attribute("datetime")
        shown = f"{(hour - 1) % 12 + 1}:{title[14:19]}"
        assert shown in time.get_attribute("textContent")
    finally:
        driver.execute_cdp_cmd("Emulation.setTimezoneOverride", {"timezoneId": ""})


def test_a_view_is_refreshed_while_one_looks_at_it(operator, served, known):
    instance = known["orders"][7]
    with browser.polling_often(operator.driver):
        operator.open(f"/ui/process-instance/{instance}")
    operator.driver.execute_script("document.querySelector('h1').dataset.same = 'yes'")
    before = len(operator.all("#external-tasks tbody tr"))

    body = {"instructions": [{"type": "startBeforeActivity", "activityId": "ship"}]}
    served.call("POST", f"/process-instance/{instance}/modification", body)

    operator.until(
        lambda: len(operator.all("#external-tasks tbody tr")) == before + 1, "the new task"
    )
    assert operator.find("h1").get_attribute("data-same") == "yes"


@pytest.mark.no_database
def test_a_view_asks_for_what_it_has_by_its_etag_and_not_at_all_when_hidden(operator, views):
    driver = operator.driver
    with browser.polling_often(driver):
        operator.open(views["instance"])

    def polls(name):
        return driver.execute_script(f"return polls.{name}")

    operator.until(lambda: polls("unchanged") > 1, "answers without a body")
    asked = browser.hide(driver, True)
    ticks = polls("ticks")
    operator.until(lambda: polls("ticks") > ticks + 3, "its time to come some times")
    assert polls("asked") == asked

    browser.hide(driver, False)
    operator.until(lambda: polls("asked") > asked + 1, "it to be asked for again")


@pytest.mark.no_database
def test_the_keyboard_leads_past_the_menu(operator, driver, views):
    from selenium.webdriver.common.keys import Keys

    operator.open(views["overview"])
    operator.find("body").send_keys(Keys.TAB)
    first = driver.switch_to.active_element

    assert first.text == "Skip to content"
    first.send_keys(Keys.ENTER)
    assert driver.switch_to.active_element.get_attribute("id") == "content"
