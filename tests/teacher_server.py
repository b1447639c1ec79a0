"""A real HTTP server that speaks the chat-completions wire format, and misbehaves where a test wants it to."""

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Literal

from buzz_parser.data.teachers.config import Settings, parse_settings

KEY = "sk-never-to-be-seen-0123456789"
ENVIRONMENT = {"BUZZ_TEACHER_A_API_KEY": KEY, "BUZZ_TEACHER_B_API_KEY": KEY}

Asked = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server sends and how: whole, cut in the middle, byte by byte with a pause, or never."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    delivery: Literal["whole", "cut", "drip", "hang"] = "whole"
    pause: float = 0.0


Behaviour = Callable[[Asked, int], Reply]
"""The reply to a request's JSON body; the number counts the server's requests from 0."""


@dataclass(kw_only=True)
class Server:
    """A running server: its URL, what it was asked, and the event that ends all hanging."""

    url: str
    behaviour: Behaviour
    asked: list[Asked] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    release: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)


def completion(text: str, finish: str = "stop", usage: tuple[int, int] | None = (100, 50)) -> Reply:
    """A well-formed answer."""
    body: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "any",
        "choices": [
            {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text}}
        ],
    }
    if usage is not None:
        body["usage"] = {
            "prompt_tokens": usage[0],
            "completion_tokens": usage[1],
            "total_tokens": sum(usage),
        }
    return Reply(body=json.dumps(body).encode())


def error(status: int, message: str = "no", code: str | None = None, **headers: str) -> Reply:
    """An error as OpenAI's servers write it; `retry_after="1"` becomes the header `retry-after`."""
    body = json.dumps({"error": {"message": message, "code": code, "type": None}}).encode()
    return Reply(
        status=status, body=body, headers={k.replace("_", "-"): v for k, v in headers.items()}
    )


@contextmanager
def serving(behaviour: Behaviour) -> Iterator[Server]:
    """A server on a free port of 127.0.0.1 while the context lasts."""
    server = Server(url="", behaviour=behaviour)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            content = self.rfile.read(int(self.headers["content-length"]))
            with server.lock:
                number = len(server.asked)
                server.asked.append(json.loads(content))
                server.keys.append(self.headers.get("authorization", ""))
            assert self.path == "/v1/chat/completions"
            try:
                _deliver(self, server, server.behaviour(json.loads(content), number))
            except OSError:
                self.close_connection = True  # the client has gone

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        server.url = f"http://127.0.0.1:{http.server_address[1]}/v1"
        thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield server
        finally:
            server.release.set()
            http.shutdown()
            thread.join()


def _deliver(handler: BaseHTTPRequestHandler, server: Server, reply: Reply) -> None:
    if reply.delivery == "hang":
        server.release.wait()
        handler.close_connection = True
        return
    handler.send_response(reply.status)
    headers = {"content-type": "application/json", **reply.headers}
    for name, value in headers.items():
        handler.send_header(name, value)
    handler.send_header("content-length", str(len(reply.body)))
    handler.end_headers()
    if reply.delivery == "drip":
        for index in range(len(reply.body)):
            handler.wfile.write(reply.body[index : index + 1])
            handler.wfile.flush()
            if reply.pause and not server.release.is_set():
                time.sleep(reply.pause)
        return
    cut = reply.delivery == "cut"
    handler.wfile.write(reply.body[: len(reply.body) // 2] if cut else reply.body)
    if cut:
        handler.close_connection = True


def configuration(url: str, *names: str, **changes: Any) -> dict[str, Any]:
    """A configuration as TOML would give it: quick teachers on one server.

    Names of tables change the table, other names change every teacher.
    """
    tables = {"budget", "retry", "create", "label"}
    teacher = {
        "base_url": url,
        "model": "any",
        "requests_per_minute": 100_000,
        "tokens_per_minute": 10**12,
        "timeout": 20.0,
        "concurrency": 3,
    } | {key: value for key, value in changes.items() if key not in tables}
    retry = {"first_wait": 0.001, "longest_wait": 0.5} | changes.get("retry", {})
    content = {key: changes[key] for key in tables & changes.keys()} | {"retry": retry}
    return content | {"teacher": [{"name": name, **teacher} for name in names or ("a",)]}


def settings(url: str, *names: str, **changes: Any) -> Settings:
    """The settings of such a configuration."""
    return parse_settings("teachers.toml", configuration(url, *names, **changes), ENVIRONMENT)


def as_toml(content: Mapping[str, Any]) -> str:
    """A configuration as TOML; its values are numbers, strings and truth values."""
    lines = []
    for name, table in content.items():
        for entries in table if isinstance(table, list) else [table]:
            lines.append(f"[[{name}]]" if isinstance(table, list) else f"[{name}]")
            lines += [f"{key} = {json.dumps(value)}" for key, value in entries.items()]
    return "\n".join(lines) + "\n"


def last_user(asked: Asked) -> str:
    """The content of a request's last message."""
    content: str = asked["messages"][-1]["content"]
    return content


def first_user(asked: Asked) -> str:
    """The content of a request's first message of the user, which tells tasks apart."""
    content: str = asked["messages"][1]["content"]
    return content


def pieces_answer(number: int) -> str:
    """A message that a teacher has created, another one for each number."""
    pieces = [
        ("THOUGHT", f"<think>\nNumber {number}.\n</think>\n"),
        ("TOOLCALL", f'<tool_call>{{"name": "f", "arguments": {{"n": {number}}}}}</tool_call>'),
        ("O", "<|im_end|>"),
    ]
    return json.dumps({"segments": [{"label": label, "text": text} for label, text in pieces]})


def transcript_answer(number: int) -> str:
    """A transcript that a teacher has created."""
    return (
        f"=== tide-{number}\ndomain: sailing\nlanguage: en\n--- user\nWhen is high water at berth {number}?\n"
        f'--- call tides\n{{"berth": {number}}}\n--- response tides\n14:10\n--- text\nAt 14:10.'
    )


def created(asked: Asked, number: int) -> Reply:
    """The behaviour of a good teacher who creates."""
    wants = first_user(asked)
    answer = transcript_answer if wants.startswith("Write one transcript") else pieces_answer
    return completion(answer(number))


def marked(asked: Asked, spans: Mapping[str, Sequence[tuple[str, int, int]]]) -> str:
    """The markup of the message that a request asks for, by the spans of each text."""
    found = re.fullmatch(
        r"⟦([0-9a-f]{4}):MESSAGE⟧\n(.*)\n⟦/\1:MESSAGE⟧", first_user(asked), re.DOTALL
    )
    assert found
    nonce, text = found.groups()
    return markup(text, nonce, spans[text])


def markup(text: str, nonce: str, spans: Sequence[tuple[str, int, int]]) -> str:
    """A text with tags around its spans."""
    copy, position = "", 0
    for label, start, end in spans:
        copy += f"{text[position:start]}⟦{nonce}:{label}⟧{text[start:end]}⟦/{nonce}:{label}⟧"
        position = end
    return f"⟦{nonce}:MESSAGE⟧\n{copy}{text[position:]}\n⟦/{nonce}:MESSAGE⟧"


def read_lines(path: Path) -> list[Any]:
    """The JSON values of a file's lines."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
