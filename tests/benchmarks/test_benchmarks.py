"""The quick form of the benchmarks: figures are printed, limits are ten times looser than goals."""

import pytest

from app.store.lists import LISTINGS

from . import budgets, measures, pages, polls
from .__main__ import (
    FETCHED,
    FLAT,
    GOALS,
    GUARDED,
    HAND_OUT,
    LIST,
    MEGABYTES,
    POLLS_MEGABYTES,
    SECONDS,
    STATISTICS,
    VIEW,
)


@pytest.fixture
def second_url(postgres, postgres_template):
    """Another fresh database."""
    yield postgres.create("baton_filled", postgres_template)
    postgres.drop("baton_filled")


def test_starts_and_completions_are_within_reach_of_the_bare_stack(postgres_url):
    figures = measures.throughput(postgres_url, 200)

    print({name: round(value, 1) for name, value in figures.items()})
    for name, goal in GOALS.items():
        assert figures[name] / figures["ceiling"] > goal / 10
    assert figures["lock-check"] > FETCHED / 10
    assert figures["memory"] < MEGABYTES * 10


def test_who_asks_costs_little(postgres, postgres_template):
    urls = [postgres.create(f"baton_{name}", postgres_template) for name in measures.ACCESS]
    figures = measures.access(urls, count=60, rounds=1)
    for name in measures.ACCESS:
        postgres.drop(f"baton_{name}")

    print({name: {n: round(v) for n, v in some.items()} for name, some in figures.items()})
    for name, share in GUARDED.items():
        for phase, plain in figures["none"].items():
            assert figures[name][phase] / plain > share / 10, (name, phase)


def test_polls_that_wait_cost_little_and_are_answered_soon(postgres_url):
    figures = polls.measure(postgres_url, 200, tries=5, rounds=1, tasks=30)

    print({name: round(value, 2) for name, value in figures.items()})
    assert figures["memory"] < POLLS_MEGABYTES * 10
    assert figures["hand_out"] < HAND_OUT * 50
    assert figures["completes"] > 0.05


def test_a_server_answers_soon_after_it_was_started(postgres_url):
    seconds = measures.start_seconds(postgres_url)

    print(f"first 200 after {seconds:.2f} s")
    assert seconds < SECONDS * 10


def test_a_filled_database_is_as_fast_as_an_empty_one(postgres_url, second_url):
    ratios = measures.flat((postgres_url, second_url), pairs=1, count=60, share=0.02)
    empty, full = measures.buffers(postgres_url), measures.buffers(second_url)

    print({name: round(ratio, 2) for name, ratio in ratios.items()}, empty, full)
    assert min(ratios.values()) > FLAT / 10
    # Or a few for each task of a fetch: an empty database may just have been vacuumed.
    assert all(full[name] <= max(2 * pages, 8 * 20) for name, pages in empty.items())


def test_lists_and_statistics_answer_soon_where_there_is_much(postgres_url):
    store = budgets.filled_store(postgres_url, share=0.02)
    try:
        counted, listed = budgets.of_statistics(store), budgets.of_lists(store)
        viewed = pages.of_views(postgres_url, store)
    finally:
        store.close()

    print({name: round(median, 1) for name, median in {**counted, **listed}.items()})
    assert max(counted.values()) < STATISTICS * 10
    assert max(listed.values()) < LIST * 10
    assert max(median for median, _ in viewed.values()) < VIEW * 10
    assert max(size for _, size in viewed.values()) < pages.HEAVIEST
    assert {name.partition(" ")[0] for name in listed} == set(LISTINGS)
