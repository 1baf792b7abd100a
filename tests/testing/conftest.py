"""The fixtures that `app.testing` brings, as a project of its own would import them."""

from app.testing import engine, engine_process

__all__ = ["engine", "engine_process"]
