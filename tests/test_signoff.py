"""Sign-off: bound to the words reviewed, demanded by a release, shown to the reader."""

from __future__ import annotations

import subprocess
import tempfile
import tomllib
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path, PurePosixPath

import pytest
from click.testing import Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline import frozen
from pipeline.catalogs import (
    Ledger,
    Review,
    Standing,
    digest_of,
    format_ledger,
    read_ledger,
    sign,
)
from pipeline.checks.extraction import extract
from pipeline.diagnostics import ExitCode, TranslationError
from pipeline.plan import Wishes
from pipeline.report import BuildReport

Run = Callable[..., Result]
Build = Callable[..., BuildReport]

LEDGER = PurePosixPath("translations", "de", "signoff.toml")
RELEASE = Wishes(handouts=("handwash",), languages=("de",), formats=("html",), release=True)
DRAFT = Wishes(handouts=("handwash",), languages=("de",), formats=("html",))


def review(**changes: object) -> Review:
    standard: dict[str, object] = {
        "role": "clinical",
        "who": "Dr. Karin Holm",
        "signed": date(2026, 11, 25),
        "segments": {"one": digest_of("One.", "Eins.")},
    }
    return Review(**{**standard, **changes})  # type: ignore[arg-type]


# The ledger --------------------------------------------------------------------------------------


def test_a_sign_off_holds_for_the_words_reviewed_and_no_others() -> None:
    ledger = sign(Ledger(), review())
    assert ledger.standing("clinical", "one", digest_of("One.", "Eins.")) is Standing.SIGNED
    assert ledger.standing("clinical", "one", digest_of("One.", "Ein.")) is Standing.STALE
    assert ledger.standing("clinical", "one", digest_of("1.", "Eins.")) is Standing.STALE
    assert ledger.standing("clinical", "two", digest_of("One.", "Eins.")) is Standing.MISSING
    assert ledger.standing("linguistic", "one", digest_of("One.", "Eins.")) is Standing.MISSING


def test_every_role_is_needed_and_no_role_is_not_enough() -> None:
    ledger = sign(Ledger(), review())
    digest = digest_of("One.", "Eins.")
    assert ledger.holds(("clinical",), "one", digest)
    assert not ledger.holds(("clinical", "linguistic"), "one", digest)
    assert not ledger.holds((), "one", digest)


def test_the_border_between_source_and_translation_counts() -> None:
    assert digest_of("ab", "c") != digest_of("a", "bc")


@given(st.text(), st.text())
def test_the_form_of_a_letter_does_not_make_a_sign_off_stale(source: str, translation: str) -> None:
    apart = digest_of(unicodedata.normalize("NFD", source), unicodedata.normalize("NFD", translation))
    assert apart == digest_of(source, translation)


def test_a_new_sign_off_takes_the_place_of_an_older_one_of_the_role() -> None:
    first = sign(Ledger(), review(segments={"one": "1" * 64, "two": "2" * 64}))
    both = sign(first, review(who="Dr. Ali Demir", segments={"two": "3" * 64}))
    assert [(r.who, dict(r.segments)) for r in both.review] == [
        ("Dr. Karin Holm", {"one": "1" * 64}),
        ("Dr. Ali Demir", {"two": "3" * 64}),
    ]
    other_role = sign(both, review(role="linguistic", segments={"one": "4" * 64}))
    assert len(other_role.review) == 3


def test_one_person_on_one_day_in_one_role_is_one_entry() -> None:
    first = sign(Ledger(), review(segments={"one": "1" * 64}))
    second = sign(first, review(segments={"two": "2" * 64}))
    assert [dict(r.segments) for r in second.review] == [{"one": "1" * 64, "two": "2" * 64}]


@given(
    st.lists(
        st.builds(
            review,
            role=st.sampled_from(["clinical", "linguistic"]),
            who=st.text(min_size=1).filter(str.strip),
            credentials=st.text(),
            segments=st.dictionaries(
                st.text(min_size=1), st.text("0123456789abcdef", min_size=64, max_size=64), min_size=1
            ),
        ),
        max_size=3,
    ),
    st.text(),
)
def test_a_ledger_is_read_as_it_was_written(reviews: list[Review], edition: str) -> None:
    ledger = Ledger(edition=edition, review=tuple(reviews))
    assert tomllib.loads(format_ledger(ledger)).get("edition", "") == edition
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "signoff.toml")
        path.write_text(format_ledger(ledger), "utf-8", newline="")
        assert read_ledger(path, shown=LEDGER) == ledger


