"""The bodies of calls: one factory a syntax; each returns a `Payload`."""

import json
from collections.abc import Mapping
from typing import Any

from buzz_parser.data.dialects.model import Call, Payload


def json_call(
    *,
    name_key: str = "name",
    args_key: str = "arguments",
    indent: int | None = None,
    compact: bool = False,
    as_string: bool = False,
    python: bool = False,
    ascii_only: bool = False,
    args_first: bool = False,
    id_key: str = "",
    extra: Mapping[str, Any] | None = None,
) -> Payload:
    """`{"name": …, "arguments": {…}}` in its many spellings; `as_string` escapes the arguments once more."""

    def payload(call: Call) -> str:
        arguments: Any = call.arguments
        if as_string:
            arguments = json.dumps(arguments, ensure_ascii=ascii_only)
        pairs = [(name_key, call.name), (args_key, arguments)]
        value = dict(extra or {}) | dict(reversed(pairs) if args_first else pairs)
        if id_key:
            value[id_key] = call.slots.id
        return dump(value, indent=indent, compact=compact, python=python, ascii_only=ascii_only)

    return payload


def json_arguments(*, indent: int | None = None, compact: bool = False) -> Payload:
    """The arguments alone; the name stands in the envelope."""
    return lambda call: dump(call.arguments, indent=indent, compact=compact)


def keyed_call(*, indent: int | None = None) -> Payload:
    """`{NAME: {…}}`."""
    return lambda call: dump({call.name: call.arguments}, indent=indent)


def nested_call(
    outer: Mapping[str, Any], key: str, *, args_key: str, as_string: bool = False
) -> Payload:
    """`{…outer, key: {"name": …, args_key: …}}`, as APIs wrap a function; `%id%` in outer is the call's id."""

    def payload(call: Call) -> str:
        arguments: Any = json.dumps(call.arguments) if as_string else call.arguments
        filled = {k: call.slots.fill(v) if isinstance(v, str) else v for k, v in outer.items()}
        return dump(filled | {key: {"name": call.name, args_key: arguments}})

    return payload


def python_call(
    *, prefix: str = "", quote: str = "'", equals: str = "=", literals: str = "python"
) -> Payload:
    """`name(key='value', n=3)`; `literals` is `python` or `json` (true, null)."""

    def payload(call: Call) -> str:
        def literal(value: Any) -> str:
            if literals == "json":
                return json.dumps(value, ensure_ascii=False)
            return python_literal(value, quote)

        given = ", ".join(f"{key}{equals}{literal(value)}" for key, value in call.arguments.items())
        return f"{prefix}{call.name}({given})"

    return payload


def fields_call(
    *,
    head: str,
    field: str,
    tail: str,
    joint: str = "\n",
    strings: str = "raw",
) -> Payload:
    """Head, one `field` an argument (`%key%`, `%value%`, `%type%`), tail; between them `joint`.

    `strings`: `raw` writes them as they are, `json` in quotes with escapes; other values are JSON.
    """

    def payload(call: Call) -> str:
        parts = [call.slots.fill(head)] if head else []
        for key, value in call.arguments.items():
            is_raw = strings == "raw" and isinstance(value, str)
            shown = value if is_raw else json.dumps(value, ensure_ascii=False)
            kind = type_name(value)
            filled = field.replace("%key%", key).replace("%type%", kind)
            filled = filled.replace("%string%", "true" if isinstance(value, str) else "false")
            parts.append(filled.replace("%value%", shown))
        if tail:
            parts.append(call.slots.fill(tail))
        return joint.join(parts)

    return payload


def bracket_call(open_bracket: str = "[", close_bracket: str = "]") -> Payload:
    """`Name[value, value]`, the keys dropped, as ReAct writes it."""

    def payload(call: Call) -> str:
        values = (flat(value) for value in call.arguments.values())
        return f"{call.name}{open_bracket}{', '.join(values)}{close_bracket}"

    return payload


def braces_call(quote: str, *, prefix: str = "call:") -> Payload:
    """`call:NAME{key:QUOTEvalueQUOTE,n:3}` with a private quote token."""

    def show(value: Any) -> str:
        if isinstance(value, str):
            return f"{quote}{value}{quote}"
        if isinstance(value, dict):
            return "{" + ",".join(f"{k}:{show(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ",".join(show(item) for item in value) + "]"
        return json.dumps(value)

    return lambda call: f"{prefix}{call.name}{show(call.arguments)}"


def name_then(rest: Payload, *, joint: str = "\n", name: str = "%name%") -> Payload:
    """The name on its own, then another payload."""
    return lambda call: call.slots.fill(name + joint) + rest(call)


def command_line(*, style: str = "--") -> Payload:
    """`name --key value`, as a terminal takes it."""

    def payload(call: Call) -> str:
        parts = [call.name]
        for key, value in call.arguments.items():
            shown = json.dumps(value, ensure_ascii=False)
            plain = isinstance(value, str) and value.isalnum()
            parts.append(f"{style}{key} {value if plain else shown}")
        return " ".join(parts)

    return payload


def lisp_call(*, keyword: str = ":") -> Payload:
    """`(name :key "value")`."""

    def payload(call: Call) -> str:
        given = (
            f" {keyword}{key} {json.dumps(value, ensure_ascii=False)}"
            for key, value in call.arguments.items()
        )
        return f"({call.name}{''.join(given)})"

    return payload


def main_argument(call: Call) -> str:
    """The value of the first argument alone, as text."""
    return flat(next(iter(call.arguments.values()), ""))


def dump(
    value: Any,
    *,
    indent: int | None = None,
    compact: bool = False,
    python: bool = False,
    ascii_only: bool = False,
) -> str:
    """A value as JSON, or as Python writes it."""
    if python:
        return repr(value)
    separators = (",", ":") if compact else None
    return json.dumps(value, ensure_ascii=ascii_only, indent=indent, separators=separators)


def flat(value: Any) -> str:
    """A value as text: strings as they are, all else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def python_literal(value: Any, quote: str) -> str:
    """A value as Python source; strings in the given quote where they allow it."""
    if isinstance(value, str) and quote == '"':
        return json.dumps(value, ensure_ascii=False)
    return repr(value)


def type_name(value: Any) -> str:
    """The JSON type of a value."""
    names = {bool: "boolean", int: "integer", float: "number", str: "string", list: "array"}
    return names.get(type(value), "object")
