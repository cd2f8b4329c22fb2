"""One segment, open: its arrays as views on a memory map, and the look-ups that everything else is made of.

Numbers of passages count from 0 within the segment. Nothing here changes after opening but `alive`, which is given.
"""

from __future__ import annotations

import json
import re
from codecs import utf_16_le_decode, utf_32_le_decode
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from indexer.engines.passages import FIELDS
from indexer.engines.whoosh import arrays, streams
from indexer.engines.whoosh.columns import PATCHED, ROLL, id_hash
from indexer.engines.whoosh.postings import Postings
from indexer.engines.whoosh.streams import CELL, CELL_BITS, ESCAPES, FIRST_ESCAPE
from indexer.text.points import U32

EXTENSION = ".arr"
# Stands for the second character of a string that has one, in the keys of leaders (leaders.py).
ALONE = 0xFFFFFFFF
Ints = npt.NDArray[np.int64]


class Read(NamedTuple):
    """Passages read as one array: folded codes, and for each 16 of them the cell and which of the passages it is of."""

    codes: npt.NDArray[Any]
    cells: Ints
    owner: Ints


class Segment:
    """The passages, postings, records and columns of one segment file."""

    def __init__(
        self, path: Path, dead: frozenset[int] = frozenset(), made: Mapping[str, arrays.Array] | None = None
    ) -> None:
        """Open the file at `path`, or take the arrays that were just made for it."""
        self.path = path
        a: dict[str, Any] = dict(arrays.read(path) if made is None else made)
        self.arrays = a
        self.codes = a["codes"]
        self.cell = a["cell"]
        self.length = a["length"]
        self.cell_passage = a["cell_passage"]
        self.levels = a["levels"]
        self.heading = a["heading"]
        self.size = len(self.length)
        self.gram_keys = a["gram_keys"]
        self.grams = Postings("gram", a)
        self.words = Postings("word", a)
        self.word_lengths = a["word_lengths"]
        self.rec_first = a["rec_first"]
        self.rec_date = a["rec_date"]
        self.said = a["said"]
        self.dead = dead
        self.characters = int(a["totals"][0])

    @cached_property
    def alive(self) -> npt.NDArray[np.bool_] | None:
        """Which passages are not deleted; None where all are there."""
        if not self.dead:
            return None
        alive = np.ones(self.size, dtype=np.bool_)
        alive[list(self.dead)] = False
        return alive

    @cached_property
    def is_narrow(self) -> bool:
        """Whether codes have 16 bits, and lengths of passages 24."""
        return self.codes.dtype.itemsize == 2 and int(self.length.max(initial=0)) < 1 << 24

    @cached_property
    def common_levels(self) -> int:
        """The level bits that every passage has."""
        return int(np.bitwise_and.reduce(self.levels)) if self.size else 0

    @cached_property
    def has_roll(self) -> bool:
        """Whether any passage is a roll of attendance."""
        return bool((self.levels & ROLL).any())

    @cached_property
    def folds(self) -> streams.Codes:
        """Code -> folded code, in the width of the codes."""
        wide = self.codes.dtype.itemsize == 4
        table = streams.code_folds(self.arrays["astral"], wide)
        return table if wide else table.astype(np.uint16)

    @cached_property
    def record_of(self) -> U32:
        """The record of each passage."""
        counts = np.diff(self.rec_first.astype(np.int64))
        return np.repeat(np.arange(len(counts), dtype=np.uint32), counts)

    @cached_property
    def begun(self) -> npt.NDArray[np.uint64]:
        """For every 64 cells two numbers: in which of them a passage begins, a bit each, and how many began before.

        It tells the passage of a cell as `cell_passage` does, in a sixteenth of its size, which stays in the cache.
        """
        words = len(self.cell_passage) // 64 + 1
        begins = np.zeros(words * 64, dtype=np.bool_)
        begins[self.cell] = True
        bits = np.packbits(begins, bitorder="little").view("<u8")
        before = self.cell.searchsorted(np.arange(words, dtype=np.uint32) * np.uint32(64))
        return np.stack((bits, before.astype(np.uint64)), axis=1).reshape(-1)

    @property
    def said_first(self) -> Ints:
        """Where the sentences of each passage begin in `said`; one entry more than there are passages.

        Not kept: it is large, and asked for when a generation is opened.
        """
        return np.append(0, np.cumsum(self.arrays["said_many"], dtype=np.int64))

    def said_in(self, sentences: npt.NDArray[Any]) -> Ints:
        """Return the passages in which sentences (by their places in `said`) stand."""
        return np.asarray(self.said_first.searchsorted(sentences, side="right") - 1)

    # Text

    def text(self, passage: int) -> str:
        """Return a passage as it stands in the source."""
        cells, lengths, levels, codes, width = self._bare
        start = (cells[passage] << CELL_BITS) * width
        part = codes[start : start + lengths[passage] * width]
        text = utf_16_le_decode(part, "surrogatepass", True)[0] if width == 2 else utf_32_le_decode(part)[0]
        text = self.put_back(text)
        return self._patched(text, passage) if levels[passage] & PATCHED else text

    def put_back(self, text: str) -> str:
        """Return a text with the characters that its escapes stand for; its length stays."""
        return text.translate(self._escapes) if self._escaped and self._escaped.search(text) else text

    @cached_property
    def _bare(self) -> tuple[memoryview, memoryview, memoryview, memoryview, int]:
        """What a text is read from, without numpy: a hit reads ten of them, and a bare look-up takes a third."""
        codes = memoryview(self.codes).cast("B") if len(self.codes) else memoryview(b"")
        return memoryview(self.cell), memoryview(self.length), memoryview(self.levels), codes, self.codes.dtype.itemsize

    def _patched(self, text: str, passage: int) -> str:
        """Put back the white space that the stream leaves out."""
        first, at, code = self._patches
        begin, end = first[passage], first[passage + 1]
        if end == begin + 1:
            place = at[begin]
            return f"{text[:place]}{chr(code[begin])}{text[place:]}"
        parts: list[str] = []
        done = 0
        for place, space in zip(at[begin:end].tolist(), code[begin:end].tolist(), strict=True):
            parts += (text[done:place], chr(space))
            done = place
        parts.append(text[done:])
        return "".join(parts)

    @cached_property
    def _patches(self) -> tuple[memoryview, memoryview, memoryview]:
        """The white space that the stream leaves out: where that of each passage begins, its places, and what it is."""
        at, code = self.arrays["patch_at"], self.arrays["patch_code"]
        return memoryview(self.first_patch), memoryview(at), memoryview(code)  # type: ignore[arg-type]

    @cached_property
    def first_patch(self) -> U32:
        """Which patch is the first one of each passage; one entry more than there are passages."""
        return np.asarray(self.arrays["patch_passage"].searchsorted(np.arange(self.size + 1)).astype(np.uint32))

    @cached_property
    def first_lines(self) -> tuple[U32, Ints]:
        """The passages of several lines, and how many characters of their streams are in the first."""
        broken = np.flatnonzero(self.arrays["patch_code"] == ord("\n"))
        owners, first = np.unique(self.arrays["patch_passage"][broken], return_index=True)
        return owners, self.arrays["patch_at"][broken[first]].astype(np.int64)

    @cached_property
    def has_lines(self) -> bool:
        """Whether any passage has several lines."""
        return bool(len(self.first_lines[0]))

    def first_line(self, passages: npt.NDArray[Any]) -> Ints:
        """Return how many characters of each passage's stream are in its first line, 0 where it has no other."""
        owners, sizes = self.first_lines
        at = np.minimum(owners.searchsorted(passages), len(owners) - 1)
        return np.where(owners[at] == passages, sizes[at], 0)

    def stream(self, passage: int) -> str:
        """Return the folded stream of a passage."""
        start = int(self.cell[passage]) << CELL_BITS
        return self._spelled(self.folds[self.codes[start : start + int(self.length[passage])]])

    def _spelled(self, codes: Any) -> str:
        """Return codes as text."""
        if codes.dtype.itemsize == 4:
            return str(codes.tobytes(), "utf-32-le")
        return self.put_back(str(codes.tobytes(), "utf-16-le", "surrogatepass"))

    @cached_property
    def _escapes(self) -> dict[int, int]:
        return {FIRST_ESCAPE + i: int(point) for i, point in enumerate(self.arrays["astral"])}

    @cached_property
    def _escaped(self) -> re.Pattern[str] | None:
        """What finds an escape in a text, where the segment has any: nearly no text holds one."""
        last = FIRST_ESCAPE + len(self._escapes) - 1
        return re.compile(f"[{chr(FIRST_ESCAPE)}-{chr(last)}]") if self._escapes else None

    def query_codes(self, stream: str) -> list[int]:
        """Return the codes of a folded stream; -1 where this segment does not have the character at all."""
        points = [ord(c) for c in stream]
        if max(points, default=0) < FIRST_ESCAPE:
            return points
        if self.codes.dtype.itemsize == 4 or max(points, default=0) <= 0xFFFF:
            return [-1 if FIRST_ESCAPE <= p < FIRST_ESCAPE + ESCAPES or p == 0xFFFF else p for p in points]
        places = {point: code for code, point in self._escapes.items()}
        return [p if p <= 0xFFFF else places.get(p, -1) for p in points]

    def character(self, code: int) -> str:
        """Return the character of a code."""
        return chr(self._escapes.get(code, code))

    @cached_property
    def led(self) -> Mapping[str, int]:
        """The strings that have leaders (leaders.py), with the row of each."""
        keys = self.arrays["lead_key"]
        pairs = zip((keys >> np.uint64(32)).tolist(), (keys & np.uint64(ALONE)).tolist(), strict=True)
        spelled = [self.character(one) + (self.character(two) if two != ALONE else "") for one, two in pairs]
        return {string: row for row, string in enumerate(spelled)}

    def occurrences(self, streams: Sequence[str]) -> Ints:
        """Return how often each string of one or two folded characters occurs."""
        keys, shift = self.gram_keys, self.gram_keys.dtype.itemsize * 4
        least, most = [], []
        for stream in streams:
            codes = self.query_codes(stream)
            if min(codes) < 0:
                codes = [0, 0]
            low = codes[0] << shift | (codes[1] if len(codes) > 1 else 0)
            least.append(low)
            most.append(low if len(codes) > 1 else low | ((1 << shift) - 1))
        before = self.grams.before
        first = np.searchsorted(keys, np.array(least, dtype=keys.dtype), side="left")
        last = np.searchsorted(keys, np.array(most, dtype=keys.dtype), side="right")
        return before[last] - before[first]

    def passages_at(self, places: npt.NDArray[Any]) -> U32:
        """Return the passages of addresses."""
        return self.cell_passage[places >> CELL_BITS]  # type: ignore[no-any-return]

    def starts(self, passages: npt.NDArray[Any]) -> U32:
        """Return the addresses at which passages begin."""
        return self.cell[passages] << np.uint32(CELL_BITS)  # type: ignore[no-any-return]

    def read(self, passages: npt.NDArray[Any]) -> Read:
        """Return the folded codes of whole passages, cell by cell, with the fillers behind each."""
        cells = self.length[passages].astype(np.int64) // CELL + 1
        ends = np.cumsum(cells)
        owner = np.repeat(np.arange(len(passages)), cells)
        rows = np.arange(int(ends[-1]) if len(ends) else 0)
        rows += np.repeat(self.cell[passages].astype(np.int64) - (ends - cells), cells)
        codes = self.codes.reshape(-1, CELL).take(rows, axis=0).reshape(-1)
        return Read(self.folds.take(codes), rows, owner)

    # Words

    def word_rows(self, words: Sequence[str]) -> list[int]:
        """Return the numbers of words in the vocabulary, -1 for those that are not there."""
        hashes = self.arrays["word_hash"]
        if not words or not len(hashes):
            return [-1] * len(words)
        wanted = np.array([id_hash(word) for word in words], dtype=np.uint64)
        at = hashes.searchsorted(wanted)
        held = hashes.take(at, mode="clip") == wanted
        rows = zip(words, held.tolist(), self.arrays["word_row"].take(at, mode="clip").tolist(), strict=True)
        return [row if has and self.word(row) == _utf8(word) else -1 for word, has, row in rows]

    def word(self, row: int) -> bytes:
        """Return a word of the vocabulary, UTF-8."""
        at = self.arrays["word_terms_at"]
        return self.arrays["word_terms"][int(at[row]) : int(at[row + 1])].tobytes()  # type: ignore[no-any-return]

    def word_counts(self, row: int) -> npt.NDArray[np.uint8]:
        """Return how often a word occurs in each of its passages."""
        start = int(self.arrays["word_first"][row])
        return self.arrays["word_tf"][start : start + int(self.words.count[row])]  # type: ignore[no-any-return]

    # Records and columns

    def blob(self, name: str, i: int) -> bytes:
        """Return the i-th byte string of a blob column; empty where all are."""
        if not len(self.arrays[name]):
            return b""
        at = self.arrays[f"{name}_at"]
        return self.arrays[name][int(at[i]) : int(at[i + 1])].tobytes()  # type: ignore[no-any-return]

    def meta(self, passage: int) -> dict[str, Any]:
        """Return what a hit shows of a passage beside its text."""
        blob = self.blob("meta", passage)
        if blob:
            return json.loads(blob)  # type: ignore[no-any-return]
        record = int(self.record_of[passage])
        return {"anchor": f"p{passage - int(self.rec_first[record]) + 1}"}

    def head(self, record: int) -> list[Any]:
        """Return the head row of a record (see columns.head_json)."""
        return json.loads(self.blob("rec_head", record))  # type: ignore[no-any-return]

    def record_row(self, record_id: str) -> int:
        """Return the number of a record that is not deleted, -1 if there is none."""
        hashed = np.uint64(id_hash(record_id))
        hashes = self.arrays["rec_hash"]
        i = int(np.searchsorted(hashes, hashed))
        while i < len(hashes) and hashes[i] == hashed:
            row = int(self.arrays["rec_row"][i])
            if self.head(row)[1] == record_id and self.is_live(row):
                return row
            i += 1
        return -1

    @cached_property
    def is_meeting(self) -> npt.NDArray[np.bool_]:
        """Which records are meetings."""
        count = len(self.rec_date)
        return np.fromiter((self.head(record)[0] == "meeting" for record in range(count)), np.bool_, count)

    def is_live(self, record: int) -> bool:
        """Tell whether a record is not deleted; a record lives or dies with its first passage."""
        first = int(self.rec_first[record])
        return self.alive is None or bool(self.alive[first])

    @cached_property
    def names(self) -> dict[str, list[str]]:
        """The values of every field, by code."""
        found = {}
        for field in FIELDS:
            at = self.arrays[f"{field}_names_at"]
            found[field] = [self.blob(f"{field}_names", i).decode("utf-8", "surrogatepass") for i in range(len(at) - 1)]
        return found


def _utf8(word: str) -> bytes:
    return word.encode("utf-8", "surrogatepass")


__all__ = ["CELL", "EXTENSION", "Ints", "Segment"]
