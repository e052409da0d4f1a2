"""A message extractor for Babel, so that `pybabel extract -F pyproject.toml .` works as in any project.

It gives the very messages that `handout catalogs extract` writes, with segment ids as contexts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import BinaryIO

from pipeline.document import segments
from pipeline.reader import open_project, read
from pipeline.translation import extract

_KEYWORD = "pgettext"  # Babel's own name for a message with a context


def extract_messages(
    file: BinaryIO, keywords: Iterable[str], comment_tags: Sequence[str], options: Mapping[str, object]
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Yield the messages of a source as Babel wants them: line, keyword, context and text, comments.

    Babel's keywords, comment tags and options are for the code of programs. The project is the folder
    above the one that holds the source; another file has no messages. Raises `SourceError` with every
    fault of the source.
    """
    del keywords, comment_tags, options
    path = Path(file.name).resolve()
    project = open_project(path.parent.parent)
    if path != (project.source_folder / project.settings.project.source).resolve():
        return
    document = read(project)
    lines = {s.id: s.location.line for s in segments(document) if s.location}
    for message in extract(document):
        yield lines.get(message.context, 0), _KEYWORD, (message.context, message.id), list(message.comments)
