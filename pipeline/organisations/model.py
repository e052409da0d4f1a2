"""What is known of an organization."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TypeAlias

from pipeline.diagnostics import Location

# A text in several languages: (BCP 47 tag, text); the tag "" is for all languages without their own.
Texts: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Logo:
    """A logo as a PNG without transparency; its size in print is in mm."""

    data: bytes
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Organisation:
    """One row of the table: who provides the leaflet, and which leaflets it wants.

    `id` names the folder of its files. `web` is a whole address (`https://…`) in ASCII, `web_shown` what
    people read. An empty wish (`languages`, …) means everything that the project builds.
    """

    id: str
    names: Texts
    addresses: Texts = ()
    phone: str = ""
    emergency: str = ""
    web: str = ""
    web_shown: str = ""
    email: str = ""
    logo: Logo | None = None
    logo_alts: Texts = ()
    languages: tuple[str, ...] = ()
    papers: tuple[str, ...] = ()
    handouts: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    editions: tuple[str, ...] = ()
    location: Location | None = field(default=None, compare=False, repr=False)

    @property
    def digest(self) -> str:
        """The digest of all that its copies show; what it wishes for is not in them."""
        logo = self.logo and (hashlib.sha256(self.logo.data).hexdigest(), self.logo.width, self.logo.height)
        shown = (
            self.id,
            self.names,
            self.addresses,
            self.phone,
            self.emergency,
            self.web,
            self.web_shown,
            self.email,
            logo,
            self.logo_alts,
        )
        return hashlib.sha256(repr(shown).encode()).hexdigest()


def in_language(texts: Texts, tag: str) -> str:
    """Return the text for a language: its own, else the one for all languages, else ""."""
    found = dict(texts)
    return found.get(tag) or found.get("", "")
