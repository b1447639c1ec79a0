"""CoNLL: one token a line, its tag last, a blank line after each message.

What is written has the columns token, start, end, tag (characters; controls and backslashes of a token as JSON
escapes) and comments `# id`, `# text`, `# meta`, so that it comes back exactly. Files with a token and a tag
alone are joined tokens.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from buzz_parser.data.interchange.lines import (
    InterchangeError,
    Rejects,
    checked,
    read_lines,
    write_lines,
)
from buzz_parser.data.interchange.words import joined, located, spans_of, words_of
from buzz_parser.data.records import Record

_COMMENTS = ("id", "text", "meta")


def read_conll(path: Path, rejects: Rejects, *, joint: str = " ") -> list[Record]:
    """The messages of a file; `joint` stands between two tokens of a message without `# text`.

    A message with a bad line is a reject as a whole, named by that line.
    """
    records = []
    for block in _blocks(path, rejects):
        first = block[0][0]
        try:
            records.append(_record(block, f"{path.stem}-{first}", joint))
        except ValueError as error:
            shown = "\n".join(line for _, line in block)
            rejects.add(f"lines {first} to {block[-1][0]}", error, shown)
    return records


def write_conll(path: Path, records: Iterable[Record]) -> int:
    """Writes messages; returns how many."""
    count = 0

    def lines() -> Iterator[str]:
        nonlocal count
        for record in records:
            count += 1
            yield from _lines(record)

    write_lines(path, lines())
    return count


def _lines(record: Record) -> Iterator[str]:
    yield f"# id = {json.dumps(record.id, ensure_ascii=False)}"
    yield f"# text = {json.dumps(record.text, ensure_ascii=False)}"
    yield f"# meta = {json.dumps(dict(record.meta), ensure_ascii=False)}"
    for start, end, tag in words_of(record.text, record.segments):
        token = json.dumps(record.text[start:end], ensure_ascii=False)[1:-1]
        yield f"{token}\t{start}\t{end}\t{tag}"
    yield ""


def _blocks(path: Path, rejects: Rejects) -> Iterator[list[tuple[int, str]]]:
    block: list[tuple[int, str]] = []
    expected = 1
    for number, line in read_lines(path, lambda line, _: line, rejects):
        # `read_lines` passes over blank lines: a gap in the numbers is the end of a message.
        if block and number != expected:
            yield block
            block = []
        block.append((number, line))
        expected = number + 1
    if block:
        yield block


def _record(block: list[tuple[int, str]], identity: str, joint: str) -> Record:
    given: dict[str, Any] = {}
    tokens: list[str] = []
    tags: list[str] = []
    bounds: list[tuple[int, tuple[int, int]]] = []
    for number, line in block:
        if (comment := _comment(line)) is not None:
            key, value = comment
            given[key] = _json(number, value)
            expected = dict if key == "meta" else str
            if not isinstance(given[key], expected):
                found = type(given[key]).__name__
                raise InterchangeError(
                    f"line {number}: {key}: expected {expected.__name__}, found {found}"
                )
            continue
        columns = line.split("\t") if "\t" in line else line.split()
        if len(columns) < 2:
            raise InterchangeError(f"line {number}: expected a token and its tag, found {line!r}")
        has_bounds = len(columns) == 4 and columns[1].isdecimal() and columns[2].isdecimal()
        tokens.append(_json(number, f'"{columns[0]}"') if has_bounds else columns[0])
        tags.append(columns[-1])
        if has_bounds:
            bounds.append((number, (int(columns[1]), int(columns[2]))))
    text = given.get("text")
    if text is None:
        text, offsets = joined(tokens, joint)
    else:
        offsets = located(text, tokens)
        for (number, said), place in zip(bounds, offsets, strict=False):
            if said != place:
                raise InterchangeError(f"line {number}: expected the bounds {place}, found {said}")
    spans = spans_of(text, offsets, tags)
    meta = given.get("meta", {})
    return checked(Record(id=given.get("id") or identity, text=text, segments=spans, meta=meta))


def _comment(line: str) -> tuple[str, str] | None:
    """Key and value of a comment of ours; a token `#` has a tab behind it, or a tag and nothing else."""
    for key in _COMMENTS:
        if line.startswith(f"# {key} = "):
            return key, line[len(f"# {key} = ") :]
    return None


def _json(number: int, value: str) -> Any:
    try:
        return json.loads(value)
    except ValueError as cause:
        raise InterchangeError(f"line {number}: expected JSON, found {cause}") from cause
