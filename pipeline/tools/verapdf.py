"""veraPDF, the reference validator for PDF/A, PDF/UA and WTPDF.

Its exit codes tell no fault of a file from a fault of its own, and a file that it cannot open is left
out of its counts: the verdict is read from its report, file by file, and silence on a file is no verdict.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from pipeline.diagnostics import MissingToolError
from pipeline.tools.complaints import Complaint, NoVerdict, Verdict
from pipeline.tools.java import FLAGS, JAVA
from pipeline.tools.programs import CONFORMANCE, Found, Tool, failure, find, require, run


class Profile(StrEnum):
    """The standards that it validates against, by its names for them."""

    PDF_UA_1 = "ua1"
    PDF_UA_2 = "ua2"
    PDF_A_2A = "2a"
    PDF_A_4 = "4"
    WTPDF_ACCESSIBILITY = "wt1a"


_JARS = CONFORMANCE / "target" / "dependency"
_MAIN = "org.verapdf.apps.GreenfieldCliWrapper"

# Files that cannot be read at all: a fault of theirs. Whatever else stops a validation is ours.
_UNREADABLE = {"PARSE"}


def _locate() -> Found | None:
    jar = next(iter(sorted(_JARS.glob("greenfield-apps-*.jar"))), None)
    if jar is None or _java() is None:
        return None
    return Found(str(jar), jar.stem.removeprefix("greenfield-apps-"))


@cache
def _java() -> Found | None:
    return find(JAVA)


VERAPDF = Tool("veraPDF", "judging PDF/UA and PDF/A", _locate)


def judge(files: Sequence[Path], profile: Profile) -> Mapping[Path, Verdict]:
    """Return what veraPDF says of each file against one profile; one Java machine for all files.

    No complaint means that the file conforms. Raises `MissingToolError` if veraPDF or Java is not
    there, `ToolError` if it gives no report.
    """
    require(VERAPDF)
    java = _java()
    if java is None:
        raise MissingToolError("Java is not installed", hint=JAVA.remedy)
    with tempfile.TemporaryDirectory(prefix="handout-verapdf-") as name:
        # Under names that are plain, distinct and end in .pdf: any other it would skip in silence.
        links = {str(Path(name) / f"{number}.pdf"): path for number, path in enumerate(files)}
        for link, path in links.items():
            Path(link).symlink_to(path.resolve())
        flags = ("-f", profile.value, "--format", "json", "--maxfailuresdisplayed", "1")
        command = (java.path, *FLAGS, "-cp", f"{_JARS}/*", _MAIN, *flags, *links)
        done = run(command, seconds=120 + 20 * len(files))
    try:
        jobs = json.loads(done.stdout)["report"]["jobs"]
        told = {job["itemDetails"]["name"]: _verdict(job) for job in jobs}
    except (ValueError, LookupError, TypeError) as error:
        raise failure(done) from error
    silent = NoVerdict("veraPDF did not speak of it")
    return {path: told.get(link, silent) for link, path in links.items()}


def _verdict(job: Mapping[str, Any]) -> Verdict:
    if fault := job.get("taskException"):
        said = str(fault["exceptionMessage"])
        return (Complaint("the file", said),) if fault["type"] in _UNREADABLE else NoVerdict(said)
    (result,) = job["validationResult"]
    if result["jobEndStatus"] != "normal":
        return NoVerdict(f"veraPDF broke off ({result['jobEndStatus']})")
    complaints = tuple(_complaints(result["details"]["ruleSummaries"]))
    if bool(result["compliant"]) == bool(complaints):
        return NoVerdict(f"veraPDF contradicts itself: {result['statement']}")
    return complaints


def _complaints(summaries: Sequence[Mapping[str, Any]]) -> Iterator[Complaint]:
    for rule in summaries:
        first = rule["checks"][0] if rule["checks"] else {}
        yield Complaint(
            f"{rule['specification']}, {rule['clause']}-{rule['testNumber']}",
            first.get("errorMessage") or rule["description"],
            rule["failedChecks"],
            first.get("context", ""),
        )
