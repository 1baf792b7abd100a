"""Configurations that are read, and refusals."""

import pytest

from config import Config, ConfigError


def read(**environ):
    return Config.from_environ(environ)


def refusal(**environ):
    """The message that refuses these settings, which is one line."""
    with pytest.raises(ConfigError) as caught:
        read(**environ)
    assert "\n" not in str(caught.value)
    return str(caught.value)
