"""What a check of a finished file looks at."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.document import TranslatedDocument
from pipeline.editions import Layout, Target


@dataclass(frozen=True, slots=True)
class Baseline:
    """What every copy of a target has in common: of a PDF its pages but the last, else its text.

    `pages` are digests of what the pages draw; `text` ends where the organization's page begins.
    """

    format: str
    pages: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class Subject:
    """A finished file and what it was meant to be.

    `data` is the file; `translated` the handout that it shows, `layout` the measures it was made for.
    """

    target: Target
    translated: TranslatedDocument
    layout: Layout
    data: bytes

    @property
    def format(self) -> str:
        """The file's format: `pdf`, `docx`, …"""
        return self.target.format
