"""Verification: what a file's passport says, held against the project and the folder as they are now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from enum import StrEnum
from pathlib import Path

import msgspec

from pipeline.checks.identity import NoPassportError, read_passport
from pipeline.config import Settings
from pipeline.diagnostics import ExitCode, PipelineError
from pipeline.editions import Target
from pipeline.inputs import program
from pipeline.organisations import is_id
from pipeline.passport import Passport
from pipeline.plan import COPIES, Wishes, targets
from pipeline.provenance import passport_of
from pipeline.report import count_text
from pipeline.store import read_record, sha256
from pipeline.workspace import handout, load


class Standing(StrEnum):
    """How one matter of a file stands."""

    GOOD = "ok"
    BAD = "BAD"
    UNKNOWN = "unknown"


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """What was found of one matter, in a sentence."""

    matter: str
    standing: Standing
    sentence: str


class Verification(msgspec.Struct, frozen=True, kw_only=True):
    """All that is known of one file. `exit_code` is 0 for a good file, 1 for an altered or outdated
    one, 2 for one that has no passport to read."""

    file: str
    sha256: str
    answers: tuple[Answer, ...]
    exit_code: int
    passport: Passport | None = None


def verify(path: Path, *, root: Path, output: Path, today: date) -> Verification:
    """Return what is known of a file, wherever it lies and whatever its name. Writes nothing."""
    try:
        data = path.read_bytes()
    except OSError as error:
        return _foreign(path, "", f"it cannot be read: {error.strerror or error}")
    mark = sha256(data)
    try:
        found = read_passport(data)
    except NoPassportError as fault:
        return _foreign(path, mark, str(fault))
    answers = (
        _altered(found, mark, root=root, output=output),
        *_outdated(found, root),
        _reviewed(found, today),
        _translated(found),
    )
    bad = any(answer.standing is Standing.BAD for answer in answers)
    return Verification(
        file=path.name,
        sha256=mark,
        answers=answers,
        exit_code=int(ExitCode.FINDINGS if bad else ExitCode.OK),
        passport=found,
    )


def _foreign(path: Path, mark: str, sentence: str) -> Verification:
    answer = Answer(matter="passport", standing=Standing.UNKNOWN, sentence=sentence)
    return Verification(file=path.name, sha256=mark, answers=(answer,), exit_code=int(ExitCode.USAGE))


def _altered(found: Passport, mark: str, *, root: Path, output: Path) -> Answer:
    """Compare the file with what this folder's records say was made from the same passport."""
    record = next(
        (
            made
            for target in _named(load(root)[0].settings, found)
            if _names(found) == (target.language, target.handout, target.edition, target.format, target.paper)
            and (made := read_record(output, target.name))
        ),
        None,
    )
    if record and record.digest == mark:
        return _answer("altered", Standing.GOOD, "It is, byte for byte, the file that this folder made.")
    if record and record.passport == found:
        sentence = "It was altered: the file that this folder made from the same text has other bytes."
        return _answer("altered", Standing.BAD, sentence)
    sentence = "This folder holds no file of this version, so it cannot say whether it was altered."
    return _answer("altered", Standing.UNKNOWN, sentence)


def _named(settings: Settings, found: Passport) -> Iterable[Target]:
    """Yield the targets that a file of this passport may have been made as."""
    plain = targets(settings, Wishes())
    if not found.organisation:
        return plain
    if not is_id(found.organisation):  # the passport of a stranger's file
        return ()
    # Whether the paper is in a copy's name is for its organization to say.
    folder = f"{COPIES}/{found.organisation}"
    return (
        replace(target, folder=folder, paper=found.paper, paper_in_name=named)
        for target in plain
        for named in (False, True)
    )


def _names(found: Passport) -> tuple[str, str, str, str, str]:
    return (found.language, found.handout, found.edition, found.format, found.paper)


def _outdated(found: Passport, root: Path) -> Iterable[Answer]:
    try:
        present = _present(found, root)
    except PipelineError as error:
        reason = error.diagnostics[0].message
        yield _answer("source", Standing.UNKNOWN, f"It cannot be compared with the project: {reason}.")
        return
    for matter, what, then, now in (
        ("source", "source text", found.source, present.source),
        ("translation", "translation", found.catalog, present.catalog),
    ):
        if then == now:
            sentence = f"The {what} is the same today." if then else "It is in the source's own language."
            yield _answer(matter, Standing.GOOD, sentence)
        else:
            yield _answer(matter, Standing.BAD, f"Out of date: the {what} has changed since.")


def _present(found: Passport, root: Path) -> Passport:
    """Return the passport that the same target would get today. Raises `PipelineError`."""
    wanted = Wishes((found.handout,), (found.language,), (found.format,), (found.edition,))
    target = targets(load(root)[0].settings, wanted)[0]
    chosen = handout(root, target.language, target.handout)
    return passport_of(root, target, chosen, program_digest=program())


def _reviewed(found: Passport, today: date) -> Answer:
    due = found.review.isoformat()
    if today > found.review:
        return _answer("review", Standing.BAD, f"Its text was to be reviewed by {due}, which is past.")
    return _answer("review", Standing.GOOD, f"Its text is to be reviewed by {due}.")


def _translated(found: Passport) -> Answer:
    counts = ", ".join(f"{number} {state}" for state, number in found.segments.items())
    total = count_text(sum(found.segments.values()), "segment")
    good = found.status == "signed off"
    sentence = f"{found.status.capitalize()} ({total}: {counts})."
    return _answer("status", Standing.GOOD if good else Standing.UNKNOWN, sentence)


def _answer(matter: str, standing: Standing, sentence: str) -> Answer:
    return Answer(matter=matter, standing=standing, sentence=sentence)
