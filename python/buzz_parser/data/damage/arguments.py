"""JSON of calls that is not valid JSON, or not what the schema says."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from random import Random
from typing import Any

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import SPACE, gap_after, of_type, opener, paired
from buzz_parser.data.dialects import words
from buzz_parser.data.records import Span

GARBAGE = (
    "{}",
    "{}",
    "{}",
    "{ }",
    '{"": ""}',
    "null",
    '""',
    "[]",
    '{"arguments": {}}',
    '{"input": null}',
    '{"": "", "arguments": "{{{", "x": [[[null]]]}',
    '{"_": "..."}',
    '{"arg1": "value1", "arg2": "value2"}',
    '{"type": "object", "properties": {}}',
    '"{"',
    "undefined",
    '{"query"}',
    "{{}}",
)

_ARGS_KEYS = frozenset(words.ARGS_KEYS)
_DECODE = json.JSONDecoder().raw_decode
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')
_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\]\[{}]')
_ESCAPE = re.compile(r"(?<!\\)\\[nt]")
_QUOTE = re.compile('"')
_FIELDS = re.compile(
    r"<(?P<tag>[\w:]*(?:parameter|param|arg_key|arg))\b[^<>\n]*>.*</(?:(?P=tag)|arg_value)>",
    re.DOTALL,
)


@dataclass(frozen=True)
class Found:
    """The JSON of a call: segment, bounds in the text, value; bounds and value of its arguments."""

    index: int
    start: int
    end: int
    value: Any
    args_start: int
    args_end: int
    args: Any


def find_json(text: str, spans: Sequence[Span], rng: Random) -> Found | None:
    """The JSON of one of the calls; `None` if there is none that can be read."""
    calls = of_type(spans, "TOOLCALL")
    rng.shuffle(calls)
    for index in calls:
        span = spans[index]
        first = opener(text, span) or span.start
        start = text.find("{", first, span.end)
        if start < 0:
            continue
        try:
            value, end = _DECODE(text, start)
        except ValueError:
            continue
        if isinstance(value, dict) and value and end <= span.end:
            return Found(index, start, end, value, *_arguments(text, start, end, value))
    return None


def crossed_brackets(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Brackets are closed in the wrong order, or by the other kind."""
    found = find_json(text, spans, rng)
    if found is None:
        return None
    tokens = _TOKEN.finditer(text, found.start, found.end)
    closers = [match.start() for match in tokens if match[0] in "]}"]
    mixed = [(a, b) for a, b in pairwise(closers) if text[a] != text[b]]
    if mixed and rng.random() < 0.7:
        swapped = rng.choice(mixed)
        edits = [
            Edit(at, at + 1, text[other], found.index)
            for at, other in zip(swapped, reversed(swapped), strict=True)
        ]
    else:
        at = rng.choice(closers)
        edits = [Edit(at, at + 1, "]" if text[at] == "}" else "}", found.index)]
    return edited(text, spans, edits)


