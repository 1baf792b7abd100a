"""Answers about the server itself, and those that every resource has."""

from .answers import TEXT, Answer, Many, constant, integer, part, text

count = Answer("Count", integer("count", is_nullable=False))
engine = Answer("Engine", text("name", is_nullable=False))
health = Answer("Health", constant("status", TEXT, "UP"))
link = Answer("Link", text("method", "href", "rel", is_nullable=False))
_readiness = (
    *text("status", is_nullable=False),
    *integer("database_millis", is_nullable=False),
)
engine_readiness = Answer("EngineReadiness", text("name", is_nullable=False), _readiness)
readiness = Answer(
    "Readiness", _readiness, part("engines", Many(engine_readiness), is_optional=True)
)
version = Answer("Version", text("version", is_nullable=False))
