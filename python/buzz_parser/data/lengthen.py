"""Long bodies: results of many windows, as files and logs are, calls that write files, long deliberations and reports.

Far from its marker a body is known only by the state that is carried to it, so it may hold any voice: prose,
code, lists, other people's deliberations. What ends it is its closing marker, or the next opening one.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from buzz_parser.data.dialects.model import Call, Dialect, Item
from buzz_parser.data.dialects.render import LABELLED_LINE
from buzz_parser.data.installed import excerpt
from buzz_parser.data.transcripts import Transcript

SHORTEST, LONGEST = 1_200, 9_000
"""Between how many characters a long body is drawn."""

MOST_PARTS = 60

CONTENT_DIVISOR = 3
"""How many times shorter what a call writes is than what a result shows."""

LEAST_CONTENT = 60
"""From so many characters on, an argument is taken for content."""

ENDS_CONTENT = re.compile(
    r"`{3}|~{3}|^EOF$|</?(?:param|arg|invoke|func|tool|content|code|exec|cmd|[a-z_]*call)",
    re.IGNORECASE | re.MULTILINE,
)
"""What could end a call's content before its end."""

PATHS = (
    "src/app.py",
    "/tmp/run.sh",
    "config/settings.toml",
    "notes.md",
    "web/index.html",
    "lib/util.js",
)

VOICES: dict[str, tuple[str, ...]] = {
    "response": (
        "response",
        "response",
        "response",
        "code",
        "edit",
        "shell",
        "text",
        "text",
        "thought",
    ),
    "thought": ("thought", "thought", "thought", "thought", "text", "code"),
    "text": ("text",),
}
"""Which steps a long body of a type is made of; one that stands twice is drawn twice as often."""

LINES = (
    "{n:6}\t{line}",
    "{n:6}\t{line}",
    "{n}: {line}",
    "{n}:{line}",
    "{n:4} | {line}",
    "{n:>4}→{line}",
    "    {line}",
    "+{line}",
    "> {line}",
    "{day} 07:{minute:02}:{second:02} {line}",
)
"""How viewers, diffs and logs print a line."""


def lengthen(
    items: list[Item], dialect: Dialect, transcripts: Sequence[Transcript], rng: Random
) -> bool:
    """One item's body as a long one, made of many transcripts' steps; whether there was a place for it."""
    places = [index for index, item in enumerate(items) if _holds(item, index, items, dialect)]
    if not places:
        return False
    at = rng.choice(places)
    results = [index for index in places if items[index].kind == "response"]
    if results and rng.random() < 0.7:
        at = rng.choice(results)
    body = _long_body(items[at].kind, transcripts, rng)
    if _opens_another(body, dialect) or LABELLED_LINE.search(body):
        return False
    items[at] = replace(items[at], body=body)
    return True


def show_file(items: list[Item], dialect: Dialect, rng: Random) -> bool:
    """One result as an excerpt of an installed file; whether there was a place for it."""
    places = [
        index
        for index, item in enumerate(items)
        if item.kind == "response" and _holds(item, index, items, dialect)
    ]
    body = excerpt(rng, _size(rng)) if places else None
    if body is None or _opens_another(body, dialect):
        return False
    if (
        LABELLED_LINE.search(body)
        and not dialect.turns.bound_results
        and not dialect.response.close.strip()
    ):
        return False
    at = rng.choice(places)
    items[at] = replace(items[at], body="\n".join(_shown(body.split("\n"), rng)))
    return True


def fill_call(items: list[Item], dialect: Dialect, rng: Random) -> bool:
    """The code or the longest argument of one call as an excerpt of an installed file; whether there was a place."""
    places = [
        (at, number)
        for at, item in enumerate(items)
        for number, call in enumerate(item.calls)
        if call.kind in ("shell", "code") or len(_content(call)[1]) >= LEAST_CONTENT
    ]
    if not places or not dialect.call.delimited:
        return False
    at, number = rng.choice(places)
    calls = list(items[at].calls)
    call = calls[number]
    body = excerpt(rng, _size(rng) // CONTENT_DIVISOR, ".py" if call.kind == "code" else "")
    if body is None or _opens_another(body, dialect) or ENDS_CONTENT.search(body):
        return False
    if call.kind == "shell":
        body = f"cat > {rng.choice(PATHS)} <<'EOF'\n{body}\nEOF"
    arguments = {**call.arguments, _content(call)[0]: body}
    calls[number] = replace(call, body=body, arguments=arguments)
    items[at] = replace(items[at], calls=tuple(calls))
    return True


def _content(call: Call) -> tuple[str, str]:
    """The longest text among a call's arguments, behind its key; for edits, which keep theirs, none."""
    texts = [(key, value) for key, value in call.arguments.items() if isinstance(value, str)]
    if call.kind == "edit" or not texts:
        return "", ""
    return max(texts, key=lambda pair: len(pair[1]))


def _opens_another(body: str, dialect: Dialect) -> bool:
    return any(mark in body for mark in _markers(dialect))


def _size(rng: Random) -> int:
    factor: float = (LONGEST / SHORTEST) ** rng.random()
    return round(SHORTEST * factor)


def _holds(item: Item, index: int, items: Sequence[Item], dialect: Dialect) -> bool:
    """Whether nothing but markers tells where the body of an item begins and ends, or nothing follows it."""
    if dialect.whole is not None and not dialect.turns.bound_results:
        return False
    if item.kind == "response":
        return bool(dialect.response.open.strip()) or dialect.turns.bound_results
    if item.kind == "thought":
        return bool(dialect.thought.open.strip() and dialect.thought.close.strip())
    return item.kind == "text" and index == len(items) - 1


def _long_body(kind: str, transcripts: Sequence[Transcript], rng: Random) -> str:
    size = _size(rng)
    joint = rng.choice(("\n", "\n", "\n\n", "\n\n", "\n---------\n", "\n\n\n"))
    parts: list[str] = []
    if kind == "response" and rng.random() < 0.4:
        kinds: tuple[str, ...] = (rng.choice(VOICES[kind]),)
    else:
        kinds = VOICES[kind]
    for _ in range(MOST_PARTS):
        wanted = rng.choice(kinds)
        steps = [step for step in rng.choice(transcripts).steps if step.kind == wanted]
        if steps:
            parts.append(rng.choice(steps).body.strip())
        if sum(map(len, parts)) >= size:
            break
    lines = joint.join(parts).strip().split("\n")
    return "\n".join(_shown(lines, rng) if kind == "response" else lines)


def _shown(lines: Sequence[str], rng: Random) -> list[str]:
    """The lines as viewers and tools print them: numbered, indented, stamped, or as they are."""
    if rng.random() < 0.7:
        return list(lines)
    template = rng.choice(LINES)
    first = rng.choice((1, 1, 1, rng.randint(2, 900)))
    day = f"2025-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    return [
        template.format(n=n, line=line, day=day, minute=n // 60 % 60, second=n % 60)
        for n, line in enumerate(lines, first)
    ]


def _markers(dialect: Dialect) -> set[str]:
    """What opens or closes anything in a dialect, as far as it is the same in every message."""
    wraps = (
        dialect.thought, dialect.text, dialect.final, dialect.response, dialect.call.wrap, dialect.call.section,
        dialect.turns.assistant, dialect.turns.tool or dialect.turns.assistant,
    )  # fmt: skip
    marks = (mark.strip().split("%")[0] for wrap in wraps for mark in (wrap.open, wrap.close))
    return {mark for mark in marks if mark}
