"""Messages as APIs send them: chat messages, content blocks, JSON-RPC, streams."""

import json
from collections.abc import Sequence
from random import Random
from typing import Any

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.framework_lines import CHATML_USER
from buzz_parser.data.dialects.framework_steps import paired, renumbered, reshaped
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Item, Whole, Wrap
from buzz_parser.data.dialects.payloads import dump, json_call, nested_call
from buzz_parser.data.dialects.render import CALL, RESPONSE, TEXT, THOUGHT
from buzz_parser.data.dialects.whole_blocks import (
    ANTHROPIC,
    BEDROCK,
    EVENTS,
    GEMINI,
    RESPONSES,
    block_messages,
    in_sequence,
)
from buzz_parser.data.dialects.whole_json import Listing, Object, Part, Style, draw_style, write
from buzz_parser.data.dialects.whole_objects import separated
from buzz_parser.data.dialects.whole_rounds import Round, rounds


def chat_messages(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """`{"role": "assistant", "content": …, "tool_calls": […]}`, results as messages of a tool."""
    style = draw_style(rng)
    thought_key = rng.choice(("reasoning_content", "reasoning_content", "reasoning"))
    thought_first, answered = rng.random() < 0.7, rng.random() < 0.15
    compact = rng.random() < 0.5
    parts = rounds(items)
    messages: list[list[Piece]] = []
    for part in parts:
        if part.speaks:
            message = _chat_message(part, thought_key, thought_first=thought_first, compact=compact)
            if answered and len(parts) == 1 and not part.responses:
                return write(_completion(message, part, rng), style)
            messages.append(write(message, style))
        for response in part.responses:
            value = {"role": "tool", "tool_call_id": response.slots.id, "content": response.body}
            messages.append([Piece(RESPONSE, style.dump(value, 0))])
    return in_sequence(messages, rng)


def _chat_message(part: Round, thought_key: str, *, thought_first: bool, compact: bool) -> Object:
    thought = Part(THOUGHT, {thought_key: part.thought} if part.thought else {})
    content = Part(TEXT if part.text else None, {"content": part.text or None})
    separators = (",", ":") if compact else None
    calls = [
        {
            "id": call.slots.id,
            "type": "function",
            "function": {
                "name": call.name,
                "arguments": json.dumps(call.arguments, ensure_ascii=False, separators=separators),
            },
        }
        for call in part.calls
    ]
    called = Part(CALL, {"tool_calls": calls} if calls else {})
    first, second = (thought, content) if thought_first else (content, thought)
    return Object((Part(None, {"role": "assistant"}), first, second, called))


def _completion(message: Object, part: Round, rng: Random) -> Object:
    reason = "tool_calls" if part.calls else "stop"
    choice = Object((Part(None, {"index": 0, "message": message, "finish_reason": reason}),))
    identity = f"chatcmpl-{rng.getrandbits(48):012x}"
    members = {"id": identity, "object": "chat.completion", "choices": Listing(((None, choice),))}
    return Object((Part(None, members),))


def legacy_messages(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """As `chat_messages`, with the single `function_call` that came before `tool_calls` and thoughts."""
    style = draw_style(rng)
    messages: list[list[Piece]] = []
    for part in rounds(items):
        if len(part.calls) > 1:
            return None
        if part.text or part.calls:
            content = Part(TEXT if part.text else None, {"content": part.text or None})
            called = {"function_call": _legacy(part.calls[0])} if part.calls else {}
            parts = (Part(None, {"role": "assistant"}), content, Part(CALL, called))
            messages.append(write(Object(parts), style))
        for response in part.responses:
            value = {"role": "function", "name": response.slots.name, "content": response.body}
            messages.append([Piece(RESPONSE, style.dump(value, 0))])
    return in_sequence(messages, rng) or None


def _legacy(call: Call) -> dict[str, str]:
    return {"name": call.name, "arguments": dump(call.arguments)}


def stream(items: Sequence[Item], rng: Random) -> list[Piece] | None:
    """A stream of server-sent events up to the first result; each fragment's key with its value is a segment."""
    thought_key = rng.choice(("reasoning", "reasoning_content"))
    gap = rng.choice(("\n", "\n\n"))
    deltas: list[tuple[str, str, Any]] = []
    for item in items:
        if item.kind == "response":
            break
        if item.kind == "calls":
            deltas += [
                (CALL, "tool_calls", [delta]) for c in item.calls for delta in _deltas(c, rng)
            ]
        else:
            label, key = (THOUGHT, thought_key) if item.kind == "thought" else (TEXT, "content")
            deltas += [(label, key, part) for part in _fragments(item.body, rng)]
    if not deltas:
        return None
    style = Style(compact=rng.random() < 0.8)
    events = [_event(Object((Part(label, {key: value}),)), style) for label, key, value in deltas]
    return separated([*events, [outside("data: [DONE]")]], gap)


def _event(delta: Object, style: Style) -> list[Piece]:
    choice = Object((Part(None, {"index": 0, "delta": delta}),))
    chunk = Object((Part(None, {"choices": Listing(((None, choice),))}),))
    return [outside("data: "), *write(chunk, style)]


def _deltas(call: Call, rng: Random) -> list[dict[str, Any]]:
    first, *rest = _fragments(dump(call.arguments), rng)
    function = {"name": call.name, "arguments": first}
    opened = {"index": call.slots.index, "id": call.slots.id, "function": function}
    return [opened, *({"index": call.slots.index, "function": {"arguments": r}} for r in rest)]


def _fragments(body: str, rng: Random) -> list[str]:
    """A text in one to four pieces."""
    cuts = sorted(
        {rng.randrange(1, len(body)) for _ in range(rng.randint(0, 3))} if body[1:] else ()
    )
    return [body[start:end] for start, end in zip([0, *cuts], [*cuts, len(body)], strict=True)]


def rpc_call(call: Call) -> str:
    """A request of MCP."""
    params = {"name": call.name, "arguments": call.arguments}
    value = {"jsonrpc": "2.0", "id": call.slots.k, "method": "tools/call", "params": params}
    return dump(value)


TOOL_USE = CallForm(payload=json_call(args_key="input", id_key="id", extra={"type": "tool_use"}))


def api_dialect(name: str, family: str, whole: Whole, call: CallForm = TOOL_USE) -> Dialect:
    """A dialect of API messages; what does not fit is written as bare text and bare objects."""
    return Dialect(
        name=name,
        family=family,
        call=call,
        thought=Wrap('{"type": "thinking", "thinking": ', "}"),
        thought_body=dump,
        response=Wrap('{"role": "tool", "tool_call_id": "%id%", "content": ', "}"),
        response_body=dump,
        whole=whole,
    )


OPENAI_CALL = CallForm(
    payload=nested_call(
        {"id": "%id%", "type": "function"}, "function", args_key="arguments", as_string=True
    )
)

API: tuple[Dialect, ...] = (
    api_dialect("F111-openai-chat", "api-chat", chat_messages, OPENAI_CALL),
    api_dialect("F111b-openai-function-call", "api-chat", legacy_messages, OPENAI_CALL),
    Dialect(
        name="F112-parallel-wrapper",
        family="parallel-wrapper",
        call=CallForm(
            payload=lambda call: dump(
                {"recipient_name": f"functions.{call.name}", "parameters": call.arguments}
            ),
            group="section",
            section=Wrap('{"tool_uses": [', "]}"),
            joint=", ",
        ),
        turns=CHATML_USER,
    ),
    api_dialect("F113-anthropic-blocks", "api-blocks", block_messages(ANTHROPIC, enveloped=0.6)),
    api_dialect("F114-gemini-parts", "api-blocks", block_messages(GEMINI, enveloped=0.6)),
    reshaped(
        Dialect(
            name="F115-mcp-json-rpc",
            family="json-rpc",
            call=CallForm(payload=rpc_call),
            response=Wrap(
                '{"jsonrpc": "2.0", "id": %k%, "result": {"content": [{"type": "text", "text": ',
                '}], "isError": false}}',
            ),
            response_body=dump,
        ),
        paired,
        renumbered,
    ),
    api_dialect("F116-stream", "api-stream", stream, OPENAI_CALL),
    api_dialect("W09-bedrock-converse", "api-blocks", block_messages(BEDROCK, enveloped=0.7)),
    api_dialect("W10-openai-responses", "api-blocks", block_messages(RESPONSES, enveloped=0.0)),
    api_dialect("W11-event-log", "event-log", block_messages(EVENTS, enveloped=0.0)),
)
