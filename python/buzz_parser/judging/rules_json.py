"""What a bare JSON value is, by its keys: a call, a result, a schema, or an object that holds several types."""

import re
from typing import NamedTuple

from buzz_parser.data.records import Span
from buzz_parser.judging.rules_scan import balanced_end, elements, members

NAME_KEYS = frozenset(
    {
        "name",
        "tool_name",
        "function",
        "tool",
        "action",
        "recipient_name",
        "task",
        "api",
        "method",
        "command",
    }
)
ARGUMENT_KEYS = frozenset(
    {"arguments", "parameters", "args", "input", "action_input", "kwargs", "params", "tool_input"}
)
SCHEMA_KEYS = frozenset({"properties", "required", "$schema", "description", "returns", "desc"})
CALL_WRAPPERS = frozenset(
    {"tool_calls", "tool_uses", "function_call", "functionCall", "function_calls", "tool_call"}
)

THOUGHT_KEYS = frozenset(
    {"thought", "thoughts", "reasoning", "reasoning_content", "thinking", "rationale", "analysis"}
)
CALL_KEYS = (
    CALL_WRAPPERS
    | {"tool_name", "function", "input", "arguments", "args"}
    | {
        "command",
        "code",
        "action",
        "actions",
        "action_input",
        "tool",
        "tool_input",
    }
)
TEXT_KEYS = frozenset(
    {"answer", "response", "content", "final_answer", "reply", "message", "text", "speak"}
)
RESPONSE_KEYS = frozenset(
    {"observation", "tool_response", "tool_result", "functionResponse", "function_response"}
)

TYPED = {
    "thinking": "THOUGHT",
    "reasoning": "THOUGHT",
    "text": "TEXT",
    "tool_use": "TOOLCALL",
    "tool_call": "TOOLCALL",
    "function_call": "TOOLCALL",
    "tool_result": "TOOLRESPONSE",
    "function_call_output": "TOOLRESPONSE",
}
"""The segment of a content block, by the value of its key `type`."""

_CUT_CALL = re.compile(
    r"""\[?\s*\{\s*["'](?:name|tool_name|function|action|tool)["']\s*:\s*["'][^"'\n]+["']\s*,"""
    r"""\s*["'](?:arguments|parameters|args|input|action_input)["']\s*:"""
)
"""How a call begins that is cut before its end."""


class Reading(NamedTuple):
    """The segments of a JSON value and where it ends."""

    spans: tuple[Span, ...]
    end: int


def read_json(text: str, start: int) -> Reading | None:
    """The segments of the value that opens at `start`; `None` if it is no call, result or mixed object."""
    end = balanced_end(text, start)
    if end is None:
        if _CUT_CALL.match(text, start):
            return Reading((Span("TOOLCALL", start, len(text)),), len(text))
        return None
    label = kind_of(text, start, end)
    if label is not None:
        return Reading((Span(label, start, end),), end)
    spans = mixed(text, start, end)
    return Reading(spans, end) if spans else None


def kind_of(text: str, start: int, end: int) -> str | None:
    """TOOLCALL or TOOLRESPONSE if the whole value is one, else `None`."""
    if text[start] == "[":
        parts = elements(text, start, end)
        kinds = {kind_of(text, *part) if text[part[0]] == "{" else None for part in parts}
        return "TOOLCALL" if parts and kinds == {"TOOLCALL"} else None
    if text[start] != "{":
        return None
    fields = members(text, start, end)
    return _kind_of_object({field.key: text[field.value : field.end] for field in fields})


def _kind_of_object(values: dict[str, str]) -> str | None:
    keys = values.keys()
    if keys & THOUGHT_KEYS:
        return None
    typed = TYPED.get(values.get("type", "").strip("\"'"), "")
    if values.get("role", "").strip("\"'") in ("tool", "function") or typed == "TOOLRESPONSE":
        return "TOOLRESPONSE"
    if keys & {"functionResponse", "function_response"} or {"jsonrpc", "result"} <= keys:
        return "TOOLRESPONSE"
    if keys and keys <= RESPONSE_KEYS:
        return "TOOLRESPONSE"
    if "role" in keys:
        return None
    if typed == "TOOLCALL" or keys & {"tool_uses", "functionCall"} or is_call(values):
        return "TOOLCALL"
    return "TOOLCALL" if keys and keys <= CALL_WRAPPERS else None


def is_call(values: dict[str, str]) -> bool:
    """Whether an object with these members names something to run and gives it arguments."""
    if "function" in values and values["function"].startswith("{"):
        inner = values["function"]
        fields = members(inner, 0, len(inner))
        return is_call({field.key: inner[field.value : field.end] for field in fields})
    names = values.keys() & NAME_KEYS
    arguments = values.keys() & ARGUMENT_KEYS
    if not names or not arguments or values.keys() & SCHEMA_KEYS:
        return False
    shown = any(
        '"properties"' in values[key] or '"type": "object"' in values[key] for key in arguments
    )
    return not shown and not any(values[key].startswith(("<", "{")) for key in names)


def mixed(text: str, start: int, end: int) -> tuple[Span, ...]:
    """The segments inside of an object that holds several types; empty if it is no such object."""
    if text[start] != "{":
        return ()
    fields = members(text, start, end)
    keys = {field.key for field in fields}
    chat = "role" in keys and keys & {
        "content",
        "parts",
        "tool_calls",
        "function_call",
        "reasoning_content",
    }
    if not chat and not keys & THOUGHT_KEYS:
        return ()
    spans: list[Span] = []
    for field in fields:
        value = text[field.value : field.end]
        if field.key in ("content", "parts") and value.startswith("["):
            spans += _blocks(text, field.value, field.end)
            continue
        label = _label_of_key(field.key, value)
        if label is None:
            continue
        before = spans[-1] if spans else None
        if (
            before is not None
            and before.label == label
            and not text[before.end : field.start].strip(" \t\r\n,")
        ):
            spans[-1] = Span(label, before.start, field.end)
        else:
            spans.append(Span(label, field.start, field.end))
    return tuple(spans)


def _label_of_key(key: str, value: str) -> str | None:
    if value in ("null", "None", '""', "[]"):
        return None
    if key in THOUGHT_KEYS:
        return "THOUGHT"
    if key in CALL_KEYS:
        return "TOOLCALL"
    if key in RESPONSE_KEYS:
        return "TOOLRESPONSE"
    return "TEXT" if key in TEXT_KEYS else None


def _blocks(text: str, start: int, end: int) -> list[Span]:
    """The content blocks of a message, each one segment."""
    spans = []
    for first, last in elements(text, start, end):
        values = {field.key: text[field.value : field.end] for field in members(text, first, last)}
        label = TYPED.get(values.get("type", "").strip("\"'"))
        if label is None and values.get("thought") == "true":
            label = "THOUGHT"
        label = label or kind_of(text, first, last) or ("TEXT" if "text" in values else None)
        if label is not None:
            spans.append(Span(label, first, last))
    return spans
