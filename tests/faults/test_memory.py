"""Too little memory: what fits is made, the rest has failed in a sentence, and the next build makes it."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from faults.builds import Note, Site, Tree, leaflets, wait_until_gone
from pipeline.diagnostics import ExitCode

# Most that a process may map, in MB: from what the program just starts with to what all of it fits in.
LIMITS = (150, 200, 250, 300, 400, 500, 1000)

# What a file named sitecustomize.py says, Python does when it starts: in each process of a build.
EATER = """
import sys
from pathlib import Path

def install(module):
    from pipeline.renderers import FORMATS
    whole = dict(FORMATS)

    def hungry(translated, layout, companions):
        if layout.edition.name == "large":
            {what}
        return whole["pdf"](translated, layout, companions)

    module.FORMATS = whole | {{"pdf": hungry}}

class Finder:
    def find_spec(self, name, path=None, target=None):
        if name == "pipeline.making":
            sys.meta_path.remove(self)
            import importlib.util
            spec = importlib.util.find_spec(name)
            run = spec.loader.exec_module
            def exec_module(module):
                run(module)
                install(module)
            spec.loader.exec_module = exec_module
            return spec

sys.meta_path.insert(0, Finder())
"""


def limit(megabytes: int) -> str:
    return f"import resource as r; r.setrlimit(r.RLIMIT_AS, ({megabytes} << 20, {megabytes} << 20))"


def test_less_and_less_memory(site: Site, undisturbed: tuple[Tree, Tree], note: Note) -> None:
    made = []
    for number, megabytes in enumerate(LIMITS):
        is_changed = number % 2 == 1
        site.change() if is_changed else site.restore()
        process = site.start(first=limit(megabytes))
        _, errors = process.communicate(timeout=300)
        wait_until_gone(process)
        assert process.returncode in (ExitCode.OK, ExitCode.RENDER), (megabytes, process.returncode, errors)
        assert "Traceback" not in errors, (megabytes, errors)
        for name, data in leaflets(site.output).items():
            assert data in [expected[name] for expected in undisturbed], name
        made.append(
            sum(data == undisturbed[is_changed][name] for name, data in leaflets(site.output).items())
        )
        site.complete(undisturbed[is_changed])
    assert made[-1] == 10
    assert min(made) < 10
    note(
        "a limit of memory, lower and lower",
        len(LIMITS),
        "what fits is made, the rest fails in a sentence; the next build completes",
    )


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("bytearray(1 << 60)", "there is not enough memory to make it"),
        (
            "import os, signal; os.kill(os.getpid(), signal.SIGKILL)",
            "ended from outside: twice, at last by SIGKILL",
        ),
        ("import ctypes; ctypes.string_at(0)", "ended from outside: twice, at last by SIGSEGV"),
        ("import os; os._exit(3)", "ended from outside: twice, at last with exit code 3"),
    ],
    ids=["MemoryError", "SIGKILL", "segmentation fault", "sudden end"],
)
def test_leaflets_that_end_their_process(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note, what: str, sentence: str
) -> None:
    """One of three jobs a language has no mercy on its process, however often: all others are made."""
    shim = site.folder / "shim"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(EATER.format(what=what), "utf-8")
    done = site.build(env={"PYTHONPATH": os.pathsep.join([str(shim)])})
    assert done.returncode == ExitCode.RENDER, (done.returncode, done.stderr)
    assert "Traceback" not in done.stderr
    assert sentence in done.stderr
    assert "Not made: de/steps-large.pdf, en/steps-large.pdf" in done.stderr
    assert sorted(leaflets(site.output)) == sorted(
        f"{tag}/steps-clear.{form}" for tag in ("en", "de") for form in ("txt", "html", "docx", "pdf")
    )
    site.complete(undisturbed[0])
    note(
        "leaflets that end their process, whenever they are tried",
        2,
        "they fail in a sentence, all others are made",
    )


def test_a_process_that_dies_once_costs_nothing(
    site: Site, undisturbed: tuple[Tree, Tree], note: Note
) -> None:
    once = Path(site.folder / "once")
    what = f"""Path({str(once)!r}).exists() or (Path({str(once)!r}).touch(), __import__("os")._exit(9))"""
    shim = site.folder / "shim"
    shim.mkdir()
    (shim / "sitecustomize.py").write_text(EATER.format(what=what), "utf-8")
    done = site.build(env={"PYTHONPATH": str(shim)})
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    assert once.exists()
    site.is_as(undisturbed[0])
    note("a leaflet that ends its process once", 1, "the same build makes it")
