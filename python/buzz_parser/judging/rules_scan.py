"""Scanning for the rules: where brackets close, what an object's members are, what stands at a line's start."""

import re
from typing import NamedTuple

LONGEST_SCAN = 200_000
"""Characters that one balanced scan reads at most, so that a text of brackets takes no quadratic time."""

TURN_TOKEN = re.compile(
    r"<\|(?:im_end|im_start|im_assistant|im_system|im_user|eot_id|eom_id|eot|eom|endoftext|end_of_text|"
    r"end|start|return|call|calls|begin|user|assistant|system|observation|tool|bot|role_end|message_sep|"
    r"start_header_id|header_start|start_of_role|end_message|stop|from|user_end|assistant_end|end_of_msg|"
    r"end_of_turn_token|start_of_turn_token|end_of_assistant|begin_assistant|begin_tool_result)\|>"
    r"|<｜(?:end▁of▁sentence|begin▁of▁sentence|assistant|user)｜>|</s>|\[/?INST\]|<seed:[be]os>|\[e~\[|\]~b\]"
    r"|<(?:end|start)_of_turn>|<turn\|>|<\|turn>|<(?:end|beginning)_of_sentence>|<SPECIAL_1[0-9]>|<bot_end>",
    re.IGNORECASE,
)
"""Tokens that end whatever an open envelope holds."""

_OPEN, _CLOSE = frozenset("{[("), frozenset("}])")


def balanced_end(text: str, start: int) -> int | None:
    """The end of the bracketed value that opens at `start`, or `None` if it never closes.

    Kinds of brackets may be crossed, as models cross them: only the depth counts. Double quotes open a
    string; single quotes do where a value may begin, so that an apostrophe is none.
    """
    depth = 0
    position = start
    limit = min(len(text), start + LONGEST_SCAN)
    before = ""
    while position < limit:
        character = text[position]
        if character == '"' or (character == "'" and before in "{[(,:="):
            end = _string_end(text, position, limit)
            if end is None:
                return None
            position, before = end, character
            continue
        if character in _OPEN:
            depth += 1
        elif character in _CLOSE:
            depth -= 1
            if depth <= 0:
                return position + 1
        if not character.isspace():
            before = character
        position += 1
    return None


class Member(NamedTuple):
    """A member of an object: its key, where the key's quote opens, where its value opens, where it ends."""

    key: str
    start: int
    value: int
    end: int


_KEY = re.compile(r"""\s*,?\s*(["'])((?:[^"'\\\n]|\\.)*)\1\s*:\s*""")


def members(text: str, start: int, end: int) -> list[Member]:
    """The members of the object `[start, end)`, as far as they can be told apart."""
    found = []
    position = start + 1
    while (match := _KEY.match(text, position, end)) is not None:
        value = match.end()
        stop = value_end(text, value, end)
        if stop is None:
            break
        found.append(Member(match.group(2), match.start(1), value, stop))
        position = stop
    return found


def elements(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The spans of a list's elements, `[start, end)` the list with its brackets."""
    found: list[tuple[int, int]] = []
    position = start + 1
    while True:
        while position < end and (text[position].isspace() or text[position] == ","):
            position += 1
        stop = value_end(text, position, end)
        if position >= end - 1 or stop is None or stop <= position:
            return found
        found.append((position, stop))
        position = stop


def value_end(text: str, start: int, limit: int) -> int | None:
    """The end of the JSON value that begins at `start`; `None` if it is cut before `limit`."""
    if start >= limit:
        return None
    if text[start] in _OPEN:
        end = balanced_end(text, start)
        return end if end is not None and end <= limit else None
    if text[start] in "\"'":
        return _string_end(text, start, limit)
    match = re.compile(r"[^,\]}\s]+").match(text, start, limit)
    return match.end() if match else None


def line_bounds(text: str, position: int) -> tuple[int, int]:
    """The line around a position, without its newline."""
    start = text.rfind("\n", 0, position) + 1
    end = text.find("\n", position)
    return start, len(text) if end < 0 else end


def at_line_start(text: str, position: int) -> bool:
    """Whether only spaces and tabs stand between the line's start and a position."""
    start, _ = line_bounds(text, position)
    return not text[start:position].strip(" \t")


def is_quoted(text: str, position: int) -> bool:
    """Whether a position is in a quoted line (`> `) or in inline code: after an odd number of backticks."""
    start, end = line_bounds(text, position)
    before = text[start:position]
    if text.startswith("> ", start):
        return True
    return "```" not in before and before.count("`") % 2 == 1 and "`" in text[position:end]


def next_turn(text: str, position: int) -> int:
    """Where the next turn token stands, or the end of the text."""
    match = TURN_TOKEN.search(text, position)
    return match.start() if match else len(text)


def _string_end(text: str, start: int, limit: int) -> int | None:
    quote = text[start]
    position = start + 1
    while position < limit:
        if text[position] == "\\":
            position += 2
        elif text[position] == quote:
            return position + 1
        else:
            position += 1
    return None
