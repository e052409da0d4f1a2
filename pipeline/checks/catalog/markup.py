"""Markup in translations: the tags of the source, and nothing else that looks like a tag."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.catalogs.tags import tags_of
from pipeline.checks.catalog.book import Book, Pair
from pipeline.checks.catalog.rules import rule
from pipeline.diagnostics import Severity

_LIKE_A_TAG = re.compile(r"</?[A-Za-z][^<>]*>")


@rule(
    "T015",
    source="project rule: a translation holds the tags of its source, no others",
    suggestion="delete it, or write &lt; for a sign that readers shall see",
    severity=Severity.ERROR,
)
def own_tags(pair: Pair, _: Book) -> Iterator[str]:
    """A translation holds no tag that its source does not have.

    It would be printed as it stands, angle brackets and all, in the middle of a sentence.
    """
    known = tags_of(pair.message)
    for tag in dict.fromkeys(_LIKE_A_TAG.findall(pair.msgstr)):
        if tag not in known:
            yield f"{tag} is not in the source"
