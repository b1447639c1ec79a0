"""Logged chats through a model's own chat template: each turn of the assistant as a labelled message.

The template alone knows its markers. So a turn is rendered without its calls, with the first call, with two
and so on: what each adds is that call with its markers, and nothing is searched for. Turns of which that does
not hold are rejects. Needs the package `transformers`.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any

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

_BARE_CALL = re.compile(r"\[?\s*\{|\[?[\w.]+\(")
"""How a call begins that has no marker of its own."""

_EMPTY_THOUGHT = re.compile(r"\s*<(\w+)>\s*</\1>\s*")


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
                text, spans = assemble(_pieces(_turn(chat, index, where), template))
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


def _pieces(turn: Turn, template: ChatTemplate) -> list[Piece]:
    """The turn as the template writes it, in pieces; raises `InterchangeError` where it can't be parted."""
    prompt = _render(template, turn.before, turn.tools, prompt=True)

    def written(text: str, calls: int, *, thought: bool = True) -> str:
        message = _message(turn, text, calls, thought=thought)
        full = _render(template, (*turn.before, message), turn.tools, prompt=False)
        if not full.startswith(prompt):
            raise InterchangeError("expected the turn behind the prompt, found it elsewhere")
        return full[len(prompt) :]

    lead, _, end = _around(written(f"{_OPEN}x{_CLOSE}", 0, thought=False))
    if lead.strip() and not _EMPTY_THOUGHT.fullmatch(lead):
        raise InterchangeError(f"expected no marker before a text, found {lead[:40]!r}")
    full = written(turn.text, len(turn.calls))
    before_calls = _less(written(turn.text, 0), end)
    whole = _less(full, end)
    if not whole.startswith(before_calls):
        raise InterchangeError("expected the calls at the turn's end, found them elsewhere")
    head, text = before_calls, ""
    if turn.text:
        head, text, _ = _around(written(f"{_OPEN}{turn.text}{_CLOSE}", len(turn.calls)))
    if head + text != before_calls:
        raise InterchangeError("expected nothing between a text and its calls, found a marker")
    if head.strip() and turn.thought not in head:
        raise InterchangeError(f"expected the thought before the text, found {head[:40]!r}")
    ends = [len(before_calls)]
    for count in range(1, len(turn.calls)):
        try:
            shorter = _less(written(turn.text, count), end)
        except InterchangeError:  # a template that takes one call a turn only
            shorter = ""
        adds = len(shorter) > ends[-1] and whole.startswith(shorter)
        ends.append(len(shorter) if adds else 0)
    calls = _call_pieces(whole, [*ends, len(whole)] if turn.calls else ends)
    return [Piece("THOUGHT", head), Piece("TEXT", text), *calls, outside(end)]


def _call_pieces(whole: str, ends: Sequence[int]) -> list[Piece]:
    """A segment a call; one for all of them where they share an envelope or have no marker (rule 3)."""
    region = whole[ends[0] :]
    if 0 in ends[1:] or _BARE_CALL.match(region.lstrip()):
        return [Piece("TOOLCALL", region)]
    return [Piece("TOOLCALL", whole[a:b]) for a, b in pairwise(ends)]


def _message(turn: Turn, text: str, calls: int, *, thought: bool) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": text}
    if thought and turn.thought:
        message["reasoning_content"] = turn.thought
    if calls:
        message["tool_calls"] = list(turn.calls[:calls])
    return message


def _render(
    template: ChatTemplate,
    messages: Sequence[Mapping[str, Any]],
    tools: Sequence[Any],
    *,
    prompt: bool,
) -> str:
    import jinja2  # noqa: PLC0415
    from transformers.utils.chat_template_utils import render_jinja_template  # noqa: PLC0415

    render: Any = render_jinja_template  # its annotations are narrower than what it takes
    try:
        texts, _ = render(
            conversations=[list(messages)],
            tools=list(tools) or None,
            chat_template=template.source,
            add_generation_prompt=prompt,
            **template.tokens,
        )
    except (jinja2.TemplateError, TypeError, ValueError) as cause:
        raise InterchangeError(f"expected the template to take the chat, found {cause}") from cause
    text: str = texts[0]
    return text


def _around(marked: str) -> tuple[str, str, str]:
    """What stands before, in and behind the marked text."""
    head, opened, rest = marked.partition(_OPEN)
    body, closed, tail = rest.partition(_CLOSE)
    if not opened or not closed:
        raise InterchangeError("expected the text in the turn, found it gone")
    return head, body, tail


def _less(text: str, end: str) -> str:
    if not text.endswith(end):
        raise InterchangeError(f"expected the turn to end in {end!r}, found {text[-20:]!r}")
    return text[: len(text) - len(end)]


def _json_file(path: Path) -> dict[str, Any]:
    try:
        value = json.loads(path.read_bytes())
    except ValueError as cause:
        raise InterchangeError(f"{path}: expected a JSON object, found {cause}") from cause
    if not isinstance(value, dict):
        raise InterchangeError(f"{path}: expected a JSON object, found {type(value).__name__}")
    return value
