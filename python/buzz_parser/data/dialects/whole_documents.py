"""Messages as one document or as the printed objects of a program: YAML, TOML, XML, Python."""

import json
import re
from collections.abc import Mapping, Sequence
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Gaps, Item, Wrap
from buzz_parser.data.dialects.payloads import dump, flat, json_arguments, python_call
from buzz_parser.data.dialects.render import CALL, RESPONSE, TEXT, THOUGHT
from buzz_parser.data.dialects.whole_objects import separated
from buzz_parser.data.dialects.whole_rounds import Round, rounds

_PLAIN_SCALAR = re.compile(r"[A-Za-z_./][\w./@-]*( [\w./@-]+)*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_WORDS = ("true", "false", "null", "yes", "no", "on", "off")


def scalar(value: Any) -> str:
    """A value of YAML on one line."""
    plain = isinstance(value, str) and _PLAIN_SCALAR.fullmatch(value)
    return str(value) if plain and value.lower() not in _WORDS else dump(value)


def literal(key: str, body: str, pad: str = "  ") -> str:
    """A key with a block of YAML's literal style."""
    lines = [f"{pad}{line}" if line.strip() else "" for line in body.split("\n")]
    return "\n".join([f"{key}: |", *lines])


def yaml_fields(values: Mapping[str, Any], pad: str) -> list[str]:
    """A line an argument; strings of several lines as literal blocks."""
    lines = []
    for key, value in values.items():
        if isinstance(value, str) and "\n" in value and value[:1].strip():
            lines.append(pad + literal(key, value, pad + "  "))
        else:
            lines.append(f"{pad}{key}: {scalar(value)}")
    return lines


def yaml_documents(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """`thought: |`, `action:`, `args:`; a document a round."""
    thought_key = rng.choice(("thought", "thought", "reasoning", "thinking", "plan"))
    name_key, args_key = rng.choice((("action", "args"), ("tool", "input"), ("tool", "arguments")))
    text_key, result_key = rng.choice((("answer", "observation"), ("message", "result")))
    fence, separator = rng.random() < 0.3, rng.random() < 0.3
    documents: list[list[Piece]] = []
    for part in rounds(items):
        if len(part.calls) > 1:
            return None
        fields: list[Piece] = []
        if part.thought:
            shown = literal(thought_key, part.thought)
            fields.append(Piece(THOUGHT, shown))
        if part.text:
            fields.append(Piece(TEXT, literal(text_key, part.text)))
        for call in part.calls:
            lines = yaml_fields(call.arguments, "  ")
            body = "\n".join([f"{args_key}:", *lines]) if lines else f"{args_key}: {{}}"
            fields.append(Piece(CALL, f"{name_key}: {scalar(call.name)}\n{body}"))
        results = [[Piece(RESPONSE, literal(result_key, r.body))] for r in part.responses]
        if fields:
            documents.append(
                _fenced(separated([[field] for field in fields], "\n"), "yaml", fence=fence)
            )
        documents += results
    return separated(documents, "\n---\n" if separator else "\n")


def toml_documents(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """Keys and tables of TOML; a block a round."""
    thought_key = rng.choice(("thought", "thought", "reasoning", "notes"))
    table = rng.choice(("action", "call", "tool"))
    args = rng.choice(("args", "arguments", "input"))
    fence = rng.random() < 0.3
    documents: list[list[Piece]] = []
    for part in rounds(items):
        fields: list[list[Piece]] = []
        if part.thought:
            fields.append([Piece(THOUGHT, f"{thought_key} = {toml_string(part.thought)}")])
        if part.text:
            fields.append([Piece(TEXT, f"message = {toml_string(part.text)}")])
        header = f"[[{table}]]" if len(part.calls) > 1 else f"[{table}]"
        fields += [[Piece(CALL, _toml_call(call, header, table, args))] for call in part.calls]
        if fields:
            documents.append(_fenced(separated(fields, "\n\n"), "toml", fence=fence))
        outputs = (f"[result]\noutput = {toml_string(item.body)}" for item in part.responses)
        documents += [[Piece(RESPONSE, output)] for output in outputs]
    return separated(documents, "\n\n")


def _toml_call(call: Call, header: str, table: str, args: str) -> str:
    lines = [header, f"name = {json.dumps(call.name)}", f"[{table}.{args}]"]
    for key, value in call.arguments.items():
        shown = toml_string(value) if isinstance(value, str) else toml_value(value)
        name = key if _BARE_KEY.fullmatch(key) else json.dumps(key)
        lines.append(f"{name} = {shown}")
    return "\n".join(lines)


def toml_string(body: str) -> str:
    """A string of TOML, in three quotes where it has several lines."""
    if "\n" in body and '"""' not in body and "\\" not in body and not body.endswith('"'):
        return f'"""\n{body}"""'
    return dump(body)


def toml_value(value: Any) -> str:
    """A value of TOML on one line; absent values, which TOML lacks, are empty strings."""
    if value is None:
        return '""'
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)} = {toml_value(item)}" for key, item in value.items())
        return "{ " + ", ".join(pairs) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(toml_value(item) for item in value) + "]"
    return dump(value)


def xml_steps(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """An element a round, with children for thought, call, text and result."""
    outer, action = rng.choice((("step", "action"), ("turn", "call"), ("message", "tool")))
    pad = rng.choice(("", "  "))
    steps: list[list[Piece]] = []
    for number, part in enumerate(rounds(items), start=1):
        children = _xml_children(part, action, pad)
        opener = f'<{outer} n="{number}">' if outer == "step" else f"<{outer}>"
        pieces = [
            outside(f"{opener}\n{pad}"),
            *separated([[child] for child in children], f"\n{pad}"),
        ]
        steps.append([*pieces, outside(f"\n</{outer}>")])
    return separated(steps, "\n")


def _xml_children(part: Round, action: str, pad: str) -> list[Piece]:
    children = []
    if part.thought:
        children.append(Piece(THOUGHT, f"<thought>{escape(part.thought)}</thought>"))
    if part.text:
        children.append(Piece(TEXT, f"<text>{escape(part.text)}</text>"))
    for call in part.calls:
        fields = (
            f'\n{pad}  <arg name="{key}">{escape(flat(value))}</arg>'
            for key, value in call.arguments.items()
        )
        body = "".join(fields)
        children.append(Piece(CALL, f'<{action} name="{call.name}">{body}\n{pad}</{action}>'))
    children += [Piece(RESPONSE, f"<result>{escape(r.body)}</result>") for r in part.responses]
    return children


def printed_messages(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """`AIMessage(content=…, tool_calls=[…])` and `ToolMessage(…)`, as LangChain prints its objects."""
    thought_key = rng.choice(("reasoning_content", "reasoning", "thinking"))
    messages: list[list[Piece]] = []
    for part in rounds(items):
        if part.speaks:
            messages.append(_printed(part, thought_key))
        for item in part.responses:
            shown = (
                f"ToolMessage(content={item.body!r}, name={item.slots.name!r}, "
                f"tool_call_id={item.slots.id!r})"
            )
            messages.append([Piece(RESPONSE, shown)])
    if rng.random() < 0.5:
        return separated(messages, "\n")
    return [outside("["), *separated(messages, rng.choice((", ", ",\n"))), outside("]")]


def _printed(part: Round, thought_key: str) -> list[Piece]:
    content = Piece(TEXT, f"content={part.text!r}") if part.text else outside("content=''")
    pieces = [outside("AIMessage("), content, outside(", additional_kwargs={")]
    if part.thought:
        pieces.append(Piece(THOUGHT, f"{thought_key!r}: {part.thought!r}"))
    pieces.append(outside("}"))
    if part.calls:
        calls = [
            {"name": c.name, "args": c.arguments, "id": c.slots.id, "type": "tool_call"}
            for c in part.calls
        ]
        pieces += [outside(", "), Piece(CALL, f"tool_calls={calls!r}")]
    return [*pieces, outside(")")]


def _fenced(pieces: list[Piece], language: str, *, fence: bool) -> list[Piece]:
    """Fields in a fence or not; a fence around fields of one type belongs to them."""
    if not fence:
        return pieces
    wrapped = [outside(f"```{language}\n"), *pieces, outside("\n```")]
    if len(pieces) == 1:
        return [Piece(pieces[0].label, "".join(piece.text for piece in wrapped))]
    return wrapped


YAML_CALL = CallForm(
    payload=lambda call: "\n".join(yaml_fields(call.arguments, "  ")) or "  {}",
    wrap=Wrap("action: %name%\nargs:\n"),
)

DOCUMENTS: tuple[Dialect, ...] = (
    Dialect(
        name="W12-yaml",
        family="yaml-document",
        call=YAML_CALL,
        thought=Wrap("thought: "),
        thought_body=dump,
        final=Wrap("answer: "),
        response=Wrap("observation: "),
        response_body=dump,
        whole=yaml_documents,
    ),
    Dialect(
        name="W13-toml",
        family="toml-document",
        call=CallForm(payload=lambda call: _toml_call(call, "[action]", "action", "args")),
        whole=toml_documents,
    ),
    Dialect(
        name="W14-xml-steps",
        family="xml-steps",
        call=CallForm(payload=json_arguments(), wrap=Wrap('<action name="%name%">', "</action>")),
        whole=xml_steps,
    ),
    Dialect(
        name="W15-langchain-objects",
        family="printed-objects",
        call=CallForm(payload=python_call()),
        gaps=Gaps(default="\n"),
        whole=printed_messages,
    ),
)