def broken_json(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """JSON with trailing commas, with raw line breaks and tabs in strings, or truncated within a string."""
    found = find_json(text, spans, rng)
    if found is None:
        return None
    ways = [_trailing_commas, _raw_breaks, _truncated]
    rng.shuffle(ways)
    for way in ways:
        if edits := way(text, spans, found, rng):
            return edited(text, spans, edits)
    return None


def empty_arguments(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The arguments are empty or garbage."""
    found = find_json(text, spans, rng)
    if found is not None:
        whole = found.args_start == found.start
        if whole and found.start == spans[found.index].start:
            return None  # a lone `{}` could be anything
        new = "{}" if whole else rng.choice(GARBAGE)
        return edited(text, spans, [Edit(found.args_start, found.args_end, new, found.index)])
    for index in of_type(spans, "TOOLCALL"):
        edges = paired(text, spans[index])
        if edges is None or (match := _FIELDS.search(text, *edges)) is None:
            continue
        if text[edges.open_end : match.start()].strip(SPACE):
            return edited(text, spans, [Edit(match.start(), match.end(), "", index)])
    return None


def python_literals(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """A Python dict instead of JSON, or the arguments as JSON in single quotes."""
    found = find_json(text, spans, rng)
    if found is None:
        return None
    if found.args_start > found.start and rng.random() < 0.35:
        edits = [
            Edit(found.args_start, found.args_start, "'", found.index),
            Edit(found.args_end, found.args_end, "'", found.index),
        ]
        return edited(text, spans, edits)
    return edited(text, spans, [Edit(found.start, found.end, repr(found.value), found.index)])


def stringified(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The arguments, or an array or object among them, are serialised as a string."""
    found = find_json(text, spans, rng)
    if found is None or not isinstance(found.args, dict):
        return None
    nested = [key for key, value in found.args.items() if isinstance(value, list | dict)]
    if nested and (found.args_start == found.start or rng.random() < 0.6):
        key = rng.choice(nested)
        changed: Any = found.args | {key: json.dumps(found.args[key], ensure_ascii=False)}
    elif found.args_start > found.start:
        changed = json.dumps(found.args, ensure_ascii=False)
    else:
        changed = {key: _as_string(value) for key, value in found.args.items()}
    new = json.dumps(changed, ensure_ascii=False)
    return edited(text, spans, [Edit(found.args_start, found.args_end, new, found.index)])


def typographic_quotes(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The quotes of JSON are typographic."""
    found = find_json(text, spans, rng)
    if found is None:
        return None
    marks = rng.choice(("“”", "“”", "„“", "””", "«»", "＂＂"))
    quotes = _QUOTE.finditer(text, found.start, found.end)
    edits = [
        Edit(match.start(), match.end(), marks[number % 2], found.index)
        for number, match in enumerate(quotes)
    ]
    return edited(text, spans, edits)


def _arguments(text: str, start: int, end: int, value: dict[str, Any]) -> tuple[int, int, Any]:
    """Bounds and value of the arguments in a call's JSON; the whole object if it has none by name."""
    for key, inner in value.items():
        if key in _ARGS_KEYS and isinstance(inner, dict):
            at = text.find(f'"{key}"', start, end)
            brace = text.find("{", at, end)
            if at < 0 or brace < 0:
                continue
            try:
                found, stop = _DECODE(text, brace)
            except ValueError:
                continue
            if found == inner and stop < end:
                return brace, stop, inner
    return start, end, value


def _as_string(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _trailing_commas(text: str, _spans: Sequence[Span], found: Found, rng: Random) -> list[Edit]:
    tokens = _TOKEN.finditer(text, found.start, found.end)
    closers = [match.start() for match in tokens if match[0] in "]}"]
    chosen = [at for at in closers[:-1] if rng.random() < 0.5] + closers[-1:]
    return [Edit(at, at, ",", found.index) for at in chosen]


def _raw_breaks(text: str, _spans: Sequence[Span], found: Found, _rng: Random) -> list[Edit]:
    return [
        Edit(match.start(), match.end(), "\n" if match[0] == "\\n" else "\t", found.index)
        for match in _ESCAPE.finditer(text, found.start, found.end)
    ]


def _truncated(text: str, spans: Sequence[Span], found: Found, rng: Random) -> list[Edit]:
    """Cut within the last long string: up to the closing marker, else at the end of the message alone."""
    span = spans[found.index]
    is_last = found.index + 1 == len(spans) and not gap_after(text, spans, found.index).strip(SPACE)
    edges = paired(text, span)
    if not is_last and (edges is None or edges.close_start < found.end):
        return []
    strings = [m for m in _STRING.finditer(text, found.start, found.end) if len(m[0]) > 10]
    if not strings:
        return []
    match = strings[-1]
    at = rng.randrange(match.start() + 4, match.end() - 2)
    end = span.end if edges is None or (is_last and rng.random() < 0.5) else found.end
    return [Edit(at, end, "", found.index)]
