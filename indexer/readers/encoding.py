"""Bytes of unknown encoding go in, text with plain line feeds comes out, with the encoding's name and what was mended.

The order of tries is byte order mark, UTF-16 without one, strict UTF-8, what the file declares, strict GB18030
against Big5, and at last the encoding that fails at fewest places. Text that is no text is refused, never guessed.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from indexer.errors import UnreadableFile

# UTF-32 before UTF-16: its mark begins with that of UTF-16.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# Pages that declare gb2312 hold characters outside it; GB18030 contains both older sets.
DECLARED = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "gb18030": "gb18030",
    "x-gbk": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "big5-hkscs": "big5hkscs",
    "utf-16": "utf-16-le",
    "utf-16le": "utf-16-le",
    "utf-16be": "utf-16-be",
}
# The most frequent characters of Chinese office prose in both scripts: a wrong decoding hardly ever hits them.
FREQUENT = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定"
    "行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当使点从业本去把性好应开它合还因由其些"
    "政市县区府议事项关意见按程序局委审纪第月日次号省镇请同原则通建设项目管安全展务服社改革资金相规"
    "這為個國時來們會發動過說產種後學經進著電現實量兩體機當點從業應開還縣區議項關見審紀號鎮請則設規資務"
    "，。、：；（）《》“”「」！？"
)
CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f\ufdd0-\ufdef\ufffe\uffff\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n?|\x0b|\x85|\u2028|\u2029")
PRIVATE = re.compile("[\ue000-\uf8ff]")
# Enough characters to tell two encodings apart, little enough to cost nothing on 50 MB.
SAMPLE = 20_000
# A broken download of a text has a damaged byte here and there; a picture has one in every few.
DAMAGED_SHARE = 0.01
# Text copied from a PDF holds some control characters (9 in 10,000 in one real minutes); a program is full of them.
CONTROL_SHARE = 0.1
FEW_CONTROLS = 3
# Below this many bytes beyond ASCII, GBK text may be valid UTF-8 by chance, so that a declared encoding counts more.
FEW = 16
# Real prose has 30 to 60 in 100 frequent characters, a wrong decoding 1 or 2.
PROSE = 0.1
ASCII = bytes(range(128))
LOST = "\ufffd"
TRIED = ("utf-8", "gb18030", "big5hkscs")


@dataclass(frozen=True, slots=True)
class Decoded:
    """A file's text, the encoding it was read with and what could not be kept (Chinese, one sentence each)."""

    text: str
    encoding: str
    notices: tuple[str, ...] = ()


def decode(path: str, data: bytes, declared: str | None = None) -> Decoded:
    """Return the text of a file.

    Raises:
        UnreadableFile: the file is empty, binary, or in no known encoding.
    """
    if not data:
        raise UnreadableFile(path, "文件是空的")
    found = _marked(data) or _unmarked_utf16(data) or _strict(data, declared) or _damaged(data)
    if found is None:
        raise UnreadableFile(path, "无法识别文字编码，可能不是文字文件；请另存为 UTF-8 编码的文本后再试")
    if len(CONTROLS.findall(found.text[:SAMPLE])) > max(FEW_CONTROLS, CONTROL_SHARE * min(SAMPLE, len(found.text))):
        raise UnreadableFile(path, "内容是二进制数据，不是文字文件")
    text, removed = clean(found.text)
    if not text.strip():
        raise UnreadableFile(path, "文件里没有文字")
    notices = found.notices + ((f"去掉了 {removed} 个控制字符",) if removed else ())
    return Decoded(text, found.encoding, notices)


def clean(text: str) -> tuple[str, int]:
    """Return the text with line feeds as only line ends (form feeds stay) and without the number of characters told.

    Left out are control characters, halves of surrogate pairs and code points that are no characters.
    """
    if LINE_ENDS.search(text):
        text = LINE_ENDS.sub("\n", text)
    if CONTROLS.search(text) is None:
        return text, 0
    cleaned = CONTROLS.sub("", text)
    return cleaned, len(text) - len(cleaned)


def _marked(data: bytes) -> Decoded | None:
    for mark, encoding in MARKS:
        if data.startswith(mark):
            return _lenient(data[len(mark) :], encoding)
    return None


def _unmarked_utf16(data: bytes) -> Decoded | None:
    """Recognise UTF-16 by what it says: hardly any other bytes read as UTF-16 give frequent characters only."""
    head = data[: SAMPLE * 2]
    if b"\0" not in head and _is_utf8(head):
        return None
    for encoding in ("utf-16-le", "utf-16-be"):
        text = head[: len(head) // 2 * 2].decode(encoding, "replace")
        beyond = any(c >= "\x80" for c in text)
        likely = _score(text) >= PROSE if beyond else b"\0" in head
        if likely and sum(map(_plausible, text)) > 0.95 * len(text):
            return _lenient(data, encoding)
    return None


def _is_utf8(head: bytes) -> bool:
    """Return whether the beginning of a file is UTF-8 beyond doubt: so many characters of three bytes are no chance."""
    if len(head.translate(None, ASCII)) < FEW:
        return False
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return True


def _plausible(character: str) -> bool:
    return character in "\t\r\n" or " " <= character <= "~" or "\u2000" <= character <= "\u9fff" or character > "\uff00"


def _strict(data: bytes, declared: str | None) -> Decoded | None:
    wanted = DECLARED.get((declared or "").strip().lower())
    text = _try(data, "utf-8")
    if text is not None:
        other = _try(data, wanted) if wanted and len(data.translate(None, ASCII)) < FEW else None
        if wanted and other is not None and _score(other) > _score(text):
            return Decoded(other, wanted)
        return Decoded(text, "utf-8")
    order = sorted(("gb18030", "big5hkscs"), key=lambda encoding: encoding != wanted)
    tried = [(encoding, _try(data, encoding)) for encoding in order]
    fitting = [Decoded(text, encoding) for encoding, text in tried if text is not None]
    # GB18030 reads nearly any Big5 text, as rare characters; the first of equals is kept.
    return max(fitting, key=lambda found: _score(found.text), default=None)


def _try(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _score(text: str) -> float:
    """Rate how much a text looks like Chinese prose: the share of frequent characters, less the private ones."""
    beyond = [c for c in text[:SAMPLE] if c >= "\x80"]
    private = len(PRIVATE.findall(text[:SAMPLE]))
    return (sum(c in FREQUENT for c in beyond) - 2 * private) / len(beyond) if beyond else 0.0


def _damaged(data: bytes) -> Decoded | None:
    """Take the encoding that fails at fewest places, if these are few."""
    head = data[: 4 * SAMPLE]
    encoding, lost, length = min(
        ((name, text.count(LOST), len(text)) for name in TRIED for text in (head.decode(name, "replace"),)),
        key=lambda found: found[1],
    )
    # The last character of a file that was cut may be half; a short file has no other excuse.
    if length < FEW or lost > max(1, DAMAGED_SHARE * length):
        return None
    return _lenient(data, encoding)


def _lenient(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, "replace")
    # U+FFFD may stand in the file itself: only what the decoding adds is told.
    own = data.count(LOST.encode(encoding)) if encoding != "big5hkscs" else 0
    lost = max(0, text.count(LOST) - own)
    return Decoded(text, encoding, (f"有 {lost} 处字节损坏，以“{LOST}”代替",) if lost else ())