@pytest.mark.parametrize(
    "text",
    [
        "[[review",
        '[[review]]\nrole = "clinical"\n',
        '[[review]]\nrole = "clinical"\nwho = "X"\nsigned = 2026-11-25\n[review.segments]\none = "yes"\n',
        '[[review]]\nrole = ""\nwho = "X"\nsigned = 2026-11-25\n[review.segments]\n',
        'signed = "everything"\n',
    ],
)
def test_a_damaged_ledger_is_refused_in_one_sentence(text: str, handwash: Path, build_here: Build) -> None:
    (handwash / LEDGER).write_text(text, "utf-8")
    report = build_here(handwash, DRAFT)
    assert report.exit_code is ExitCode.TRANSLATION
    (diagnostic,) = {d for failed in report.failed for d in failed.diagnostics}
    assert str(diagnostic.location) == str(LEDGER)
    assert "the sign-off ledger cannot be read" in diagnostic.message


# Signing and releasing ---------------------------------------------------------------------------


def sign_all(handout_here: Run, project: Path, *, language: str = "de") -> None:
    roles = ("linguistic", "clinical") if language != "en" else ("clinical",)
    for role in roles:
        done = handout_here(
            *("catalogs", "sign", "-l", language, "--role", role),
            *("--who", f"Dr. {role.title()}", "--credentials", "M.D."),
            project=project,
        )
        assert done.exit_code == 0, done.output
        assert "; 0 left in this role" in done.output


def page(project: Path, name: str = "de/handwash-clear.html") -> str:
    return (project / "output" / name).read_text("utf-8")


def test_a_draft_is_built_and_says_so_but_not_released(handwash: Path, build_here: Build) -> None:
    assert build_here(handwash, DRAFT).exit_code is ExitCode.OK
    drafted = page(handwash)
    assert "notice" in drafted
    report = build_here(handwash, RELEASE)
    assert report.exit_code is ExitCode.TRANSLATION
    assert not report.made
    said = [d.message for failed in report.failed for d in failed.diagnostics]
    assert [m.split(":")[0] for m in said] == ["handwash", "handwash"]
    assert all("not signed off in the role" in m and "title" in m for m in said)
    assert page(handwash) == drafted


def test_what_is_signed_off_is_released_without_the_notice(
    handwash: Path, build_here: Build, handout_here: Run
) -> None:
    sign_all(handout_here, handwash)
    report = build_here(handwash, RELEASE)
    assert report.exit_code is ExitCode.OK, report.failed
    released = page(handwash)
    assert 'class="notice"' not in released
    assert "Entwurf" not in extract(released.encode(), "html")


def test_a_changed_word_makes_its_segment_stale_and_names_it(
    handwash: Path, build_here: Build, handout_here: Run
) -> None:
    sign_all(handout_here, handwash)
    catalog = handwash / "translations/de/LC_MESSAGES/handwash.po"
    text = catalog.read_text("utf-8")
    entry = text.index('msgctxt "title"')
    start = text.index('msgstr "', entry) + len('msgstr "')
    catalog.write_text(f"{text[:start]}X{text[start:]}", "utf-8")
    report = build_here(handwash, RELEASE)
    said = {d.message for failed in report.failed for d in failed.diagnostics}
    assert said == {
        f"handwash: 1 segment signed off for earlier words in the role “{role}”: title"
        for role in ("linguistic", "clinical")
    }


