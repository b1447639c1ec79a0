"""Logged chats through a model's own chat template: each turn of the assistant as a labelled message.

The template alone knows its markers. So a turn is rendered without its calls, with the first call, with two
and so on: what each adds is that call with its markers, and nothing is searched for. Turns of which that does
not hold are rejects. Needs the package `transformers`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buzz_parser.contract.segments import WHITESPACE, trim
from buzz_parser.data.assembly import Piece, assemble, outside
from buzz_parser.data.interchange.chat_logs import (
    Chat,
    arguments_of,
    thought_and_text,
    tool_calls_of,
)
from buzz_parser.data.interchange.lines import InterchangeError, Rejects, checked
from buzz_parser.data.records import Record

_OPEN, _CLOSE = "\ue010", "\ue011"
"""Put around the text while it is rendered, so that its place is known; private characters."""

_BARE_CALL = re.compile(r"[\[{\w(]")
"""How a call begins that has no marker of its own (rule 3)."""


@dataclass(frozen=True, kw_only=True)
class ChatTemplate:
    """A template in Jinja and the special tokens that it names."""

    source: str
    tokens: Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class Turn:
    """One message of the assistant in parts, and what stands before it, both for the template."""

    before: tuple[Mapping[str, Any], ...]
    thought: str
    text: str
    calls: tuple[Mapping[str, Any], ...]
    tools: tuple[Any, ...]


def read_chat_template(path: Path) -> ChatTemplate:
    """The template in a tokenizer's folder, its `tokenizer_config.json`, or a `.jinja` file.

    Raises `InterchangeError`.
    """
    folder = path if path.is_dir() else path.parent
    config_path, separate = folder / "tokenizer_config.json", folder / "chat_template.jinja"
    if path.suffix == ".jinja":
        separate = path
    config = _json_file(config_path) if config_path.is_file() else {}
    source = separate.read_text(encoding="utf-8") if separate.is_file() else None
    source = config.get("chat_template") if source is None else source
    if isinstance(source, list):
        named = {one.get("name"): one.get("template") for one in source if isinstance(one, dict)}
        source = named.get("tool_use") or named.get("default")
    if not isinstance(source, str):
        raise InterchangeError(f"{path}: expected a tokenizer with a chat template, found none")
    tokens = {
        key: value["content"] if isinstance(value, dict) else value
        for key, value in config.items()
        if key.endswith("_token") and isinstance(value, dict | str)
    }
    return ChatTemplate(source=source, tokens=tokens)


def template_records(
    chats: Iterable[Chat], template: ChatTemplate, rejects: Rejects
) -> list[Record]:
    """Each turn of the assistant as the template writes it, with its segments."""
    found = []
    for chat in chats:
        for index, message in enumerate(chat.messages):
            if message.get("role") != "assistant":
                continue
            where = f"messages[{index}]"
            try:
                text, pieces = _rendered(_turn(chat, index, where), template)
                text, spans = assemble(pieces)
                if not spans:
                    raise InterchangeError("expected a thought, a text or a call, found none")
                meta = {"source": "chat log", "chat": chat.id, "language": chat.language}
                meta |= {"domain": chat.domain, "dialect": "chat template"}
                record = Record(id=f"{chat.id}-{index}", text=text, segments=spans, meta=meta)
                found.append(checked(record))
            except ValueError as error:
                shown = json.dumps(message, ensure_ascii=False)
                rejects.add(f"chat {chat.id}, {where}", error, shown)
    return found


def _turn(chat: Chat, index: int, where: str) -> Turn:
    thought, text = thought_and_text(where, chat.messages[index])
    return Turn(
        before=tuple(_plain(message) for message in chat.messages[:index]),
        thought=thought,
        text=text,
        calls=tuple(_template_calls(where, chat.messages[index])),
        tools=chat.tools,
    )


def _plain(message: Mapping[str, Any]) -> dict[str, Any]:
    """A message as templates expect it: arguments as objects, a content always."""
    plain = dict(message) | {"content": message.get("content") or ""}
    if message.get("role") == "assistant" and (calls := _template_calls("messages", message)):
        plain["tool_calls"] = calls
    return plain


def _template_calls(where: str, message: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [
        {
            "id": identity,
            "type": "function",
            "function": {"name": name, "arguments": arguments_of(where, arguments)},
        }
        for identity, name, arguments in tool_calls_of(where, message)
    ]


def _rendered(turn: Turn, template: ChatTemplate) -> tuple[str, list[Piece]]:
    """The turn as the template writes it, and its pieces."""
    prompt = _render(template, turn.before, turn.tools, prompt=True)
    full = _written(turn, template, prompt, len(turn.calls), marked=False)
    marked = _written(turn, template, prompt, 0, marked=True)
    if turn.text:
        head, body, tail = _parted(marked)
    else:
        head, body, tail = "", "", ""
    end = _end(turn, template, prompt)
    bare = _without(end, _written(turn, template, prompt, 0, marked=False))
    written = _without(end, full)
    if not written.startswith(bare):
        raise InterchangeError("expected the calls behind the text, found them elsewhere")
    pieces = [Piece("THOUGHT", head)] if turn.text else [Piece("THOUGHT", bare)]
    if turn.text:
        pieces += [Piece("TEXT", body), outside(_without(end, tail))]
    pieces += _call_pieces(turn, template, prompt, bare, written)
    pieces.append(outside(full[len(written) :]))
    if (found := "".join(piece.text for piece in pieces)) != full:
        raise InterchangeError(f"expected the parts to be the turn, found {found[-80:]!r}")
    return full, pieces


def _call_pieces(
    turn: Turn, template: ChatTemplate, prompt: str, bare: str, written: str
) -> list[Piece]:
    """What stands behind the text: a segment a call where each call only adds to those before it."""
    if not turn.calls:
        return [outside(written[len(bare) :])]
    ends = [len(bare)]
    for count in range(1, len(turn.calls)):
        try:
            shorter = _written(turn, template, prompt, count, marked=False)
        except InterchangeError:
            return [Piece("TOOLCALL", written[len(bare) :])]
        length = len(_common(shorter, written))
        # The one with fewer calls goes on with the turn's end, whose first signs may be the next call's too.
        closed = next((n for n in range(length, ends[-1], -1) if _closes(shorter, n, turn)), 0)
        if not closed:
            return [Piece("TOOLCALL", written[len(bare) :])]
        ends.append(closed)
    first, _ = trim(written, len(bare), len(written))
    if first < len(written) and _BARE_CALL.match(written[first]):
        return [Piece("TOOLCALL", written[len(bare) :])]
    ends.append(len(written))
    return [Piece("TOOLCALL", written[a:b]) for a, b in zip(ends, ends[1:], strict=False)]


def _json_file(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except ValueError as cause:
        raise InterchangeError(f"{path}: expected a JSON object, found {cause}") from cause
    if not isinstance(value, dict):
        raise InterchangeError(f"{path}: expected a JSON object, found {type(value).__name__}")
    return value
