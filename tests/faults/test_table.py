"""Tables with faults, and builds of copies that are killed."""

from __future__ import annotations

import csv
import random
import signal
import time
from pathlib import Path

from faults.builds import SEED, Note, Site, kill, tree, wait_until_gone, workers_of
from pipeline.diagnostics import ExitCode

ROWS, BAD, PARTS = 10_000, 500, 40
COLUMNS = ("id", "name", "name:de", "phone", "web", "email", "languages")
# What is wrong, by column.
FAULTS = (
    {"name": "<b>Clinic</b>"},
    {"name": ""},
    {"name": "Klinik f\u00c3\u00bcr Kinder"},
    {"name:de": "Klinik\u202e"},
    {"phone": "ask us"},
    {"web": "javascript:alert(1)"},
    {"email": "nobody"},
    {"languages": "en xx"},
    {"id": "../up"},
    {"phone": "", "web": "", "email": ""},
)
NAMES = ("Clinic", "مستشفى", "Клиника", "病院", "बाल अस्पताल", "Κλινική", "Klinik Süd “Ost” & Co.")


def good(number: int) -> dict[str, str]:
    return {
        "id": f"{('clinic', 'clínica', 'клиника')[number % 3]}-{number}",
        "name": f"{NAMES[number % 3]} {number}",
        "name:de": f"Klinik {number}",
        "phone": f"+49 30 {number:05}",
        "web": f"example.org/{number}",
        "email": f"c{number}@example.org",
        "languages": "de" if number % 2 else "en de",
    }


def write(path: Path, rows: list[dict[str, str]], *, spoiled: dict[int, bytes] | None = None) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, COLUMNS)
        table.writeheader()
        table.writerows(rows)
    for number, data in (spoiled or {}).items():
        whole = path.read_bytes()
        assert whole.count(f"Klinik {number},".encode()) == 1
        path.write_bytes(whole.replace(f"Klinik {number},".encode(), data + b","))
    return path


def test_a_table_of_ten_thousand_rows_with_one_in_twenty_bad(site: Site, tmp_path: Path, note: Note) -> None:
    chosen = random.Random(SEED)
    bad = sorted(chosen.sample(range(ROWS), BAD))
    rows = [good(n) | (chosen.choice(FAULTS) if n in set(bad) else {}) for n in range(ROWS)]
    latin = chosen.choice([n for n in range(ROWS) if n not in set(bad)])  # and one row in another encoding
    table = write(tmp_path / "bad.csv", rows, spoiled={latin: "Klinik für".encode("latin-1")})
    wrong = sorted([*bad, latin])
    clean = write(tmp_path / "clean.csv", [good(n) for n in range(ROWS) if n not in set(wrong)])
    part = ("-f", "txt", "--shard", f"3/{PARTS}", "--organisations")
    done = site.build(*part, table)
    assert done.returncode == ExitCode.SOURCE, done.stderr[-2000:]
    report = site.output / "organisations" / "problems.csv"
    told = list(csv.reader(report.read_text("utf-8-sig").splitlines()))[1:]
    assert sorted({int(row[0]) - 2 for row in told}) == wrong
    assert done.stderr.endswith(
        f"{len(wrong)} rows with {len(told)} problems, which organisations/problems.csv lists.\n"
    )
    report.unlink()
    made = tree(site.output)
    other = Site(tmp_path / "other")
    assert other.build(*part, clean).returncode == ExitCode.OK
    expected = tree(other.output)
    assert len([name for name in expected if name.endswith(".txt")]) > ROWS / PARTS
    assert made == expected
    again = site.build(*part, clean)
    assert again.returncode == ExitCode.OK
    assert "0 artefacts made" in again.stdout
    assert tree(site.output) == expected
    note("a table of 10,000 rows, 501 of them bad", 1, "all told, by row; the others as from a clean table")


def test_copies_that_are_killed(site: Site, tmp_path: Path, note: Note) -> None:
    """The build, or a process of it, is killed while copies are made."""
    names = [
        good(n) | {"name": name, "name:de": name, "languages": "en"} for n, name in enumerate(NAMES[:3] * 2)
    ]
    table = write(tmp_path / "t.csv", names)
    asked = ("-f", "pdf", "-f", "txt", "--organisations", table)
    other = Site(tmp_path / "other")
    done = other.build(*asked)
    assert (done.returncode, done.stderr) == (ExitCode.OK, "")
    expected = tree(other.output)
    chosen = random.Random(SEED)
    killed = 0
    for number in range(6):
        process = site.start(*asked)
        time.sleep(chosen.uniform(0.5, 4.0))
        if number % 3 == 2:
            killed += any(kill(pid) for pid in workers_of(process.pid)[:1])
            process.communicate()
            assert process.returncode == ExitCode.OK
        else:
            killed += kill(process.pid, signal.SIGKILL)
            process.communicate()
        wait_until_gone(process)
    site.complete(expected, *asked)
    note("copies of organizations: kill -9 of the build, or of a worker", killed, "the next build completes")
