"""Organizations: who hands leaflets out, read from a table that other people fill in.

A table is untrusted input: whatever it holds is text, and what could be anything else is refused. Its
faults are collected, each with its row and its column; the rows without one are good to build.
"""

from __future__ import annotations

from pipeline.organisations.model import Logo, Organisation, in_language
from pipeline.organisations.reading import read_organisations
from pipeline.organisations.values import dialled, is_id

__all__ = ["Logo", "Organisation", "dialled", "in_language", "is_id", "read_organisations"]
