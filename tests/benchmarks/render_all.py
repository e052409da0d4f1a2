"""Render all targets of a language and do nothing else: no checks, no passports, no records.

What the other programs do is only this. Takes an output folder and a language.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path

from pipeline.making import companions_of
from pipeline.plan import Wishes, targets
from pipeline.renderers import FORMATS
from pipeline.workspace import handout, layout_of, load

ROOT = Path(__file__).parent.parent.parent


def main(output: Path, tag: str) -> None:
    """Render, the PDF of each handout first: an e-book lists its pages."""
    settings = load(ROOT)[0].settings
    everything = targets(settings, Wishes())
    pages: dict[tuple[str, str], Mapping[str, int]] = {}
    for target in sorted(targets(settings, Wishes(languages=(tag,))), key=lambda t: t.format != "pdf"):
        beside = target.handout, target.edition
        layout = layout_of(ROOT, target, output)
        companions = companions_of(target, everything, pages.get(beside, {}))
        made = FORMATS[target.format](handout(ROOT, tag, target.handout), layout, companions)
        if target.format == "pdf":
            pages.setdefault(beside, made.page_of)
        (output / target.name).parent.mkdir(parents=True, exist_ok=True)
        (output / target.name).write_bytes(made.data)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
