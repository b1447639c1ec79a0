"""One's own logs, OpenAI-style chat messages, as transcripts.

A line is `{"messages": […]}`, perhaps with `tools`, `id`, `language` and `domain`, or the list alone.
"""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buzz_parser.data.interchange.lines import InterchangeError, Rejects, read_lines
from buzz_parser.data.transcripts import Step, Transcript, violations

REASONING_KEYS = ("reasoning_content", "reasoning", "thinking")
"""Where servers put what a model thought."""

UNSEEN_ROLES = ("system", "developer")
"""Messages that are no part of a transcript: no model writes them."""

_CLOSED_THOUGHT = re.compile(r"\s*<think(?:ing)?>(.*?)</think(?:ing)?>", re.DOTALL)
_NAME = re.compile(r"\S+")
_OPENS_STEP = re.compile(r"^(?==== |--- )", re.MULTILINE)


@dataclass(frozen=True, kw_only=True)
class Chat:
    """One conversation as it was logged: its messages and tool schemas, both as they stand."""

    id: str
    domain: str
    language: str
    messages: tuple[Mapping[str, Any], ...]
    tools: tuple[Any, ...] = ()


def read_chats(
    path: Path, rejects: Rejects, *, language: str = "en", domain: str = "own logs"
) -> list[Chat]:
    """The conversations of a JSONL file; `language` and `domain` are for lines that do not say."""

    def read(line: str, number: int) -> Chat:
        return _chat(json.loads(line), f"{path.stem}-{number}", language, domain)

    return [chat for _, chat in read_lines(path, read, rejects)]


def read_chat_logs(
    path: Path, rejects: Rejects, *, language: str = "en", domain: str = "own logs"
) -> list[Transcript]:
    """The conversations of a JSONL file as transcripts; what breaks their rules is a reject.

    Results stand in the order of their calls. Where a line of a message would open a step of the transcript's
    file format, as in a diff, a space is put before it.
    """
    seen: set[str] = set()
    found = []
    for chat in read_chats(path, rejects, language=language, domain=domain):
        try:
            transcript = transcript_of(chat)
            if transcript.id in seen:
                raise InterchangeError(f"id: expected a new one, found {transcript.id!r} again")
        except ValueError as error:
            shown = json.dumps(chat.messages, ensure_ascii=False)
            rejects.add(f"chat {chat.id}", error, shown)
        else:
            seen.add(transcript.id)
            found.append(transcript)
    return found


def transcript_of(chat: Chat) -> Transcript:
    """A conversation as a transcript; raises `InterchangeError`."""
    steps: list[Step] = []
    if chat.tools:
        steps.append(_step("tools", "", json.dumps(chat.tools, ensure_ascii=False)))
    waiting: list[tuple[str, str]] = []
    results: dict[int, Step] = {}
    for index, message in enumerate(chat.messages):
        role = message.get("role")
        where = f"messages[{index}]"
        if role in ("tool", "function"):
            at, name = _answered(message, waiting, results)
            results[at] = _step("response", name, _text(where, message.get("content")))
            continue
        steps += [results[at] for at in sorted(results)]
        results = {}
        if role == "user":
            steps.append(_step("user", "", _text(where, message.get("content"))))
        elif role == "assistant":
            waiting = _calls(where, message)
            steps += _assistant_steps(where, message)
        elif role not in UNSEEN_ROLES:
            raise InterchangeError(f"{where}.role: expected a role of a chat, found {role!r}")
    steps += [results[at] for at in sorted(results)]
    identity = "-".join(re.findall(r"\w+", chat.id))
    transcript = Transcript(
        id=identity, domain=chat.domain, language=chat.language, steps=tuple(steps)
    )
    if not any(step.kind in ("thought", "text", "call") for step in steps):
        raise InterchangeError(
            "messages: expected something that the assistant wrote, found nothing"
        )
    if found := violations(transcript):
        raise InterchangeError("; ".join(found))
    return transcript


def arguments_of(where: str, given: Any) -> dict[str, Any]:
    """The arguments of a call, which APIs write as a string of JSON; raises `InterchangeError`."""
    try:
        value = json.loads(given or "{}") if isinstance(given, str | None) else given
    except ValueError as cause:
        raise InterchangeError(f"{where}: expected a JSON object, found {cause}") from cause
    if not isinstance(value, dict):
        raise InterchangeError(f"{where}: expected a JSON object, found {type(value).__name__}")
    return value


