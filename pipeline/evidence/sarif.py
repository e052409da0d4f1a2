"""SARIF 2.1.0 (OASIS Standard): the findings for code hosts, which show them beside the lines."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from pipeline.checks import Rule, every_rule
from pipeline.evidence.model import Evidence
from pipeline.remarks import Remark

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_LEVELS = {"info": "note", "warn": "warning", "fail": "error", "error": "error"}


def format_sarif(evidence: Evidence, *, output: str) -> bytes:
    """Return the SARIF of the findings. `output` is the folder of the artefacts, below the project."""
    known = every_rule()
    results = list(_results(evidence, output))
    used = sorted({result["ruleId"] for result in results} | set(known))
    index = {code: number for number, code in enumerate(used)}
    for result in results:
        result["ruleIndex"] = index[result["ruleId"]]
    skipped = sorted({(o.rule, o.skipped) for _, o in evidence.outcomes() if o.skipped})
    run = {
        "tool": {
            "driver": {
                "name": "handout",
                "version": evidence.program,
                "rules": [_rule(code, known) for code in used],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    {
                        "level": "warning",
                        "message": {"text": f"{code} was not run: {reason}"},
                        "associatedRule": {"id": code, **({"index": index[code]} if code in index else {})},
                    }
                    for code, reason in skipped
                ],
            }
        ],
        "results": results,
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    return msgspec.json.format(msgspec.json.encode(log)) + b"\n"


def _results(evidence: Evidence, output: str) -> Iterator[dict[str, Any]]:
    artefacts = {artefact.path for artefact in evidence.artefacts}
    for subject, outcome in evidence.outcomes():
        for remark in outcome.remarks:
            path = remark.file or (f"{output}/{subject}" if subject in artefacts else "")
            yield _result(remark, path, artefact=subject if subject in artefacts else "")


def _result(remark: Remark, path: str, *, artefact: str) -> dict[str, Any]:
    hint = f" ({remark.hint})" if remark.hint else ""
    of = f"{artefact}: " if artefact else ""
    result: dict[str, Any] = {
        "ruleId": remark.rule,
        "level": _LEVELS[remark.severity],
        "message": {"text": f"{of}{remark.message}{hint}"},
    }
    if path:
        place: dict[str, Any] = {"artifactLocation": {"uri": path.replace(" ", "%20")}}
        if remark.line and remark.file:
            place["region"] = {"startLine": remark.line}
        result["locations"] = [{"physicalLocation": place}]
    return result


def _rule(code: str, known: Mapping[str, Rule]) -> dict[str, Any]:
    rule = known.get(code)
    if rule is None:
        return {"id": code}
    return {
        "id": code,
        "shortDescription": {"text": f"{rule.title}."},
        "fullDescription": {"text": rule.rationale},
        "help": {"text": f"{rule.suggestion}. Source: {rule.source}."},
        "defaultConfiguration": {"level": _LEVELS[rule.severity.name.lower()]},
    }
