"""Node.js, and the packages that run in it."""

from __future__ import annotations

import json
from collections.abc import Callable

from pipeline.tools.programs import CONFORMANCE, Found, Tool, on_path


def _package(name: str) -> Callable[[], Found | None]:
    def locate() -> Found | None:
        folder = CONFORMANCE / "node_modules" / name
        try:
            return Found(str(folder), json.loads((folder / "package.json").read_bytes())["version"])
        except (OSError, ValueError, LookupError):
            return None

    return locate


NODE = Tool("Node.js", "running Ace and axe-core", on_path("node"))
ACE = Tool("Ace by DAISY", "judging e-books", _package("@daisy/ace-core"))
AXE = Tool("axe-core", "judging web pages", _package("axe-core"))
PUPPETEER = Tool("puppeteer", "steering Chromium", _package("puppeteer-core"))
