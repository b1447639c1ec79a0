"""The baseline: a parser of known formats by rule, the yardstick that a learned one has to beat.

One pass from left to right. A marker either opens a segment with an end of its own, or opens prose that lasts
until the next marker, or says who speaks. What no marker claims is TEXT.
"""

import re
from collections.abc import Callable

from buzz_parser.contract.segments import trim
from buzz_parser.data.assembly import merged
from buzz_parser.data.records import Span
from buzz_parser.judging.rules_bare import (
    FENCE,
    INLINE,
    JSON,
    PYTHON,
    action_end,
    read_fence,
    read_inline,
    read_json_call,
    read_python,
)
from buzz_parser.judging.rules_channels import HARMONY, STRIPPED, read_channel, read_stripped
from buzz_parser.judging.rules_draft import Draft
from buzz_parser.judging.rules_forms import (
    CALL_CLOSERS,
    CALLS,
    LABELS,
    RESPONSES,
    THOUGHT_CLOSERS,
    THOUGHTS,
    TURNS,
    Form,
    any_bars,
    label_of_role,
)
from buzz_parser.judging.rules_scan import TURN_TOKEN, at_line_start, is_quoted
from buzz_parser.judging.rules_shown import is_shown

_TAIL = re.compile(rf"\s*(?:{CALL_CLOSERS.pattern})")

Apply = Callable[[Draft, re.Match[str]], int | None]
"""Reads one marker: where to go on, or `None` if it is none here."""


def rule_segments(text: str) -> tuple[Span, ...]:
    """The segments of a message by rule: trimmed, ordered, disjoint, neighbouring prose merged."""
    draft = Draft(text=text)
    position = 0
    while position < len(text):
        found = _PLACE.search(text, position)
        if found is None:
            break
        after = _read_marker(draft, found.start())
        position = max(after if after is not None else 0, found.start() + 1)
    draft.flush(len(text))
    spans = []
    end_before = 0
    for piece in draft.pieces:
        start, end = trim(text, max(piece.start, end_before), piece.end)
        if start < end:
            spans.append(Span(piece.label, start, end))
            end_before = end
    return merged(text, spans)


def _read_marker(draft: Draft, start: int) -> int | None:
    for pattern, apply in _MARKERS:
        match = pattern.match(draft.text, start)
        if match is not None and match.start() >= draft.start:
            after = apply(draft, match)
            if after is not None:
                return after
    return None


def _applies(form: Form) -> Apply:
    """How a form of the tables is read."""
    readers: dict[str, Callable[[Draft, Form, re.Match[str]], int | None]] = {
        "turn": _turn,
        "thought": _thought,
        "call": _call,
        "response": _response,
        "label": _label,
        "action": _action,
    }
    reader = readers[form.kind]
    return lambda draft, match: reader(draft, form, match)


def _turn(draft: Draft, form: Form, match: re.Match[str]) -> int | None:
    if not form.token and draft.by_role and not draft.by_word:
        return None
    if is_quoted(draft.text, match.start()):
        return None
    role = match.groupdict().get("role")
    draft.by_word = not form.token
    label = None if role is None else label_of_role(role)
    called = draft.pieces and draft.pieces[-1].label == "TOOLCALL"
    if called and role is not None and role.lower() in ("user", "human"):
        label = (
            "TOOLRESPONSE"  # who speaks right after a call is the tool, whatever the turn is called
        )
    draft.turns(match.start(), match.end(), label)
    return match.end()


def _thought(draft: Draft, form: Form, match: re.Match[str]) -> int | None:
    if is_quoted(draft.text, match.start()) or draft.by_role or draft.unclosed:
        return None
    end = form.find_end(draft.text, match) if form.find_end else None
    closed = end is not None and THOUGHT_CLOSERS.search(draft.text, match.end(), end)
    if not (closed or draft.text[: end or 0].endswith(("</details>", "<channel|>"))):
        draft.open("THOUGHT", match.start(), unclosed=True)
        return match.end()
    if end is None or TURN_TOKEN.search(draft.text, match.end(), end - 1):
        draft.open("THOUGHT", match.start(), unclosed=True)
        return match.end()
    draft.put("THOUGHT", match.start(), end)
    return end


def _thought_closer(draft: Draft, match: re.Match[str]) -> int | None:
    """An orphan closer: it belongs to the thought before it, or all of the turn before it was one."""
    if is_quoted(draft.text, match.start()) or draft.by_role:
        return None
    gap = draft.text[draft.start : match.start()].strip()
    last = draft.pieces[-1] if draft.pieces else None
    if not gap and draft.mode is None:
        if last is not None and last.label == "THOUGHT":
            draft.pieces[-1] = Span("THOUGHT", last.start, match.end())
        draft.start = match.end()
        return match.end()
    first = draft.start
    if not any(piece.label == "THOUGHT" for piece in draft.pieces[draft.turn :]):
        first = draft.turn_start
        del draft.pieces[draft.turn :]
    draft.start = first
    draft.put("THOUGHT", first, match.end())
    return match.end()


