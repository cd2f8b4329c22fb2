"""Word lists of government Chinese: surnames, regions, departments, agency codes; and files that others read.

Each module reads its data file once, when it is first asked; importing costs nothing. `words.txt` is read by
text/words.py, `aliases.toml` by text/aliases.py, `fold.txt` by text/fold.py.
"""

from indexer.text.lexicon.agency_codes import agency, is_agency_code
from indexer.text.lexicon.departments import aliases, canonical
from indexer.text.lexicon.regions import is_region, provinces_of, short_name
from indexer.text.lexicon.surnames import surname_rank

__all__ = [
    "agency",
    "aliases",
    "canonical",
    "is_agency_code",
    "is_region",
    "provinces_of",
    "short_name",
    "surname_rank",
]
