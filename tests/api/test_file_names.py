"""The names of files, in all the ways that clients write them."""

import pytest

from app.api.file_names import BYTES, file_name, shortened

pytestmark = pytest.mark.no_database


@pytest.mark.parametrize("disposition", [None, "", "form-data; filename*=utf-8''a.txt"])
def test_what_is_no_file_has_no_name(disposition):
    assert file_name(disposition, None) is None


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("filename*=utf-8''%C3%A4.txt", "ä.txt"),
        ("filename*=UTF-8'en'a%20b.txt", "a b.txt"),
        ("FILENAME* = \"utf-8''a;b\"", "a"),
        ("filename*=''plain.txt", "plain.txt"),
        ("filename*=iso-8859-1''%E4.txt", "ä.txt"),
        ("filename*=utf-8''%FF.txt", "\ufffd.txt"),
        ("filename*=utf-8''%.txt", "%.txt"),
        ("filename*=nothing''a.txt", "other.txt"),
        ("filename*=idna''%FF.txt", "other.txt"),
        ("filename*=zlib''a.txt", "other.txt"),
        ("filename*=undefined''a.txt", "other.txt"),
        ("filename*=utf-8'a.txt", "other.txt"),
    ],
)
def test_the_extended_name_is_in_the_charset_that_it_names(written, name):
    assert (
        file_name(f'form-data; name="data"; filename="other.txt"; {written}', "other.txt") == name
    )


@pytest.mark.parametrize(
    ("plain", "name"),
    [
        ("a.txt", "a.txt"),
        ("", ""),
        ("=?utf-8?B?w6QudHh0?=", "ä.txt"),
        ("=?UTF-8?q?=C3=A4.txt?=", "ä.txt"),
        ("=?nothing?B?w6QudHh0?=", "=?nothing?B?w6QudHh0?="),
        ("=?utf-8?x?w6QudHh0?=", "=?utf-8?x?w6QudHh0?="),
        ("=?utf-8?B?w?=", "=?utf-8?B?w?="),
        ("a?=b", "a?=b"),
    ],
)
def test_words_that_are_encoded_are_read(plain, name):
    assert file_name("form-data; name=data", plain) == name


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("a" * BYTES, "a" * BYTES),
        ("a" * BYTES + ".txt", "a" * (BYTES - 4) + ".txt"),
        ("ä" * BYTES + ".txt", "ä" * 125 + ".txt"),
        ("." + "a" * BYTES, "." + "a" * (BYTES - 1)),
        ("a." + "b" * BYTES, "a." + "b" * (BYTES - 2)),
    ],
)
def test_a_name_that_is_too_long_for_files_keeps_its_ending(name, kept):
    assert shortened(name) == kept
