"""Counts what recognition gets wrong, and its time: `python tests/benchmarks/recognition.py [--pages N]`.

Pages of invented minutes are drawn as a scanner at 200 dots an inch gives them, straight and skewed, clean and grainy,
and read as a build reads them. Errors are characters left out, put in or changed (Levenshtein), of a hundred; white
space does not count.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT), str(ROOT / "tests/support"), str(Path(__file__).parent)]

from run import processor  # noqa: E402
from scanned import distance, saved, scan  # noqa: E402
from wrapped import typeset  # noqa: E402

from indexer.readers import read_bytes  # noqa: E402

SAMPLES = ("云溯市政府第26次常务会议纪要.txt", "临沚县政府第33次常务会议纪要.txt")
FACES = {"Serif": "NotoSerifCJK-Regular.ttc", "Sans": "NotoSansCJK-Regular.ttc"}
# Skew in degrees, grain in shades of 256.
SCANS = ((0.0, 0.0), (1.0, 0.0), (-1.5, 12.0), (2.0, 8.0))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=2, help="of each sample")
    pages = parser.parse_args().pages
    texts = [_paragraphs(name) for name in SAMPLES]
    rows = [row for text in texts for _, row in list(typeset(text))[:pages]]
    for name, face in FACES.items():
        for skew, grain in SCANS:
            pictures = [page for text in texts for page in scan(text, face, skew, grain)[:pages]]
            wrong = wanted = 0
            started = time.process_time()
            found = [_read(saved([page], "PNG")) for page in pictures]
            seconds = (time.process_time() - started) / len(pictures)
            for page, lines in zip(found, rows, strict=True):
                text = "".join("".join(lines).split())
                wrong, wanted = wrong + distance(page, text), wanted + len(text)
            print(
                f"{name:5} skew {skew:4} grain {grain:4}: {wrong / wanted:.2%} of {wanted} characters, "
                f"{seconds:.1f} s of one processor a page",
                flush=True,
            )
    print(f"{processor()}, {platform.system()}, Python {platform.python_version()}")


def _paragraphs(name: str) -> list[str]:
    lines = (ROOT / "data/samples" / name).read_text(encoding="utf-8-sig").splitlines()
    return [line.rstrip() for line in lines if line.strip()]


def _read(data: bytes) -> str:
    return "".join("".join(source.text.split()) for source in read_bytes("a.png", data, ocr=True))


if __name__ == "__main__":
    main()
