"""Log-in in a browser, and what a user may not do there."""

import pytest

from tests.pages import browser, readers
from tests.pages.operator import Operator

pytestmark = browser.NEEDED


@pytest.mark.no_database
def test_who_logs_in_acts_as_that_user_and_is_gone_after_log_out(driver, guarded):
    operator = Operator(driver, guarded)
    path = f"/ui/process-instance/{guarded.instance}"

    operator.log_in("nobody", "wrong")
    refusal = operator.find("[role=alert]").text
    operator.log_in("root", readers.PASSWORD)
    operator.open(path)
    operator.act("Suspend")
    operator.is_done()
    operator.press_button("Log out", ".who")
    operator.is_at("/ui/login")
    operator.open(path)
    operator.is_at("/ui/login")

    assert "There is no user with this password" in refusal
    assert guarded.call("GET", f"/process-instance/{guarded.instance}")[1]["suspended"] is True
    assert driver.get_cookie("baton_session") is None


@pytest.mark.no_database
def test_what_a_user_may_not_do_says_why_when_it_is_pressed(driver, guarded):
    operator = Operator(driver, guarded)
    operator.log_in(readers.READER, readers.PASSWORD)
    operator.open(f"/ui/process-instance/{guarded.instance}")

    button = operator.button("Cancel")
    violations = browser.violations(driver)
    operator.press(button)
    toast = operator.until(lambda: operator.find(".toast").text, "to be told")
    driver.delete_all_cookies()

    assert violations == []
    assert "You may not do this." in toast
    assert "'DELETE' permission" in toast
    assert operator.all("dialog") == []
    assert button.get_attribute("aria-disabled") == "true"
