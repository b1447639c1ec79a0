"""Calls without an envelope of their own, by rule: `Action:` lines, fences, JSON, Python, inline calls."""

import ast
import re

from buzz_parser.data.records import Span
from buzz_parser.judging.rules_draft import Draft
from buzz_parser.judging.rules_forms import LINE
from buzz_parser.judging.rules_json import read_json
from buzz_parser.judging.rules_scan import balanced_end, is_quoted, line_bounds, next_turn
from buzz_parser.judging.rules_shown import (
    fence_label,
    follows_prose,
    is_shown,
    path_line_before,
    runs_fences,
)

ACTION_STOP = re.compile(
    r"(?mi)^[ \t]*\*{0,2}(?:thought|observation|final answer|action|plan)(?:[ \t]*\d+)?\*{0,2}[ \t]*[:：]"
)
_INPUT = re.compile(
    r"(?i)[ \t]*\n?[ \t]*\*{0,2}(?:action[ _]input|动作输入|行动输入)(?:[ \t]*\d+)?\*{0,2}[ \t]*[:：]\*{0,2}[ \t]*\n?"
)
_NAMED = re.compile(r"[ \t]*\*{0,2}[\w. -]{1,60}(?=[\[(])")
_IDENTIFIER = re.compile(r"[ \t]*[\w.-]+[ \t]*(?=\n|\Z)")
_FENCE = re.compile(r"\s*```\w*\n")

INLINE = re.compile(
    r"(?P<call>\[[A-Za-z_][\w.]*\((?:[^()\n]|\([^()\n]*\))*\))\s*(?P<result>(?:→|->)[^\]]{0,4000}\])"
)
FENCE = re.compile(
    r"^[ \t]*(?P<ticks>```+|~~~+)(?P<language>[\w.+-]*)[^\n`]*(?:\n|\Z)", re.MULTILINE
)
JSON = re.compile(rf"(?:{LINE}|(?<=>)[ \t]*)(?=[\[{{])", re.MULTILINE)
PYTHON = re.compile(r"^[ \t]*(?=\[?[A-Za-z_][\w.]*\()", re.MULTILINE)


def action_end(text: str, start: int) -> int | None:
    """Where the call of an `Action:` label ends, `start` right behind the label; `None` if none follows."""
    fence = _FENCE.match(text, start)
    if fence is not None:
        close = text.find("```", fence.end())
        return next_turn(text, start) if close < 0 else close + 3
    opened = re.compile(r"\s*(?=[{\[])").match(text, start)
    if opened is not None:
        return balanced_end(text, opened.end()) or next_turn(text, start)
    _, line_end = line_bounds(text, start)
    line_end = min(line_end, next_turn(text, start))
    given = _INPUT.match(text, line_end)
    if given is not None:
        return _input_end(text, given.end())
    named = _NAMED.match(text, start)
    if named is not None:
        return balanced_end(text, named.end()) or line_end
    return line_end if _IDENTIFIER.match(text, start) else None


def _input_end(text: str, start: int) -> int:
    """Where the value behind `Action Input:` ends: its bracket, its fence, or the next label."""
    stop = ACTION_STOP.search(text, start)
    limit = min(next_turn(text, start), stop.start() if stop else len(text))
    fence = _FENCE.match(text, start)
    if fence is not None and (close := text.find("```", fence.end())) >= 0:
        return close + 3
    if start < len(text) and text[start] in "{[":
        return balanced_end(text, start) or limit
    blank = text.find("\n\n", start, limit)
    return limit if blank < 0 else blank


def python_end(text: str, start: int) -> int | None:
    """Where the bare Python call or list of calls that begins at `start` ends; `None` if it is no call."""
    opened = start if text[start] == "[" else text.index("(", start)
    end = balanced_end(text, opened)
    if end is None or text[end : line_bounds(text, end)[1]].split("<", 1)[0].strip(" \t;"):
        return None
    try:
        node = ast.parse(text[start:end].strip(), mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    if isinstance(node, ast.List):
        return end if node.elts and all(isinstance(item, ast.Call) for item in node.elts) else None
    named = isinstance(node, ast.Call) and bool(node.keywords) and not node.args
    return end if named else None


def read_fence(draft: Draft, match: re.Match[str]) -> int | None:
    """A fence: a call that it wraps or that is run, a result, or prose."""
    text, start = draft.text, match.start()
    if draft.by_role or draft.unclosed:
        return None
    close = text.find(match["ticks"], match.end())
    end = next_turn(text, match.end()) if close < 0 else close + len(match["ticks"])
    body = (match.end(), end if close < 0 else close)
    label = fence_label(text, start, match["language"], body, end)
    path = path_line_before(text, start)
    if path is not None and path >= draft.start and label is None and draft.mode is None:
        label = "TOOLCALL" if close >= 0 else None
    before = None
    code = match["language"].lower() in ("", "bash", "sh", "shell", "python", "py")
    if label is None and code and draft.mode != "TOOLRESPONSE":
        if runs_fences(text, end):
            label, before = "TOOLCALL", "THOUGHT"
        elif draft.mode == "THOUGHT" and not follows_prose(text, end):
            label = "TOOLCALL"
    if label is None:
        return end if draft.mode != "TOOLRESPONSE" else None
    if label == "TOOLCALL" and path is not None and path >= draft.start:
        start = path
    draft.put(label, start, end, before=before)
    return end


def read_json_call(draft: Draft, match: re.Match[str]) -> int | None:
    """A bare JSON value: a call, a result, or an object that holds several types."""
    text, start = draft.text, match.end()
    if draft.by_role:
        return None
    read = read_json(text, start)
    if read is None or text[read.end : line_bounds(text, read.end)[1]].split("<")[0].strip(" \t;,"):
        return None
    calls_only = all(span.label == "TOOLCALL" for span in read.spans)
    told = any(span.label == "THOUGHT" for span in read.spans)
    if not told and (draft.mode == "TOOLRESPONSE" or (draft.mode and not calls_only)):
        return None
    if calls_only and is_shown(text, start, read.end):
        return read.end
    whole = read.spans[0][1:] == (start, read.end)
    if whole and calls_only:
        return _bare_call(draft, start, read.end)
    draft.flush(start)
    for span in read.spans:
        draft.start = span.start
        draft.put(*span)
    draft.start = read.end
    return read.end


def read_python(draft: Draft, match: re.Match[str]) -> int | None:
    """A bare Python call, or a list of them."""
    if draft.by_role or draft.mode == "TOOLRESPONSE":
        return None
    end = python_end(draft.text, match.end())
    if end is None or is_shown(draft.text, match.end(), end):
        return None
    return _bare_call(draft, match.end(), end)


def _bare_call(draft: Draft, start: int, end: int) -> int:
    """A call without an envelope; those that follow each other with only whitespace between are one."""
    last = draft.pieces[-1] if draft.pieces else None
    if (
        last is not None
        and last.end == draft.bare_end
        and not draft.text[last.end : start].strip(" \t\r\n;")
    ):
        draft.pieces[-1] = Span("TOOLCALL", last.start, end)
        draft.start = end
    else:
        draft.put("TOOLCALL", start, end)
    draft.bare_end = end
    return end


def read_inline(draft: Draft, match: re.Match[str]) -> int | None:
    """A call inside of a sentence, with its result."""
    if draft.by_role or is_quoted(draft.text, match.start()):
        return None
    draft.put("TOOLCALL", *match.span("call"))
    draft.put("TOOLRESPONSE", *match.span("result"))
    return match.end()
