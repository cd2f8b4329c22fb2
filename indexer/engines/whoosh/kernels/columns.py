"""Values of fields counted over passages, in compiled loops; the same counts as facets.py gives on whole arrays."""

from __future__ import annotations

from indexer.engines.whoosh.kernels.compiling import Array, compiled


@compiled
def by_record(first: Array, held: Array, found: Array) -> None:
    """Count the passages held of each record; `first` tells where those of each begin, and where the last ones end."""
    for record in range(len(found)):
        found[record] = held[first[record] : first[record + 1]].sum()


@compiled
def of_records(owners: Array, values: Array, passages: Array, found: Array) -> None:
    """Count for each value the passages of the records that have it; `passages` tells how many a record has."""
    for i in range(len(owners)):
        found[values[i]] += passages[owners[i]]


@compiled
def of_passages(owners: Array, values: Array, held: Array, found: Array) -> None:
    """Count for each value the passages that are held and have it; without a branch, which nobody could foretell."""
    for i in range(len(owners)):
        found[values[i]] += held[owners[i]]
