"""Content blocks of APIs: a JSON object a thought, text, call and result, in messages or line by line."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.model import Call, Item, Whole
from buzz_parser.data.dialects.payloads import dump
from buzz_parser.data.dialects.render import CALL, RESPONSE, TEXT, THOUGHT
from buzz_parser.data.dialects.whole_json import Listing, Object, Part, Style, draw_style, write
from buzz_parser.data.dialects.whole_objects import separated
from buzz_parser.data.dialects.whole_rounds import Round, rounds


@dataclass(frozen=True, kw_only=True)
class Blocks:
    """An API's content blocks: a value for each kind of item, the names of roles and of the list of blocks."""

    thought: Callable[[str], Any]
    text: Callable[[str], Any]
    call: Callable[[Call], Any]
    response: Callable[[Item], Any]
    content: str
    assistant: str = "assistant"
    tool: str = "user"


Entry = tuple[str, Any]


def block_messages(blocks: Blocks, *, enveloped: float) -> Whole:
    """Blocks inside messages with a role or, in the rest of the messages, a line a block."""

    def whole(items: Sequence[Item], rng: Random) -> list[Piece] | None:
        style = draw_style(rng)
        if rng.random() < enveloped:
            groups = []
            for part in rounds(items):
                for role, entries in (
                    (blocks.assistant, _spoken(blocks, part)),
                    (blocks.tool, _answers(blocks, part)),
                ):
                    if entries:
                        members = {"role": role, blocks.content: Listing(tuple(entries))}
                        groups.append(write(Object((Part(None, members),)), style))
            return in_sequence(groups, rng)
        lines = Style(compact=style.compact, ascii_only=style.ascii_only)
        entries = [e for r in rounds(items) for e in _spoken(blocks, r) + _answers(blocks, r)]
        return _lines([(label, lines.dump(value, 0)) for label, value in entries])

    return whole


def _spoken(blocks: Blocks, part: Round) -> list[Entry]:
    entries: list[Entry] = []
    if part.thought:
        entries.append((THOUGHT, blocks.thought(part.thought)))
    if part.text:
        entries.append((TEXT, blocks.text(part.text)))
    return entries + [(CALL, blocks.call(call)) for call in part.calls]


def _answers(blocks: Blocks, part: Round) -> list[Entry]:
    return [(RESPONSE, blocks.response(item)) for item in part.responses]


def _lines(lines: Sequence[tuple[str, str]]) -> list[Piece]:
    """A segment a line; calls on neighbouring lines are one, since nothing but bare objects marks them."""
    pieces: list[Piece] = []
    for label, text in lines:
        if pieces and pieces[-1].label == label == CALL:
            pieces[-1] = Piece(CALL, f"{pieces[-1].text}\n{text}")
            continue
        if pieces:
            pieces.append(outside("\n"))
        pieces.append(Piece(label, text))
    return pieces


def in_sequence(messages: Sequence[Sequence[Piece]], rng: Random) -> list[Piece]:
    """Messages as lines or, sometimes, as one list."""
    if messages and rng.random() < 0.25:
        inner = separated(messages, rng.choice((", ", ",\n", ",\n  ")))
        return [outside("["), *inner, outside("]")]
    return separated(messages, "\n")


ANTHROPIC = Blocks(
    thought=lambda body: {"type": "thinking", "thinking": body},
    text=lambda body: {"type": "text", "text": body},
    call=lambda call: {
        "type": "tool_use",
        "id": call.slots.id,
        "name": call.name,
        "input": call.arguments,
    },
    response=lambda item: {
        "type": "tool_result",
        "tool_use_id": item.slots.id,
        "content": item.body,
    },
    content="content",
)

GEMINI = Blocks(
    thought=lambda body: {"text": body, "thought": True},
    text=lambda body: {"text": body},
    call=lambda call: {"functionCall": {"name": call.name, "args": call.arguments}},
    response=lambda item: {
        "functionResponse": {"name": item.slots.name, "response": {"result": item.body}}
    },
    content="parts",
    assistant="model",
)

BEDROCK = Blocks(
    thought=lambda body: {"reasoningContent": {"reasoningText": {"text": body}}},
    text=lambda body: {"text": body},
    call=lambda call: {
        "toolUse": {"toolUseId": call.slots.id, "name": call.name, "input": call.arguments}
    },
    response=lambda item: {
        "toolResult": {"toolUseId": item.slots.id, "content": [{"text": item.body}]}
    },
    content="content",
)

RESPONSES = Blocks(
    thought=lambda body: {
        "type": "reasoning",
        "summary": [{"type": "summary_text", "text": body}],
    },
    text=lambda body: {
        "type": "message",
        "role": "assistant",
        "content": [{"type": "output_text", "text": body}],
    },
    call=lambda call: {
        "type": "function_call",
        "call_id": call.slots.id,
        "name": call.name,
        "arguments": dump(call.arguments),
    },
    response=lambda item: {
        "type": "function_call_output",
        "call_id": item.slots.id,
        "output": item.body,
    },
    content="output",
)

EVENTS = Blocks(
    thought=lambda body: {"event": "thought", "data": body},
    text=lambda body: {"event": "message", "data": body},
    call=lambda call: {"event": "tool_call", "data": {"tool": call.name, "args": call.arguments}},
    response=lambda item: {"event": "tool_result", "data": item.body},
    content="events",
)