def test_the_source_needs_a_sign_off_too(handwash: Path, build_here: Build, handout_here: Run) -> None:
    wishes = Wishes(handouts=("handwash",), languages=("en",), formats=("html",), release=True)
    assert build_here(handwash, wishes).exit_code is ExitCode.TRANSLATION
    sign_all(handout_here, handwash, language="en")
    assert build_here(handwash, wishes).exit_code is ExitCode.OK
    assert 'class="notice"' not in page(handwash, "en/handwash-clear.html")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("-l", "de", "--role", "royal", "--who", "X"), "there is no role “royal”"),
        (("-l", "de", "--role", "clinical", "--who", " "), "a sign-off needs a name"),
        (("-l", "de", "--role", "clinical", "--who", "X", "titel"), "did you mean title?"),
        (("-l", "fi", "--role", "clinical", "--who", "X"), "is missing"),
    ],
)
def test_a_wrong_sign_off_writes_nothing(
    arguments: tuple[str, ...], said: str, handwash: Path, handout_here: Run
) -> None:
    done = handout_here("catalogs", "sign", *arguments, project=handwash)
    assert done.exit_code in (ExitCode.USAGE, ExitCode.TRANSLATION)
    assert said in done.output
    assert not (handwash / LEDGER).exists()


def test_only_some_segments_can_be_signed(handwash: Path, handout_here: Run, build_here: Build) -> None:
    done = handout_here(
        *("catalogs", "sign", "-l", "de", "--role", "clinical", "--who", "X", "title", "subtitle"),
        project=handwash,
    )
    assert "2 segments signed off by X" in done.output
    messages = [d.message for f in build_here(handwash, RELEASE).failed for d in f.diagnostics]
    clinical = next(m for m in messages if "clinical" in m)
    assert " title" not in clinical.replace("subtitle", "")


# Editions ----------------------------------------------------------------------------------------


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org")
    subprocess.run(["git", "-C", str(folder), *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def history(handwash: Path, needs_tool: Callable[[str, str], str]) -> Path:
    """Return the small project with an edition tagged 2026-11."""
    needs_tool("git", "apt install git")
    git(handwash, "init", "-q")
    git(handwash, "add", "source", "translations")
    git(handwash, "commit", "-qm", "first")
    git(handwash, "tag", "2026-11")
    return handwash


def change_the_source(project: Path) -> None:
    source = project / "source" / "handwash.md"
    text = source.read_text("utf-8")
    old = 'title = "'
    assert old in text
    source.write_text(text.replace(old, f"{old}New: ", 1), "utf-8")


def test_a_frozen_language_stays_as_it_was_reviewed(
    history: Path, build_here: Build, handout_here: Run
) -> None:
    sign_all(handout_here, history)
    done = handout_here("catalogs", "freeze", "-l", "de", "2026-11", project=history)
    assert done.exit_code == 0, done.output
    assert build_here(history, RELEASE).exit_code is ExitCode.OK
    assert 'class="notice"' not in page(history)
    change_the_source(history)
    assert build_here(history, RELEASE).exit_code is ExitCode.OK
    kept = extract(page(history).encode(), "html")
    assert "New:" not in kept
    assert "That text has been changed since." in kept
    assert '<div class="notice" role="note" lang="en"' in page(history)


def test_a_language_that_is_not_frozen_falls_back_where_the_source_changed(
    history: Path, build_here: Build, handout_here: Run
) -> None:
    sign_all(handout_here, history)
    change_the_source(history)
    assert build_here(history, RELEASE).exit_code is ExitCode.TRANSLATION


def test_a_thawed_language_follows_the_source_again(history: Path, handout_here: Run) -> None:
    handout_here("catalogs", "freeze", "-l", "de", "2026-11", project=history)
    assert read_ledger(history / LEDGER, shown=LEDGER).edition == "2026-11"
    handout_here("catalogs", "freeze", "-l", "de", "--thaw", project=history)
    assert read_ledger(history / LEDGER, shown=LEDGER).edition == ""


@pytest.mark.parametrize("name", ["2025-01", "--upload-pack=x", "a b", "../x", "$(x)", "x..y"])
def test_an_edition_that_is_none_is_said_to_be_none(name: str, history: Path, build_here: Build) -> None:
    with pytest.raises(TranslationError, match="edition"):
        frozen.resolve(history, name)
    (history / LEDGER).write_text(format_ledger(Ledger(edition=name)), "utf-8")
    report = build_here(history, DRAFT)
    assert report.exit_code is ExitCode.TRANSLATION
    assert not report.made
