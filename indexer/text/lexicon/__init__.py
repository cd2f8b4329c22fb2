"""Word lists of government Chinese: surnames, departments, regions, document-number prefixes, words, aliases.

Each module reads its data file once, when it is first asked; importing costs nothing.
"""
