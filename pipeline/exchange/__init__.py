"""Interchange with translators' other tools: XLIFF 2.1, TMX, TBX, and a table in Word.

    Catalog ─▶ export ─▶ an agency, a person with Word ─▶ read ─▶ Incoming… ─▶ merge ─▶ Catalog

What comes back is untrusted: it can change translations and nothing else, one by one, and each
that cannot be taken is named by its place in the file.
"""

from __future__ import annotations

from pipeline.exchange.merging import Incoming, Merged, Refusal, merge
from pipeline.exchange.tbx import Concept, format_tbx
from pipeline.exchange.tmx import format_tmx
from pipeline.exchange.wordtable import format_word, read_word
from pipeline.exchange.xliff import format_xliff, read_xliff

__all__ = [
    "Concept",
    "Incoming",
    "Merged",
    "Refusal",
    "format_tbx",
    "format_tmx",
    "format_word",
    "format_xliff",
    "merge",
    "read_word",
    "read_xliff",
]
