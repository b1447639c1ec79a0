"""The messages that teachers are to label: one a line, bad lines set aside with the reason."""

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.teachers.checks import AnswerRejected, shortened
from buzz_parser.data.teachers.config import TeacherError


@dataclass(frozen=True, kw_only=True)
class InputMessage:
    """A message to label, the line it stands on, from 1, and its id: its own or made from the text."""

    id: str
    text: str
    line: int


def read_input(path: Path) -> tuple[list[InputMessage], list[dict[str, Any]]]:
    """The messages of a JSONL file and what is wrong with its other lines, as the reject file says it.

    A text that stands there twice is a message once. Raises `TeacherError` if the file cannot be read.
    """
    try:
        content = path.read_bytes().decode("utf-8")
    except OSError as cause:
        found = cause.strerror or "something else"
        raise TeacherError(f"{path}: expected a readable file, found {found}") from cause
    except UnicodeDecodeError as cause:
        raise TeacherError(f"{path}: expected UTF-8, found other bytes at {cause.start}") from cause
    good: list[InputMessage] = []
    bad: list[dict[str, Any]] = []
    first_line: dict[str, str] = {}
    for number, line in enumerate(content.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            message = _read_line(line, number)
            for key, value in (("text", message.text), ("id", message.id)):
                seen = first_line.setdefault(f"{key} {value}", str(number))
                if seen != str(number):
                    raise AnswerRejected(f"expected a new {key}, found that of line {seen}")
        except AnswerRejected as rejection:
            bad.append({"line": number, "reason": str(rejection), "found": line})
        else:
            good.append(message)
    return good, bad


def _read_line(line: str, number: int) -> InputMessage:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as cause:
        raise AnswerRejected(f"expected JSON, found {shortened(line)}") from cause
    text = value.get("text") if isinstance(value, dict) else value
    if not isinstance(text, str):
        raise AnswerRejected('expected a string or an object with the string "text", found neither')
    if set(text) <= WHITESPACE:
        raise AnswerRejected("expected a message, found nothing but whitespace")
    surrogate = re.search("[\ud800-\udfff]", text)
    if surrogate:
        raise AnswerRejected(f"expected Unicode, found half a character at {surrogate.start()}")
    given = value.get("id") if isinstance(value, dict) else None
    if given is not None and (not isinstance(given, str | int) or isinstance(given, bool)):
        raise AnswerRejected('expected a string or an integer as "id", found something else')
    made = f"message-{hashlib.sha256(text.encode()).hexdigest()[:16]}"
    return InputMessage(id=made if given is None else str(given), text=text, line=number)
