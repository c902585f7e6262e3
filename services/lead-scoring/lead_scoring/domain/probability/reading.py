"""How a document is read: each value with its place, so that what is wrong can be named."""

import math
from collections.abc import Mapping
from dataclasses import dataclass


class WrongDocument(ValueError):
    """A document that is no model: the place, and what was expected there."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value of a document and where it stands."""

    place: str
    value: object

    def at(self, name: str) -> "Node":
        """A field. Raises `WrongDocument` when it is not there."""
        fields = mapping(self)
        if name not in fields:
            raise WrongDocument(f"{self.place}.{name} is missing")
        return fields[name]


def mapping(node: Node) -> Mapping[str, Node]:
    """The fields of an object."""
    if not isinstance(node.value, Mapping):
        raise WrongDocument(f"{node.place} must be an object")
    return {str(name): Node(f"{node.place}.{name}", one) for name, one in node.value.items()}


def sequence(node: Node) -> tuple[Node, ...]:
    """The values of a list."""
    if not isinstance(node.value, list | tuple):
        raise WrongDocument(f"{node.place} must be a list")
    return tuple(Node(f"{node.place}[{at}]", one) for at, one in enumerate(node.value))


def text(node: Node) -> str:
    """A text."""
    if not isinstance(node.value, str):
        raise WrongDocument(f"{node.place} must be a text")
    return node.value


def number(node: Node) -> float:
    """A finite number."""
    value = node.value
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise WrongDocument(f"{node.place} must be a finite number")
    return float(value)


def numbers(node: Node) -> tuple[float, ...]:
    """A list of finite numbers."""
    return tuple(number(one) for one in sequence(node))


def integers(node: Node) -> tuple[int, ...]:
    """A list of whole numbers."""
    found = numbers(node)
    if any(one != int(one) for one in found):
        raise WrongDocument(f"{node.place} must hold whole numbers")
    return tuple(int(one) for one in found)
