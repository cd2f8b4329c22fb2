"""What meetings say of one person, department or instrument, gathered over all of them.

Each module asks an engine for the passages concerned, reads their records, and returns frozen values; names that no
meeting holds raise UnknownName. Nothing here parses a query or writes.
"""
