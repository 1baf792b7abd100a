"""Bytes that an operation adds to the database's log: rows and entries of indexes."""

from statistics import median

from tests.benchmarks.wal import bytes_of_operations

MOST = {"start": 7_900, "complete-first": 7_400, "complete-last": 5_100}


def test_an_operation_writes_few_bytes(postgres_url):
    found = bytes_of_operations(postgres_url, 30)

    # the median: what the server does meanwhile, and splits of pages, are in some of them alone
    medians = {name: median(sizes) for name, sizes in found.items()}
    print(medians)
    assert {name: size for name, size in medians.items() if size > MOST[name]} == {}
