"""External programs, a module for each: is it there, which version, run it with a time limit.

None of them is needed to build; each proves something about what was built.
"""

from __future__ import annotations

from pipeline.tools.epubcheck import EPUBCHECK
from pipeline.tools.java import JAVA
from pipeline.tools.node import ACE, AXE, NODE, PUPPETEER
from pipeline.tools.office import OFFICE
from pipeline.tools.ooxml import OOXML
from pipeline.tools.programs import Found, Tool, find, on_path, require, run
from pipeline.tools.verapdf import VERAPDF

__all__ = ["CHROMIUM", "GIT", "POPPLER", "TOOLS", "Found", "Tool", "find", "require", "run"]

GIT = Tool("Git", "keeping a language on an earlier edition", on_path("git"), "apt install git")

POPPLER = Tool("poppler", "reading PDFs back", on_path("pdftotext", option="-v"))

CHROMIUM = Tool("Chromium", "looking at web pages", on_path("chromium", "chromium-browser", "google-chrome"))

TOOLS = (
    GIT,
    POPPLER,
    Tool("GNU gettext", "a second opinion on PO files", on_path("msgfmt")),
    OFFICE,
    CHROMIUM,
    JAVA,
    VERAPDF,
    EPUBCHECK,
    OOXML,
    NODE,
    PUPPETEER,
    ACE,
    AXE,
)
