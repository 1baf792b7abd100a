"""The type of a compiled part of an expression."""

from collections.abc import Callable
from typing import TypeAlias

from app.feel.scope import Scope
from app.feel.syntax import Node

Code: TypeAlias = Callable[[Scope], object]
Compile: TypeAlias = Callable[[Node], Code]
