"""Answers about the server itself, and those that every resource has."""

from .answers import TEXT, Answer, constant, integer, text

count = Answer("Count", integer("count", is_nullable=False))
engine = Answer("Engine", constant("name", TEXT, "default"))
health = Answer("Health", constant("status", TEXT, "UP"))
link = Answer("Link", text("method", "href", "rel", is_nullable=False))
readiness = Answer(
    "Readiness",
    text("status", is_nullable=False),
    integer("database_millis", is_nullable=False),
)
version = Answer("Version", text("version", is_nullable=False))
