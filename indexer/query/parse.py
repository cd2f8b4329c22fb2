"""What a person typed goes in, a Query comes out: its tree, what to mark, what to ask in words, and notices.

It never raises: what it cannot read it takes literally and says so. docs/query-language.md tells the language.
In the tree every Not is the child of an And that has a child which is none; an And or Or has two children or more.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from itertools import groupby
from typing import TypeVar

from indexer.query import fields, signs
from indexer.query.lexer import Token, tokens
from indexer.query.nodes import And, Everything, FieldIs, InSentence, Near, Node, Not, Or, Query, Text
from indexer.text import aliases as names
from indexer.text import numerals
from indexer.text.fold import fold, table

T = TypeVar("T")
MAX_LENGTH = 10_000
# A plain query is no longer: nothing of it may have to be left out.
MAX_PLAIN = 100
MAX_PARTS = 10
MAX_WITHIN = 1_000
MAX_NOTICES = 10
MIN_ALIAS = 3
SHOWN_ALIASES = 5


def parse(text: str, *, expand: bool = True, aliases: Mapping[str, tuple[str, ...]] | None = None) -> Query:
    """Read a query.

    Args:
        text: What was typed, of any length and content.
        expand: Whether a chunk that is an alias also finds the other names of the same thing, and one with a
            numeral its other form.
        aliases: Other names by folded name, instead of those of the package.
    """
    known = names.others if aliases is None else lambda stream: aliases.get(stream, ())
    streams = tuple(dict.fromkeys(text.split())) if len(text) <= MAX_PLAIN and _plain().fullmatch(text) else ()
    others = [name for one in streams for name in known(one) if len(name) >= MIN_ALIAS] if expand else []
    if streams and not others:
        parts = tuple([Text(one, one) for one in streams])
        return Query(parts[0] if len(parts) == 1 else And(parts), streams, " ".join(streams), ())
    parser = _Parser(known, numerals.other_forms) if expand else _Parser(_none, _none)
    if len(text) > MAX_LENGTH:
        parser.notice(f"查询超过 {MAX_LENGTH} 字，只读前 {MAX_LENGTH} 字")
    if streams:
        node = _together([parser.aliased(chunk) for chunk in streams])
    else:
        parser.tokens = tokens(signs.seen(text[:MAX_LENGTH]), parser.notice)
        node = parser.all_of()
    if isinstance(node, And) and isinstance(node.children[0], Everything):
        parser.notice("查询只有要排除的内容，列出的是其余全部")
    return Query(node, _unique(parser.terms), " ".join(_unique(parser.plain)), _unique(parser.notices))


@cache
def _plain() -> re.Pattern[str]:
    """Return what most people type: spaces and ideographs that fold to themselves, without a numeral or a sign."""
    folds = table()
    kept = (c for c in range(0x4E00, 0xA000) if folds[c] == c and chr(c) not in numerals.SIGNS)
    ranges = [list(run) for _, run in groupby(enumerate(kept), lambda pair: pair[1] - pair[0])]
    return re.compile("[ " + "".join(f"{chr(run[0][1])}-{chr(run[-1][1])}" for run in ranges) + "]+")


def _none(stream: str) -> tuple[str, ...]:
    return ()


class _Parser:
    def __init__(
        self, aliases: Callable[[str], tuple[str, ...]], other_numerals: Callable[[str], tuple[str, ...]]
    ) -> None:
        self.aliases = aliases
        self.numerals = other_numerals
        self.tokens: list[Token] = []
        self.place = 0
        self.excluded = False
        self.terms: list[str] = []
        self.plain: list[str] = []
        self.notices: list[str] = []

    def notice(self, text: str) -> None:
        if len(self.notices) < MAX_NOTICES:
            self.notices.append(text)

    def _kind(self) -> str:
        return self.tokens[self.place].kind if self.place < len(self.tokens) else ""

    def _take(self) -> Token:
        self.place += 1
        return self.tokens[self.place - 1]

    def all_of(self) -> Node:
        """Read up to the end of the group: everything in it must hold."""
        children = []
        while self._kind() not in ("", "close"):
            children.append(self._one_of())
        return _together(children)

    def _one_of(self) -> Node:
        """Read neighbours joined by OR, which binds closer than a space."""
        first = self._unary()
        if self._kind() != "or":
            return first
        children = [first]
        while self._kind() == "or":
            self._take()
            children.append(self._unary())
        return _or(children)

    def _unary(self) -> Node:
        before = self.excluded
        while self._kind() == "not":
            self._take()
            self.excluded = not self.excluded
        negated = self.excluded != before
        node = self._primary()
        self.excluded = before
        return _not(node) if negated else node

    def _primary(self) -> Node:
        token = self._take()
        if token.kind == "open":
            node = self.all_of()
            self.place += self._kind() == "close"
            return node
        if token.kind == "field":
            return self._field(token)
        if self._kind() == "star":
            return self._chain(token)
        return self._string(token) if token.kind == "string" else self._chunk(token)

    def _field(self, token: Token) -> Node:
        assert token.field is not None
        node = fields.value(token.field, token.text)
        if node is None:
            self.notice(f"“{_short(token.raw)}”已按原文查找：{token.field.name}的写法为{token.field.takes}")
            return self._text(token.raw)
        if not fields.known(token.field, node):
            self.notice(f"没有“{_short(token.text)}”这种{token.field.name}，可用的有：{token.field.takes}")
        if isinstance(node, FieldIs) and node.field == "department":
            _, needed = self._others(node.value, token.text, self.numerals(node.value))
            return _or([node, *(FieldIs("department", name) for name in needed)])
        return node

    def _chain(self, token: Token) -> Node:
        """Read x*y*z, each a chunk or a string."""
        parts = _parts(token)
        while self._kind() == "star":
            self._take()
            parts += _parts(self._take())
        return self._sentence(parts)

    def _string(self, token: Token) -> Node:
        if token.within is None:
            return self._text(token.text)
        parts = token.text.split()
        if len(parts) < 2:
            self.notice(f"“{_short(token.raw)}”只有一段，不计距离")
            return self._text(token.text)
        within = min(token.within, MAX_WITHIN)
        if within < token.within:
            self.notice(f"距离最多 {MAX_WITHIN} 字，已按 {MAX_WITHIN} 字查找")
        return Near(self._streams(parts), within)

    def _chunk(self, token: Token) -> Node:
        if "*" in signs.plain(token.text):
            parts = _parts(token)
            if len(parts) > 1:
                return self._sentence(parts)
            self.notice(f"“*”只用在两段文字之间，“{_short(token.raw)}”已按原文查找")
        return self.aliased(token.text)

    def aliased(self, text: str) -> Node:
        """Return a chunk, or it and its other names, as they are told."""
        node = self._text(text)
        numerals = self.numerals(node.stream)
        streams, needed = self._others(node.stream, text, numerals)
        if not self.excluded:
            self.terms += streams
            # The words of a numeral's other form count, too: 第34次 has 34, 第三十四次 has not.
            self.plain += numerals[:1]
        if not needed:
            return node
        return _or([node, *(Text(stream, stream, other=True) for stream in needed)])

    def _others(self, stream: str, text: str, numerals: tuple[str, ...]) -> tuple[list[str], list[str]]:
        """Return the other names that may be marked, and those of them that find what the rest does not."""
        known = self.aliases(stream) + numerals
        if not known:
            return [], []
        others = {fold(other): other for other in known}
        # 计委 stands in 审计委员会, too: what is so short would find more strangers than friends.
        streams = [name for name in others if len(name) >= MIN_ALIAS]
        # What holds a shorter name of the same thing is found by that one.
        needed = [s for s in streams if not any(t in s and t != s for t in (stream, *streams))]
        if not needed:
            return [], []
        listed = "、".join(others[name] for name in streams[:SHOWN_ALIASES])
        more = f"等 {len(streams)} 个名称" if len(streams) > SHOWN_ALIASES else ""
        self.notice(f"“{_short(text)}”也查找：{listed}{more}")
        return streams, needed

    def _text(self, text: str) -> Text:
        stream = fold(text)
        if not self.excluded:
            self.terms.append(stream)
            self.plain.append(stream)
        return Text(stream, text.strip())

    def _sentence(self, parts: list[str]) -> Node:
        return InSentence(self._streams(parts))

    def _streams(self, parts: list[str]) -> tuple[str, ...]:
        """Fold what was typed, and keep it for marks and words unless it is to be excluded."""
        if len(parts) > MAX_PARTS:
            self.notice(f"一组最多 {MAX_PARTS} 段，其余已略去")
        streams = tuple(fold(part) for part in parts[:MAX_PARTS])
        if not self.excluded:
            self.terms += streams
            self.plain += streams
        return streams


def _parts(token: Token) -> list[str]:
    """Return the parts of a chunk between its stars, the whole chunk where one is empty; a string is one part."""
    parts = re.split(r"[*＊∗﹡]", token.text) if token.kind == "text" else []
    return parts if parts and all(parts) else [token.text]


def _together(children: list[Node]) -> Node:
    """Return what all of the nodes say; one needs no And, but for a Not alone."""
    return children[0] if len(children) == 1 and not isinstance(children[0], Not) else _and(children)


def _and(children: Iterable[Node]) -> Node:
    flat = [c for child in children for c in (child.children if isinstance(child, And) else (child,))]
    nodes: tuple[Node, ...] = _unique(c for c in flat if not isinstance(c, Everything))
    if all(isinstance(node, Not) for node in nodes):
        nodes = (Everything(), *nodes)
    return nodes[0] if len(nodes) == 1 else And(nodes)


def _or(children: Iterable[Node]) -> Node:
    positive = (_and([child]) if isinstance(child, Not) else child for child in children)
    nodes = _unique(c for child in positive for c in (child.children if isinstance(child, Or) else (child,)))
    return nodes[0] if len(nodes) == 1 else Or(nodes)


def _not(node: Node) -> Node:
    if isinstance(node, Not):
        return node.child
    if isinstance(node, And) and len(node.children) == 2 and isinstance(node.children[0], Everything):
        return _not(node.children[1])
    return Not(node)


def _unique(values: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(values))


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
