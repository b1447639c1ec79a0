"""`{"tokens": […], "ner_tags": […]}`, one message a line, as token classification is often trained.

What is written has the raw `text` too, so that it comes back exactly. Lines without it are joined tokens.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from buzz_parser.contract.labels import LABELS
from buzz_parser.data.interchange.lines import (
    InterchangeError,
    Rejects,
    checked,
    json_object,
    read_lines,
    write_lines,
)
from buzz_parser.data.interchange.words import joined, located, spans_of, words_of
from buzz_parser.data.records import Record


def read_tokens_tags(path: Path, rejects: Rejects, *, joint: str = " ") -> list[Record]:
    """The messages of a file; `joint` stands between two tokens where a line has no `text`.

    Tags are names (`B-TEXT`) or ids of the label map.
    """

    def read(line: str, number: int) -> Record:
        return _record(json_object(line), f"{path.stem}-{number}", joint)

    return [record for _, record in read_lines(path, read, rejects)]


def write_tokens_tags(path: Path, records: Iterable[Record]) -> int:
    """Writes tokens, tag names, and what brings the message back; returns how many."""
    return write_lines(path, (_line(record) for record in records))


def _line(record: Record) -> str:
    words = words_of(record.text, record.segments)
    value = {
        "id": record.id,
        "tokens": [record.text[start:end] for start, end, _ in words],
        "ner_tags": [tag for _, _, tag in words],
        "text": record.text,
        "meta": dict(record.meta),
    }
    return json.dumps(value, ensure_ascii=False)


def _record(value: dict[str, Any], identity: str, joint: str) -> Record:
    tokens, tags = _list(value, "tokens"), _list(value, "ner_tags")
    for index, token in enumerate(tokens):
        if not isinstance(token, str):
            raise InterchangeError(f"tokens[{index}]: expected a string, found {token!r}")
    text, meta = value.get("text"), value.get("meta", {})
    if not isinstance(meta, dict):
        raise InterchangeError(f"meta: expected an object, found {type(meta).__name__}")
    if text is None:
        text, offsets = joined(tokens, joint)
    elif isinstance(text, str):
        offsets = located(text, tokens)
    else:
        raise InterchangeError(f"text: expected a string, found {type(text).__name__}")
    names = [_tag(index, tag) for index, tag in enumerate(tags)]
    spans = spans_of(text, offsets, names)
    own = value.get("id")
    return checked(
        Record(id=identity if own in (None, "") else str(own), text=text, segments=spans, meta=meta)
    )


def _list(value: dict[str, Any], key: str) -> list[Any]:
    found = value.get(key)
    if not isinstance(found, list):
        raise InterchangeError(f"{key}: expected a list, found {type(found).__name__}")
    return found


def _tag(index: int, tag: Any) -> str:
    if isinstance(tag, str):
        return tag
    if isinstance(tag, int) and not isinstance(tag, bool) and 0 <= tag < len(LABELS):
        return LABELS[tag]
    raise InterchangeError(
        f"ner_tags[{index}]: expected a tag or 0 to {len(LABELS) - 1}, found {tag!r}"
    )
