"""A primary that goes and a standby that takes its place: nothing is lost, and all goes on."""

from tests.benchmarks.failover import promotions


def test_what_was_answered_outlives_its_primary_and_the_server_is_back_by_itself():
    # one primary is stopped, the other refuses writes
    answered, lost, seconds = promotions(2)

    print(f"{answered} answered; again after {seconds} s")
    assert answered >= 40
    assert lost == set()
    assert max(seconds) < 50  # ten times what is wanted
