"""Values that are counted come in order, whole or in part, without all of them being sorted."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engines.whoosh.facets import Counted

COUNTS = st.lists(st.integers(0, 4), max_size=30)


@given(COUNTS, st.slices(30))
def test_parts_are_parts_of_the_whole(counts: list[int], part: slice) -> None:
    """Any slice is that of the sorted pairs: by count, then in the order of the names, none that does not occur."""
    names = [f"{i:02}" for i in range(len(counts))]
    every = tuple(sorted(((n, c) for n, c in zip(names, counts, strict=True) if c), key=lambda pair: -pair[1]))
    counted = Counted(names, np.array(counts, dtype=np.int64))
    assert counted[part] == every[part]
    assert (tuple(counted), len(counted), repr(counted)) == (every, len(every), repr(every))
    assert counted == every
    assert hash(counted) == hash(every)


def test_one_value() -> None:
    """A place counts from either end; one beyond is an error."""
    counted = Counted(("a", "b", "c"), np.array([1, 0, 3]))
    assert (counted[0], counted[1], counted[-1]) == (("c", 3), ("a", 1), ("a", 1))
    for place in (2, -3):
        with pytest.raises(IndexError):
            counted[place]
