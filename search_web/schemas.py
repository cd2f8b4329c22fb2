"""Types in, JSON Schema (2020-12) out: typed dicts and the dataclasses of `model` as named components.

Dataclasses are described as `indexer.wire` writes them: days as ISO strings, pairs of names as an object.
"""

from __future__ import annotations

from dataclasses import is_dataclass
from datetime import date
from types import NoneType, UnionType
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from indexer.model import Document, Meeting

Schema = dict[str, Any]
_PLAIN: dict[Any, Schema] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    float: {"type": "number"},
    bool: {"type": "boolean"},
    NoneType: {"type": "null"},
    date: {"type": "string", "format": "date"},
}
_NAMES = tuple[tuple[str, str], ...]  # short names: an object in the wire form
_KINDS = {Meeting: "meeting", Document: "document"}


class Components:
    """The named schemas that a description refers to, in the order met."""

    def __init__(self) -> None:
        self.schemas: dict[str, Schema] = {}

    def of(self, kind: Any) -> Schema:
        """Return the schema of a type; a named one as a reference."""
        origin, arguments = get_origin(kind), get_args(kind)
        if kind in _PLAIN:
            return dict(_PLAIN[kind])
        if kind == _NAMES:
            return {"type": "object", "additionalProperties": {"type": "string"}}
        if origin is NotRequired:
            return self.of(arguments[0])
        if origin is Literal:
            return {"type": "string", "enum": list(arguments)}
        if origin in (Union, UnionType):
            return {"anyOf": [self.of(one) for one in arguments]}
        if origin is dict:
            return {"type": "object", "additionalProperties": self.of(arguments[1])}
        if origin is list or (origin is tuple and arguments[-1] is Ellipsis):
            return {"type": "array", "items": self.of(arguments[0])}
        if origin is tuple:
            size = len(arguments)
            return {"type": "array", "prefixItems": [self.of(a) for a in arguments], "minItems": size, "maxItems": size}
        return self._named(kind)

    def _named(self, kind: type) -> Schema:
        name = kind.__name__
        if name not in self.schemas:
            self.schemas[name] = {}  # its place, should it refer to itself
            self.schemas[name] = self._object(kind)
        return {"$ref": f"#/components/schemas/{name}"}

    def _object(self, kind: Any) -> Schema:
        if not is_typeddict(kind) and not is_dataclass(kind):
            raise TypeError(f"no schema for {kind!r}")
        hints = get_type_hints(kind, include_extras=True)
        members = {name: self.of(hint) for name, hint in hints.items()}
        every = getattr(kind, "__total__", True)
        # __required_keys__ does not see NotRequired where annotations are strings.
        required = [name for name, hint in hints.items() if every and get_origin(hint) is not NotRequired]
        if kind in _KINDS:
            members = {"type": {"type": "string", "const": _KINDS[kind]}, **members}
            required = []  # `fields` chooses from a record
        told: Schema = {"type": "object", "properties": members, "additionalProperties": False}
        if required:
            told["required"] = required
        if kind.__doc__:
            told["description"] = " ".join(kind.__doc__.split())
        return told
