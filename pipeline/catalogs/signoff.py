"""Sign-off: who has reviewed which segment of a language, in which role, and whether it still holds.

A ledger lies beside the catalogs, `translations/<language>/signoff.toml`, since no flag of a PO file
survives every editor. Each sign-off is bound to the digest of the source text and the translation
that were reviewed, so that a later change of either makes it stale by itself.
"""

from __future__ import annotations

import hashlib
import tomllib
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from pathlib import Path, PurePath
from typing import Final

import msgspec
import tomli_w

from pipeline.diagnostics import Location, TranslationError

_HEAD: Final = (
    "# Who has reviewed which segment of this language, and in which role. Written by\n"
    "# `handout catalogs sign`. A sign-off holds for just the words that were reviewed.\n\n"
)


class Standing(StrEnum):
    """Whether a segment is signed off in a role: never, for other words than today's, or for today's."""

    MISSING = "missing"
    STALE = "stale"
    SIGNED = "signed"


class Review(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What one person has signed off on one day, in one role. `segments` maps ids to digests."""

    role: str
    who: str
    credentials: str = ""
    signed: date
    segments: dict[str, str]


class Ledger(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All sign-offs of a language.

    `edition` freezes the language: the Git tag or commit of the source that its leaflets are made from.
    """

    edition: str = ""
    review: tuple[Review, ...] = ()

    def standing(self, role: str, segment: str, digest: str) -> Standing:
        """Return whether `segment` is signed off in `role` for the words of `digest`."""
        digests = [r.segments[segment] for r in self.review if r.role == role and segment in r.segments]
        if digest in digests:
            return Standing.SIGNED
        return Standing.STALE if digests else Standing.MISSING

    def holds(self, roles: Iterable[str], segment: str, digest: str) -> bool:
        """Whether `segment` is signed off in every one of `roles`; with no role at all, it is not."""
        wanted = tuple(roles)
        return bool(wanted) and all(self.standing(r, segment, digest) is Standing.SIGNED for r in wanted)

    def reviewers(self, digests: Mapping[str, str]) -> tuple[Review, ...]:
        """Return the reviews that hold for any of the words in `digests` (segment id → digest)."""
        wanted = digests.items()
        return tuple(review for review in self.review if review.segments.items() & wanted)


def digest_of(source: str, translation: str) -> str:
    """Return the SHA-256 of a source text and its translation, both in NFC, in hexadecimal."""
    texts = (unicodedata.normalize("NFC", text).encode() for text in (source, translation))
    return hashlib.sha256(b"\0".join(texts)).hexdigest()


def sign(ledger: Ledger, review: Review) -> Ledger:
    """Return `ledger` with `review`, whose sign-offs take the place of older ones of the same role.

    A person's reviews of one day in one role are one entry.
    """
    kept = []
    segments = dict(review.segments)
    for old in ledger.review:
        if old.role != review.role:
            kept.append(old)
            continue
        rest = {name: digest for name, digest in old.segments.items() if name not in review.segments}
        if (old.who, old.credentials, old.signed) == (review.who, review.credentials, review.signed):
            segments = rest | segments
        elif rest:
            kept.append(msgspec.structs.replace(old, segments=rest))
    added = msgspec.structs.replace(review, segments=segments)
    return msgspec.structs.replace(ledger, review=(*kept, added))


def read_ledger(path: Path, *, shown: PurePath) -> Ledger:
    """Read the ledger at `path`, which messages call `shown`; an empty one if there is no file.

    Raises `TranslationError` for a ledger that is damaged: a sign-off must never be guessed.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return Ledger()
    except OSError as error:
        raise _refusal(shown, error.strerror or "it cannot be opened") from error
    try:
        ledger = msgspec.convert(tomllib.loads(data.decode("utf-8")), Ledger)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        raise _refusal(shown, str(error)) from error
    for review in ledger.review:
        wrong = [name for name, digest in review.segments.items() if not _is_digest(digest)]
        if wrong or not review.role.strip() or not review.who.strip():
            raise _refusal(shown, f"a review lacks a role, a name, or the digest of “{(wrong or ['?'])[0]}”")
    return ledger


def _is_digest(text: str) -> bool:
    return len(text) == 64 and set(text) <= set("0123456789abcdef")


def format_ledger(ledger: Ledger) -> str:
    """Return the TOML of `ledger`; `read_ledger` reads an equal one from it."""
    reviews = [
        {
            "role": review.role,
            "who": review.who,
            **({"credentials": review.credentials} if review.credentials else {}),
            "signed": review.signed,
            "segments": review.segments,
        }
        for review in ledger.review
    ]
    edition = {"edition": ledger.edition} if ledger.edition else {}
    return _HEAD + tomli_w.dumps({**edition, "review": reviews})


def _refusal(shown: PurePath, reason: str) -> TranslationError:
    return TranslationError(
        f"the sign-off ledger cannot be read: {reason}",
        location=Location(shown),
        hint="restore it from version control; it is written by: handout catalogs sign",
    )
