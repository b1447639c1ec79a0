"""Natural transcripts: what an agent thought, said, called and got back, without a marker of any format.

The text format is described in `seed/README.md`: `=== id` opens a transcript, `--- kind argument` a step.
"""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

KINDS = ("user", "tools", "thought", "text", "call", "response", "shell", "code", "edit")
NAMED = ("call", "code", "edit")
"""Steps whose argument (function, language, path) may not be absent."""

ACTIONS = ("call", "shell", "code", "edit")
"""Steps that a machine executes."""

_ID = re.compile(r"\w+(-\w+)*")
_HEADER = re.compile(r"(domain|language): *(\S.*)")


class TranscriptError(ValueError):
    """A text that is no transcript; the message names file and line, what was expected, what was found."""


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step: its kind, its argument (function, language or path; may be empty) and its body."""

    kind: str
    argument: str
    body: str

    @property
    def arguments(self) -> dict[str, Any]:
        """The JSON object of a `call` step."""
        value: dict[str, Any] = json.loads(self.body)
        return value


@dataclass(frozen=True, kw_only=True)
class Transcript:
    """One conversation; `language` is an ISO code."""

    id: str
    domain: str
    language: str
    steps: tuple[Step, ...]


def seed_transcripts() -> list[Transcript]:
    """The hand-written transcripts that ship with the package, by folder and file name, in order."""
    found: list[Transcript] = []
    for path in _text_files(files("buzz_parser.data") / "seed"):
        found += parse_transcripts(path.read_text(encoding="utf-8"), str(path))
    return found


def parse_transcripts(text: str, origin: str) -> list[Transcript]:
    """The transcripts in a text; `origin` names it in messages. Raises `TranscriptError`."""
    found: list[Transcript] = []
    lines = text.split("\n")
    starts = [number for number, line in enumerate(lines) if line.startswith("=== ")]
    for line in lines[: starts[0] if starts else len(lines)]:
        if line.strip():
            raise TranscriptError(f"{origin}:1: expected '=== id', found {line[:40]!r}")
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=False):
        found.append(_transcript(lines[start:end], f"{origin}", start + 1))
    return found


def format_transcripts(transcripts: Iterable[Transcript]) -> str:
    """The text from which `parse_transcripts` reads the same transcripts."""
    parts = []
    for transcript in transcripts:
        lines = [f"=== {transcript.id}", f"domain: {transcript.domain}"]
        lines.append(f"language: {transcript.language}")
        for step in transcript.steps:
            lines += [f"--- {step.kind} {step.argument}".rstrip(), step.body]
        parts.append("\n".join(lines) + "\n")
    return "\n".join(parts)


def violations(transcript: Transcript) -> list[str]:
    """What breaks the rules of a transcript, one sentence each; empty if nothing does."""
    found = []
    if not _ID.fullmatch(transcript.id):
        found.append(f"id: expected words joined by hyphens, found {transcript.id!r}")
    if not transcript.steps:
        found.append("steps: expected one or more, found none")
    for number, step in enumerate(transcript.steps, start=1):
        where = f"step {number} ({step.kind})"
        if step.kind in NAMED and not step.argument:
            found.append(f"{where}: expected a name, found none")
        if step.kind != "response" and not step.body.strip():
            found.append(f"{where}: expected a body, found none")
        elif step.kind == "call":
            found += _json_violation(where, step.body, dict)
        elif step.kind == "tools":
            found += _json_violation(where, step.body, list)
        if any(line.startswith(("=== ", "--- ")) for line in step.body.split("\n")):
            found.append(f"{where}: expected no line that opens a step, found one")
    return found


def _transcript(lines: Sequence[str], origin: str, first: int) -> Transcript:
    headers: dict[str, str] = {}
    steps: list[Step] = []
    opened: list[str] | None = None
    for number, line in enumerate(lines[1:], start=first + 1):
        if line.startswith("--- "):
            kind, _, argument = line[4:].strip().partition(" ")
            if kind not in KINDS:
                expected = ", ".join(KINDS)
                raise TranscriptError(f"{origin}:{number}: expected {expected}, found {kind!r}")
            opened = []
            steps.append(Step(kind=kind, argument=argument.strip(), body=""))
        elif opened is not None:
            opened.append(line)
            body = "\n".join(opened).strip("\n")
            steps[-1] = Step(kind=steps[-1].kind, argument=steps[-1].argument, body=body)
        elif header := _HEADER.fullmatch(line):
            headers[header[1]] = header[2].strip()
        elif line.strip():
            found = repr(line[:40])
            raise TranscriptError(f"{origin}:{number}: expected a header or a step, found {found}")
    for name in ("domain", "language"):
        if name not in headers:
            raise TranscriptError(f"{origin}:{first}: expected '{name}: …', found none")
    return Transcript(
        id=lines[0][4:].strip(),
        domain=headers["domain"],
        language=headers["language"],
        steps=tuple(steps),
    )


def _json_violation(where: str, body: str, expected: type) -> list[str]:
    try:
        value = json.loads(body)
    except RecursionError:
        return [f"{where}: expected JSON, found nesting without end"]
    except ValueError as error:
        return [f"{where}: expected JSON, found {error}"]
    if not isinstance(value, expected):
        return [f"{where}: expected a JSON {expected.__name__}, found {type(value).__name__}"]
    return []


def _text_files(folder: Traversable) -> list[Traversable]:
    found: list[Traversable] = []
    for entry in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if entry.is_dir():
            found += _text_files(entry)
        elif entry.name.endswith(".txt"):
            found.append(entry)
    return found
