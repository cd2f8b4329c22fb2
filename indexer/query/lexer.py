"""What was typed goes in, tokens come out, with notices of what is taken literally; no tree, no field's value.

A sign works only where a chunk begins or ends: 2024-2026, A-B and 办法（试行） are chunks as they stand.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from indexer.query import signs as sign
from indexer.query.fields import FIELDS, Named
from indexer.text.fold import fold

Kind = Literal["text", "string", "field", "or", "and", "not", "star", "open", "close"]
WORDS: dict[str, Kind] = {"OR": "or", "AND": "and", "NOT": "not"}
OPERANDS = ("text", "string", "field")
NAME = re.compile(r"([^\s:|()*\"“”]{1,12}):")
# Where a chunk may end; whether it does, `_end` decides.
STOP = re.compile(r"[ |)*]")
MAX_TOKENS = 200
MAX_DEPTH = 20


@dataclass(frozen=True, slots=True)
class Token:
    """One token: `raw` as typed, `text` what it says (a string without its marks, a field's value)."""

    kind: Kind
    raw: str
    text: str = ""
    within: int | None = None
    field: Named | None = None


def tokens(text: str, notice: Callable[[str], None]) -> list[Token]:
    """Cut a query into tokens; every operator among them has what it needs beside it, every group its end."""
    lexer = _Lexer(text, notice)
    return _checked(lexer.read(), notice)


class _Lexer:
    def __init__(self, text: str, notice: Callable[[str], None]) -> None:
        self.text = text
        self.signs = sign.plain(text)
        self.notice = notice
        self.strings = sign.strings(self.signs)
        self.pairs = sign.brackets(self.signs, self.strings)
        self.closing: list[int] = []
        self.found: list[Token] = []
        self.place = 0

    def read(self) -> list[Token]:
        while self.place < len(self.signs):
            if len(self.found) >= MAX_TOKENS:
                self.notice(f"查询过长，只用前 {MAX_TOKENS} 段")
                break
            self._next()
        return _filled([*self.found, *[Token("close", ")")] * len(self.closing)])

    def _next(self) -> None:
        character, place = self.signs[self.place], self.place
        following = self.signs[place + 1 : place + 2]
        if character == " ":
            self.place += 1
        elif character == "|":
            self._take("or", len(self.signs[place:]) - len(self.signs[place:].lstrip("|")))
        elif character == "(" and self._groups(place):
            self.closing.append(self.pairs[place])
            self._take("open", 1)
        elif self.closing and place == self.closing[-1]:
            self.closing.pop()
            self._take("close", 1)
        elif place in self.strings:
            self._string()
        elif character == "-" and following and following not in " -|)*":
            self._take("not", 1)
        elif character == "*" and self.found and (following in (" ", "") or place + 1 in self.strings):
            self._take("star", 1)
        else:
            self._chunk()

    def _take(self, kind: Kind, length: int) -> None:
        self.found.append(Token(kind, self.text[self.place : self.place + length]))
        self.place += length

    def _groups(self, place: int) -> bool:
        """Tell whether a bracket at the beginning of a chunk groups: （试行）办法 is a chunk, (甲 OR 乙) a group."""
        end = self.pairs.get(place)
        if end is None or len(self.closing) >= MAX_DEPTH or not self.signs[place + 1 : end].strip():
            return False
        if end + 1 < len(self.signs) and self.signs[end + 1] not in " |" and end + 1 not in self.closing:
            return False
        return not self._aside(place, end)

    def _aside(self, place: int, end: int) -> bool:
        """Tell whether this is （试行） standing alone: full-width brackets round one chunk, no operand of a sign."""
        if self.text[place] != "（" or self.closing or re.search(r"[ |(*:\"“”]|^-", self.signs[place + 1 : end]):
            return False
        if self.found and self.found[-1].kind in ("or", "not"):
            return False
        if re.compile(r" {0,9}(\||OR )").match(self.signs, end + 1):
            return False
        self.notice(f"“{_short(self.text[place : end + 1])}”连同括号按原文查找")
        return True

    def _string(self) -> None:
        start, end = self.place, self.strings[self.place]
        near = sign.NEAR.match(self.signs, end + 1)
        self.place = near.end() if near else end + 1
        token = Token("string", self.text[start : self.place], self.text[start + 1 : end])
        if not token.text.strip():
            self.notice("引号里没有内容，已略去")
            return
        self.found.append(replace(token, within=int(near[1])) if near else token)
        if self.signs[self.place : self.place + 1] == "*" and not sign.ends(self.signs, self.place + 1):
            self._take("star", 1)

    def _chunk(self) -> None:
        start = self.place
        name = NAME.match(self.signs, start)
        if name and (field := FIELDS.get(fold(name[1]))) and self._field(field, name.end()):
            return
        self.place = self._end(start)
        raw = self.text[start : self.place]
        kind = WORDS.get(self.signs[start : self.place])
        if kind is None:
            self._odd(start, raw)
        self.found.append(Token(kind or "text", raw, raw))

    def _field(self, field: Named, value: int) -> bool:
        """Read a field's value, which may stand behind white space; False if there is none."""
        while self.signs[value : value + 1] == " ":
            value += 1
        end = self.strings.get(value)
        text = self.text[value + 1 : end]
        after = self._end(value) if end is None else end + 1
        if end is None:
            text = self.text[value:after]
        if not text.strip() or self.signs[value:after] in WORDS:
            self.notice(f"“{field.name}：”后面没有内容，已按原文查找")
            return False
        self.found.append(Token("field", self.text[self.place : after], text, field=field))
        self.place = after
        return True

    def _end(self, start: int) -> int:
        """Return where a chunk ends: at white space, at |, at the end of its group, or before * and a string."""
        for stop in STOP.finditer(self.signs, start):
            place, character = stop.start(), stop.group()
            if character == ")" and not (self.closing and place == self.closing[-1]):
                continue
            if character == "*" and (place == start or place + 1 not in self.strings):
                continue
            return place
        return len(self.signs)

    def _odd(self, start: int, raw: str) -> None:
        if self.signs[start] in sign.QUOTES:
            self.notice(f"引号没有成对，“{_short(raw)}”已按原文查找")
        elif self.signs.count("(", start, self.place) != self.signs.count(")", start, self.place):
            self.notice(f"括号没有成对，“{_short(raw)}”已按原文查找")
        elif raw[0] in "-－" and not raw.strip("-－"):
            self.notice(f"“{_short(raw)}”后面没有内容，已按原文查找")


def _filled(found: list[Token]) -> list[Token]:
    """Leave out groups in which nothing is left."""
    kept: list[Token] = []
    for token in found:
        if token.kind == "close" and kept and kept[-1].kind == "open":
            kept.pop()
        else:
            kept.append(token)
    return kept


def _checked(found: list[Token], notice: Callable[[str], None]) -> list[Token]:
    """Make text of every operator that lacks something beside it; AND says what a space says, and goes."""
    kept: list[Token] = []
    for index, token in enumerate(found):
        after = _reach(found, index + 1)
        before = kept[-1].kind if kept else ""
        if token.kind in ("or", "and"):
            fits = before in (*OPERANDS, "close") and after in (*OPERANDS, "open")
        elif token.kind == "star":
            fits = before in ("text", "string") and found[index + 1 : index + 2] != [] and _plain(found[index + 1])
        else:
            fits = token.kind != "not" or after in (*OPERANDS, "open")
        if not fits:
            notice(f"“{_short(token.raw)}”前后缺少内容，已按原文查找")
            token = Token("text", token.raw, token.raw)
        if token.kind != "and":
            kept.append(token)
    return kept


def _reach(found: list[Token], index: int) -> str:
    """Return the kind of the next token that is no NOT, "" at the end."""
    while index < len(found) and found[index].kind == "not":
        index += 1
    return found[index].kind if index < len(found) else ""


def _plain(token: Token) -> bool:
    return token.kind in ("text", "string")


def _short(text: str) -> str:
    return text if len(text) <= 20 else text[:20] + "…"
