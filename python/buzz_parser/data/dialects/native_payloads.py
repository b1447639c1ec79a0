"""The bodies of calls in native formats, where no general payload does."""

import json
from collections.abc import Mapping
from dataclasses import replace
from html import escape

from buzz_parser.data.dialects.model import Call, Payload
from buzz_parser.data.dialects.payloads import dump, flat, python_literal, type_name

ARGUMENTS = "%arguments%"
"""The value of a member that holds the arguments."""


def members(
    shape: Mapping[str, str], *, indent: int | None = None, compact: bool = False
) -> Payload:
    """A JSON object of texts with slots, in the order given; `%arguments%` stands for the arguments."""

    def payload(call: Call) -> str:
        filled = {
            key: call.arguments if value == ARGUMENTS else call.slots.fill(value)
            for key, value in shape.items()
        }
        return dump(filled, indent=indent, compact=compact)

    return payload


def indented(payload: Payload, pad: str = "    ") -> Payload:
    """Another payload, each of its lines moved to the right."""
    return lambda call: "\n".join(pad + line for line in payload(call).split("\n"))


def by_key(payload: Payload) -> Payload:
    """Another payload, its arguments sorted by key."""
    return lambda call: payload(replace(call, arguments=dict(sorted(call.arguments.items()))))


def renamed(pattern: str, payload: Payload) -> Payload:
    """Another payload under another name, in which `%name%` is the function's."""
    return lambda call: payload(replace(call, name=call.slots.fill(pattern)))


def as_json_string(payload: Payload) -> Payload:
    """Another payload, escaped as one JSON string."""
    return lambda call: json.dumps(payload(call), ensure_ascii=False)


def tight_python_call(call: Call) -> str:
    """`name(key='value',n=3)`, no space behind the comma."""
    given = ",".join(f"{k}={python_literal(v, chr(39))}" for k, v in call.arguments.items())
    return f"{call.name}({given})"


def single_quoted_arguments(call: Call) -> str:
    """`{"name": …, "arguments": '{…}'}`: JSON in single quotes, which is no JSON."""
    arguments = json.dumps(call.arguments, ensure_ascii=False)
    return f'{{"name": {json.dumps(call.name)}, "arguments": \'{arguments}\'}}'


def number_fields(field: str) -> Payload:
    """One field an argument without a joint; its `%type%` is that of JavaScript: all numbers are `number`."""

    def payload(call: Call) -> str:
        parts = []
        for key, value in call.arguments.items():
            kind = "number" if type_name(value) == "integer" else type_name(value)
            shown = field.replace("%key%", key).replace("%type%", kind)
            parts.append(shown.replace("%value%", flat(value)))
        return "".join(parts)

    return payload


def character_data_params(call: Call) -> str:
    """`<param name="…">` an argument; what would break the markup, or has lines, stands in CDATA."""
    parts = []
    for key, value in call.arguments.items():
        shown = flat(value)
        if any(character in shown for character in "<&\n") and "]]>" not in shown:
            shown = f"<![CDATA[{shown}]]>"
        parts.append(f'<param name="{key}">{shown}</param>')
    return "".join(parts)


def concise_function(call: Call) -> str:
    """`<function name="…"><params><param name="…" value="…" type="…"/></params></function>`."""
    params = "".join(
        f'<param name="{key}" value="{escape(flat(value))}" type="{type_name(value)}"/>'
        for key, value in call.arguments.items()
    )
    return f'<function name="{call.name}"><params>{params}</params></function>'


def verbose_function(call: Call) -> str:
    """The same with an element for each name, value and type."""
    params = "".join(
        f"<param><name>{key}</name><value>{escape(flat(value), quote=False)}</value>"
        f"<type>{type_name(value)}</type></param>"
        for key, value in call.arguments.items()
    )
    return f"<function><name>{call.name}</name><params>{params}</params></function>"


def text_member(body: str) -> str:
    """A result as Glaive's data write it: JSON as it is, all else as `{"text": …}`."""
    return body if body.lstrip().startswith(("{", "[")) else dump({"text": body})
