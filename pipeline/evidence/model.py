"""Evidence as plain data: what each rule said of the source, of each translation, of each artefact."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from pipeline.checks import Assessment
from pipeline.remarks import RuleOutcome


class ArtefactEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one file. `path` is below the output folder; `standards` is empty but for PDF."""

    path: str
    title: str
    language: str
    handout: str
    edition: str
    format: str
    sha256: str
    size: int
    pages: int | None
    status: str
    outcomes: tuple[RuleOutcome, ...]
    standards: tuple[Assessment, ...] = ()


class ValidatorRun(msgspec.Struct, frozen=True, kw_only=True):
    """A reference validator: what it judged, or why it could not."""

    title: str
    rules: tuple[str, ...]
    files: int
    skipped: str = ""


class Evidence(msgspec.Struct, frozen=True, kw_only=True):
    """All that one run of the checks found. `copies` compares the formats of a handout in a language;
    `absent` are artefacts that have not been built."""

    version: str
    program: str
    source: tuple[RuleOutcome, ...]
    catalogs: dict[str, tuple[RuleOutcome, ...]]
    artefacts: tuple[ArtefactEvidence, ...]
    copies: dict[str, tuple[RuleOutcome, ...]]
    validators: tuple[ValidatorRun, ...]
    absent: tuple[str, ...]

    def outcomes(self) -> Iterator[tuple[str, RuleOutcome]]:
        """Yield every outcome with what it is about: `source`, a language, a path, a handout."""
        yield from (("source", outcome) for outcome in self.source)
        for group in (self.catalogs, self.copies):
            yield from ((name, outcome) for name, outcomes in group.items() for outcome in outcomes)
        yield from ((artefact.path, outcome) for artefact in self.artefacts for outcome in artefact.outcomes)
