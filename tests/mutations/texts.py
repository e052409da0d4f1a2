"""Harms to catalogs and sources, and to one of many copies."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from mutations.mutating import add, chosen, clean, damaged, edit, refused, swap
from pipeline import checks
from pipeline.checks import Subject
from pipeline.diagnostics import findings

PO = "translations/sv/LC_MESSAGES/osteopetrosis.po"
MD = "source/osteopetrosis.md"
KEY = 'msgid "Symptoms and their severity differ greatly."\nmsgstr "'
SYMPTOMS = 'msgctxt "key-differ"\n'

for title, claims, old, new in (
    ("number changed", "T010", 'msgstr "Utan behandling', 'msgstr "12 utan behandling'),
    ("tag lost", "PO", '<abbr id=\\"miop\\">MIOP</abbr>) är allv', "MIOP) är allv"),
    ("stray msgstr", "PO", SYMPTOMS, f'msgstr "löst"\n\n{SYMPTOMS}'),
    ("closing quote lost", "PO", 'varierar mycket."', "varierar mycket."),
    ("byte order mark", "PO", "# Translations", "\ufeff# Translations"),
    ("bidi override", "PO", "Symtomen och", "Symtomen \u202eoch"),
    ("control character", "PO", "Symtomen och", "Symtomen \x07och"),
    ("merge conflict", "PO", SYMPTOMS, f"<<<<<<< HEAD\n{SYMPTOMS}"),
    (
        "message twice",
        "PO",
        SYMPTOMS,
        f'{SYMPTOMS}msgid "Symptoms and their severity differ greatly."\nmsgstr "X"\n\n{SYMPTOMS}',
    ),
    ("foreign markup", "PO", "Symtomen och", "<b>Symtomen</b> och"),
):
    add(f"catalog: {title}", claims, lambda o=old, n=new: refused(edit(PO, o, n)))  # type: ignore[misc]

for title, claims, old, new in (
    ("id twice", "MD", "{#key-differ}", "{#key-infant}"),
    ("heading level skipped", "MD", "### Head and brain", "##### Head and brain"),
    ("picture without alternative text", "MD", "![Drawing of a family. Each", "![{#x}Each"),
    ("raw HTML", "MD", "- Symptoms and", "- <b>Symptoms</b> and"),
    ("block without id", "MD", " {#key-differ}", ""),
    ("unknown term", "MD", "(term:miop)", "(term:mioq)"),
    ("fact unmapped", "D020", "{#frequency-population}", "{#frequency-people}"),
):
    add(f"source: {title}", claims, lambda o=old, n=new: refused(edit(MD, o, n)))  # type: ignore[misc]


def among_copies(harmed: Subject) -> frozenset[str]:
    """Return what parity says when one of five copies of a handout was harmed."""
    tag = harmed.target.language
    copies = [clean(tag, format) for format in ("html", "epub", "docx", "txt", "pdf")]
    copies = [harmed if copy.format == harmed.format else copy for copy in copies]
    return frozenset(d.code for d in findings(checks.check_parity(copies)))


for title, claims, old, new in (
    ("paragraph lost", "R030", "In the general population, 1 in every", ""),
    ("figure with another separator", "R032", "250,000", "250.000"),
    ("heading mark lost", "R031", "## How common it is", "How common it is"),
    ("picture described otherwise", "R033", "[Drawing of", "[Picture of"),
    ("sentence added", "R030", "Symptoms and their", "Call a doctor before noon. Symptoms and their"),
    ("figure added", "R032", "Symptoms and their", "30 symptoms and their"),
    ("negation lost in one copy", "R030", "has not yet been", "has been"),
):
    add(
        f"parity: {title}",
        claims,
        lambda o=old, n=new: among_copies(damaged(clean("en", "txt"), swap(o, n))),  # type: ignore[misc]
    )

NEGATION = (
    "the catalog is the only place where the word stands, and all copies agree with it; no rule knows "
    "what a sentence means: only the people who sign a translation off do"
)


def negation_lost(folder: Path) -> None:
    edit(PO, "betyder inte cancer", "betyder cancer")(folder)


add("catalog: “not” lost in the translation", "", lambda: refused(negation_lost), excuse=NEGATION)
del chosen, replace
