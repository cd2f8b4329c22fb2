"""Texts folded as arrays give the streams that folding gives one by one."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from indexer.text.fold import fold
from indexer.text.points import FILLER, folds, kept, points

ANY = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\uffff"), max_size=60)
SPACED = st.text(st.sampled_from("市a b\u3000\u200b\n1,，é愻Ａ"), max_size=20)


@given(st.lists(ANY | SPACED, min_size=1, max_size=6))
def test_arrays_fold_as_texts_do(texts: list[str]) -> None:
    """What is kept of the code points, folded, is the stream of each text, text by text."""
    found, ends = points(texts)
    assert [found[end] for end in ends] == [FILLER] * len(texts)
    folded = folds()[found[kept(found)]]
    streams = folded.tobytes().decode("utf-32-le").split("\uffff")[:-1]
    assert streams == [fold(text) for text in texts]
    assert folded.dtype == np.uint32
