"""One request to one teacher: what came back, or why nothing did, in words that hold no key."""

import asyncio
import email.utils
import math
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import openai
from openai.types.chat import ChatCompletion

from buzz_parser.data.teachers.config import Teacher

Message = dict[str, str]
"""`{"role": "system" | "user" | "assistant", "content": …}`."""


@dataclass(frozen=True, kw_only=True)
class Request:
    """What is asked: messages, the most tokens of an answer, the temperature or none, JSON only or not."""

    messages: tuple[Message, ...]
    max_tokens: int
    temperature: float | None
    json_only: bool


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What came back; `finish` is the API's `finish_reason`, tokens are `estimated` where it counts none."""

    text: str
    finish: str
    input: int
    output: int
    estimated: bool


class RequestFailed(Exception):  # noqa: N818  (it is what happened, and `failed` in the ledger)
    """No answer came: `retry` the request, give up the `task`, or `halt` the teacher.

    `wait` are the seconds that the server asked for, `billed` says whether tokens may have been spent.
    """

    def __init__(
        self,
        reason: str,
        then: Literal["retry", "task", "halt"],
        *,
        wait: float | None = None,
        billed: bool = False,
    ) -> None:
        super().__init__(reason)
        self.reason, self.then, self.wait, self.billed = reason, then, wait, billed


def open_client(teacher: Teacher, key: str) -> openai.AsyncOpenAI:
    """The client of a teacher; it never repeats a request by itself, so that each one is on the ledger."""
    return openai.AsyncOpenAI(
        api_key=key,
        base_url=teacher.base_url,
        max_retries=0,
        timeout=teacher.timeout,
        # Else the client takes these from variables that are meant for another server.
        organization="",
        project="",
    )


def estimate_tokens(text: str) -> int:
    """About how many tokens a text has, rather too many: a third of its bytes.

    >>> estimate_tokens("Thought: the tide is low.")
    9
    """
    return math.ceil(len(text.encode("utf-8", "replace")) / 3)


def estimate_input(messages: Sequence[Message]) -> int:
    """About how many tokens messages have."""
    return sum(8 + estimate_tokens(message["content"]) for message in messages)


async def ask(client: openai.AsyncOpenAI, teacher: Teacher, request: Request) -> Answer:
    """The teacher's answer; raises `RequestFailed`.

    The timeout is for the whole answer, however slowly it drips.
    """
    try:
        async with asyncio.timeout(teacher.timeout):
            completion = await client.chat.completions.create(**_arguments(teacher, request))
    except (TimeoutError, openai.APITimeoutError) as cause:
        reason = f"no answer within {teacher.timeout:g} s"
        raise RequestFailed(reason, "retry", billed=True) from cause
    except openai.APIStatusError as cause:
        raise _refusal(cause, client.api_key) from None
    except openai.APIConnectionError as cause:
        raise RequestFailed(_connection_reason(cause), "retry", billed=True) from None
    except (openai.APIError, ValueError) as cause:
        reason = "the body is no chat completion"
        raise RequestFailed(reason, "retry", billed=True) from cause
    answer = _read(completion, request)
    if len(client.api_key) >= 8 and client.api_key in answer.text:
        raise RequestFailed("the answer repeats the key", "retry", billed=True)
    return answer


def _arguments(teacher: Teacher, request: Request) -> dict[str, Any]:
    arguments: dict[str, Any] = {"model": teacher.model, "messages": list(request.messages)}
    arguments[teacher.token_parameter] = request.max_tokens
    if request.temperature is not None:
        arguments["temperature"] = request.temperature
    if request.json_only and teacher.json_mode:
        arguments["response_format"] = {"type": "json_object"}
    return arguments


def _read(completion: object, request: Request) -> Answer:
    """The answer in a body; the client does not validate, so that any field may be missing or odd."""
    choices = getattr(completion, "choices", None)
    if not isinstance(completion, ChatCompletion) or not isinstance(choices, list) or not choices:
        raise RequestFailed("the body is no chat completion", "retry", billed=True)
    text = getattr(getattr(choices[0], "message", None), "content", None)
    finish = getattr(choices[0], "finish_reason", None)
    if text is None:
        text = ""  # a refusal, a filter or a call of a tool; an answer all the same
    if not isinstance(text, str):
        raise RequestFailed("the body has no text", "retry", billed=True)
    if re.search("[\ud800-\udfff]", text):
        raise RequestFailed("the text has half a character", "retry", billed=True)
    usage = completion.usage
    read, written = getattr(usage, "prompt_tokens", None), getattr(usage, "completion_tokens", None)
    counted = _is_count(read) and _is_count(written)
    return Answer(
        text=text,
        finish=finish if isinstance(finish, str) else "unknown",
        input=read if counted else estimate_input(request.messages),  # type: ignore[arg-type]
        output=written if counted else estimate_tokens(text),  # type: ignore[arg-type]
        estimated=not counted,
    )


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _refusal(error: openai.APIStatusError, key: str) -> RequestFailed:
    status, code = error.status_code, error.code or error.type or ""
    reason = f"HTTP {status}" + (f" {_shown(code, key, 60)}" if code else "")
    if status in (401, 403, 404) or code == "insufficient_quota":
        # The server's words are left out: some repeat the key, or what is left of it.
        return RequestFailed(reason, "halt")
    if status in (408, 409, 425, 429) or status >= 500:
        wait = retry_after(error.response.headers, time.time())
        return RequestFailed(reason, "retry", wait=wait, billed=status in (408, 504))
    return RequestFailed(f"{reason}: {_shown(error.message, key, 300)}", "task")


def _shown(words: str, key: str, length: int) -> str:
    """A server's words in one line, without the key."""
    words = words.replace(key, "[key]") if key else words
    return " ".join(words.split())[:length].encode("utf-8", "replace").decode()


def _connection_reason(error: openai.APIConnectionError) -> str:
    cause = error.__cause__
    return f"the connection failed: {type(cause).__name__ if cause else 'no cause'}"


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds that a server asks to wait, from `now` in seconds of the epoch; `None` if it does not.

    >>> retry_after({"retry-after": "2.5"}, 0.0)
    2.5
    >>> retry_after({"retry-after": "Thu, 01 Jan 1970 00:01:00 GMT"}, 20.0)
    40.0
    """
    for header, unit in (("retry-after-ms", 1000.0), ("retry-after", 1.0)):
        value = headers.get(header, "")
        try:
            seconds = float(value) / unit
        except ValueError:
            date = email.utils.parsedate_tz(value)
            if date is None:
                continue
            seconds = email.utils.mktime_tz(date) - now
        if math.isfinite(seconds):
            return max(0.0, seconds)
    return None
