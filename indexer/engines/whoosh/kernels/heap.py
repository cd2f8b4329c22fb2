"""The k highest of many scores, held in an array whose first one is the least: a heap, in compiled loops."""

from __future__ import annotations

from indexer.engines.whoosh.kernels.compiling import Array, compiled


@compiled
def replace_least(heap: Array, score: float) -> None:
    """Put a score that is higher than the least one in its place."""
    at = 0
    while True:
        child = 2 * at + 1
        if child >= len(heap):
            break
        if child + 1 < len(heap) and heap[child + 1] < heap[child]:
            child += 1
        if heap[child] >= score:
            break
        heap[at] = heap[child]
        at = child
    heap[at] = score
