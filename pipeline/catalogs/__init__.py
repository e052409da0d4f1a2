"""PO catalogs: reading them strictly, writing them faithfully, keeping them up to date.

    extract ─▶ Message… ─▶ template ─▶ POT ─▶ new ─▶ PO ─▶ people ─▶ read ─▶ Catalog
                   └────────────────────────── update ◀──────────────────────┘

A catalog is either read right or refused with every fault named: wrong medical text must never
reach print because a file was damaged. Nothing that a person wrote is ever dropped.
"""

from __future__ import annotations

from pipeline.catalogs.inspection import inspect
from pipeline.catalogs.model import Catalog, Entry, Message
from pipeline.catalogs.reader import parse, read
from pipeline.catalogs.signoff import (
    Ledger,
    Review,
    Standing,
    digest_of,
    format_ledger,
    read_ledger,
    sign,
)
from pipeline.catalogs.tags import without_tags
from pipeline.catalogs.template import new, template
from pipeline.catalogs.update import Update, update
from pipeline.catalogs.writer import format_catalog

__all__ = [
    "Catalog",
    "Entry",
    "Ledger",
    "Message",
    "Review",
    "Standing",
    "Update",
    "digest_of",
    "format_catalog",
    "format_ledger",
    "inspect",
    "new",
    "parse",
    "read",
    "read_ledger",
    "sign",
    "template",
    "update",
    "without_tags",
]