def thought_and_text(where: str, message: Mapping[str, Any]) -> tuple[str, str]:
    """What an assistant's message thinks and says; a closed `<think>` before its text is a thought."""
    thoughts = [message[key] for key in REASONING_KEYS if isinstance(message.get(key), str)]
    thought = next((one.strip() for one in thoughts if one.strip()), "")
    text = _text(where, message.get("content"), strict=True)
    if not text and isinstance(message.get("refusal"), str):
        text = message["refusal"].strip()
    if not thought and (match := _CLOSED_THOUGHT.match(text)):
        thought, text = match[1].strip(), text[match.end() :].strip()
    return thought, text


def tool_calls_of(where: str, message: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Id, name and arguments of a message's calls, the old `function_call` too; raises `InterchangeError`."""
    calls = message.get("tool_calls") or []
    if not isinstance(calls, list):
        raise InterchangeError(f"{where}.tool_calls: expected a list, found {type(calls).__name__}")
    if isinstance(old := message.get("function_call"), dict):
        calls = [*calls, {"function": old}]
    for number, call in enumerate(calls):
        function = call.get("function") if isinstance(call, dict) else None
        name = function.get("name") if isinstance(function, dict) else None
        if not isinstance(function, dict) or not isinstance(name, str) or not _NAME.fullmatch(name):
            raise InterchangeError(
                f"{where}.tool_calls[{number}]: expected a function's name, found {name!r}"
            )
        yield str(call.get("id") or ""), name, function.get("arguments")


def _chat(value: Any, identity: str, language: str, domain: str) -> Chat:
    given = value if isinstance(value, dict) else {"messages": value}
    messages, tools = given.get("messages"), given.get("tools") or []
    if not isinstance(messages, list) or not all(isinstance(m, dict) for m in messages):
        raise InterchangeError("messages: expected a list of objects, found something else")
    if not isinstance(tools, list):
        raise InterchangeError(f"tools: expected a list, found {type(tools).__name__}")
    return Chat(
        id=str(given.get("id") or identity),
        domain=" ".join(str(given.get("domain") or domain).split()),
        language=" ".join(str(given.get("language") or language).split()),
        messages=tuple(messages),
        tools=tuple(tools),
    )


def _assistant_steps(where: str, message: Mapping[str, Any]) -> Iterator[Step]:
    thought, text = thought_and_text(where, message)
    if thought:
        yield _step("thought", "", thought)
    if text:
        yield _step("text", "", text)
    for number, (_, name, given) in enumerate(tool_calls_of(where, message)):
        arguments = arguments_of(f"{where}.tool_calls[{number}].arguments", given)
        yield _step("call", name, json.dumps(arguments, ensure_ascii=False))


def _calls(where: str, message: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(identity, name) for identity, name, _ in tool_calls_of(where, message)]


def _answered(
    message: Mapping[str, Any], waiting: Sequence[tuple[str, str]], results: Mapping[int, Step]
) -> tuple[int, str]:
    """Which open call a result answers, by id, else the next in order, and the function's name."""
    identity, name = message.get("tool_call_id"), message.get("name")
    for at, (own, called) in enumerate(waiting):
        if own and own == identity and at not in results:
            return at, called
    at = next((at for at in range(len(waiting)) if at not in results), len(waiting) + len(results))
    called = waiting[at][1] if at < len(waiting) else ""
    return at, called or (name if isinstance(name, str) and _NAME.fullmatch(name) else "")


def _text(where: str, content: Any, *, strict: bool = False) -> str:
    """The text of a content, which may be a list of parts; raises `InterchangeError`.

    Parts without text, such as images, are named in brackets, or are an error where it is `strict`.
    """
    if content is None:
        return ""
    if isinstance(content, str):
        return content.strip()
    if not isinstance(content, list):
        found = type(content).__name__
        raise InterchangeError(f"{where}.content: expected a string or parts, found {found}")
    parts = []
    for number, part in enumerate(content):
        text = part if isinstance(part, str) else None
        if isinstance(part, dict):
            text = part.get("text", part.get("refusal"))
            if text is None and not strict and isinstance(part.get("type"), str):
                text = f"({part['type']})"
        if not isinstance(text, str):
            raise InterchangeError(
                f"{where}.content[{number}]: expected a text, found {part!r}"[:200]
            )
        parts.append(text)
    return "\n".join(parts).strip()


def _step(kind: str, argument: str, body: str) -> Step:
    return Step(kind=kind, argument=argument, body=_OPENS_STEP.sub(" ", body).strip("\n"))
