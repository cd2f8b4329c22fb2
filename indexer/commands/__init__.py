"""The commands of `gongwen`, by what they do; `indexer.cli` puts them into one group."""