def _call(draft: Draft, form: Form, match: re.Match[str]) -> int | None:
    text, start = draft.text, match.start()
    if draft.by_role or is_quoted(text, start):
        return None
    first_on_line = at_line_start(text, start)
    if draft.mode in ("THOUGHT", "TOOLRESPONSE") and not (first_on_line or form.token):
        return None
    if draft.unclosed and not first_on_line:
        return None
    end = form.find_end(text, match) if form.find_end else None
    tag = match.groupdict().get("tag")
    if end is None or (not form.token and not first_on_line and not _is_envelope(text, match, end)):
        return None
    while (tail := _TAIL.match(text, end)) is not None:
        end = tail.end()
    if not form.token and is_shown(text, start, end):
        return end
    draft.put("TOOLCALL", start, end, before="THOUGHT" if tag == "command" else None)
    return end


def _is_envelope(text: str, match: re.Match[str], end: int) -> bool:
    """Whether an opener inside of a line holds something to run: a body like one, and a closer."""
    body = text[match.end() : end].lstrip()
    if match.group().startswith(("<function=", "<function ", "<invoke")):
        return "</" in body
    if body.startswith(("</", "&lt;/")):
        return False
    return (
        body.startswith(("{", "[", "<", "&lt;", "]<]"))
        or re.match(r"[\w.-]+\s*(?:\\n)?<(?!/)", body) is not None
    )


def _call_closer(draft: Draft, match: re.Match[str]) -> int | None:
    last = draft.pieces[-1] if draft.pieces else None
    if last is None or last.label != "TOOLCALL" or draft.text[last.end : match.start()].strip():
        return None
    draft.pieces[-1] = Span("TOOLCALL", last.start, match.end())
    draft.start = match.end()
    return match.end()


def _response(draft: Draft, form: Form, match: re.Match[str]) -> int | None:
    if is_quoted(draft.text, match.start()) or draft.unclosed:
        return None
    tag = match.groupdict().get("tag") or ""
    if tag in ("response", "result", "output") and not draft.by_role:
        return None
    end = form.find_end(draft.text, match) if form.find_end else None
    if end is None:
        return None
    draft.put("TOOLRESPONSE", match.start(), end)
    return end


def _label(draft: Draft, form: Form, match: re.Match[str]) -> int | None:
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    if draft.by_role or is_quoted(draft.text, start):
        return None
    if draft.unclosed and form.label != "TEXT":
        return None
    if "FINAL RESPONSE" in match.group() and draft.mode is None:
        draft.mode = "THOUGHT"
    draft.open(form.label, start)
    return match.end()


def _action(draft: Draft, form: Form, match: re.Match[str]) -> int | None:
    start = match.start() + len(match.group()) - len(match.group().lstrip())
    end = action_end(draft.text, match.end())
    if draft.by_role or end is None:
        return None
    draft.put(form.label, start, end)
    return end


def _details(draft: Draft, match: re.Match[str]) -> int | None:
    """A call and its result in the attributes of one tag."""
    end = draft.text.find("</details>", match.end())
    end = len(draft.text) if end < 0 else end + len("</details>")
    result = draft.text.find(" result=", match.end(), end)
    draft.put("TOOLCALL", match.start(), end if result < 0 else result)
    if result >= 0:
        draft.put("TOOLRESPONSE", result + 1, end)
    return end


_MARKERS: tuple[tuple[re.Pattern[str], Apply], ...] = (
    (HARMONY, read_channel),
    (STRIPPED, read_stripped),
    (re.compile('<details type="tool_calls"'), _details),
    *(
        (re.compile(any_bars(form.pattern), re.MULTILINE), _applies(form))
        for form in (*THOUGHTS, *RESPONSES, *CALLS, *LABELS)
    ),
    (THOUGHT_CLOSERS, _thought_closer),
    (CALL_CLOSERS, _call_closer),
    *((re.compile(any_bars(form.pattern), re.MULTILINE), _applies(form)) for form in TURNS),
    (FENCE, read_fence),
    (JSON, read_json_call),
    (PYTHON, read_python),
    (INLINE, read_inline),
)
"""All markers, in the order in which they are tried at one place."""

_PLACE = re.compile(
    r"^(?!\s)|^(?=[ \t]+\S)|[<\[\]&>#`~◁✿⏺⎿✻]|(?<!\{)\{|(?<=[>\]])|(?<=[a-zA-Z]: )|(?<=assistant)"
    r"|functools(?=\[)",
    re.MULTILINE,
)
"""Where a marker may stand; asked first, because to try them all takes long."""
