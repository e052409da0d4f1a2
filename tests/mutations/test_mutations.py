"""Every harm is noticed by the rule that claims it, and nothing is reported of what is whole."""

from __future__ import annotations

from typing import Any

import pytest

from mutations import packages, prints, structures, tagged, texts
from mutations.mutating import MUTATIONS, Mutation, clean, reported
from pipeline import checks
from pipeline.catalogs.rules import RULES as CATALOG_RULES
from pipeline.diagnostics import findings

TABLES = (packages, prints, structures, tagged, texts)

# Every format in its first edition in three languages, and the other editions where there are any.
CLEAN = [
    (tag, format, "clear") for tag in ("en", "ar", "ru") for format in ("pdf", "docx", "epub", "html", "txt")
]
CLEAN += [("ar", "pdf", "giant"), ("en", "pdf", "large"), ("ru", "docx", "giant"), ("ar", "epub", "large")]


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=lambda m: str(m.name))
def test_a_harm_is_noticed(mutation: Mutation, record_property: Any) -> None:
    record_property("mutation", mutation.name)
    if mutation.excuse:
        record_property("excuse", mutation.excuse)
    found = mutation.find()
    if mutation.excuse:
        assert not found, f"{sorted(found)} notices it: the excuse is out of date"
    else:
        assert mutation.claims & found, f"claimed by {sorted(mutation.claims)}, found {sorted(found)}"


@pytest.mark.parametrize("mutation", MUTATIONS.values(), ids=lambda m: str(m.name))
def test_a_claim_names_a_rule_that_exists(mutation: Mutation) -> None:
    # What the readers of catalogs and sources refuse is no rule of a check, but has a code as well.
    known = {*checks.every_rule(), *CATALOG_RULES, "T001"}
    assert mutation.excuse or mutation.claims
    assert all(code in known or code[0] == "S" for code in mutation.claims)


@pytest.mark.parametrize(("tag", "format", "edition"), CLEAN)
def test_nothing_is_reported_of_a_clean_file(tag: str, format: str, edition: str) -> None:
    assert reported(clean(tag, format, edition)) == frozenset()


@pytest.mark.parametrize("tag", ["en", "ar", "ru"])
def test_nothing_is_reported_of_clean_copies(tag: str) -> None:
    copies = [clean(*names) for names in CLEAN if names[0] == tag]
    assert [str(d) for d in findings(checks.check_parity(copies))] == []


def test_there_are_enough_harms_and_no_excuse_is_silent() -> None:
    assert len(MUTATIONS) >= 60
    assert all(m.excuse for m in MUTATIONS.values() if not m.claims)
