"""A dialect: how one model and its harness write down thoughts, calls, results and text.

A dialect is a composition of independent choices. Markers may hold `%name%` (the function), `%id%` (the
call's id), `%index%` (of the call in its round, from 0), `%k%` (of the round, from 1), `%arg%` (language or
path) and `%call%` (the call as one line, for results that name it).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from buzz_parser.data.assembly import Piece


@dataclass(frozen=True)
class Wrap:
    """What opens and what closes a body; both belong to the segment, both may be empty."""

    open: str = ""
    close: str = ""

    def around(self, body: str, slots: "Slots") -> str:
        """The body between its markers, their slots filled."""
        return slots.fill(self.open) + body + slots.fill(self.close)


@dataclass(frozen=True, kw_only=True)
class Slots:
    """The values of the slots in markers."""

    name: str = ""
    id: str = ""
    index: int = 0
    k: int = 1
    arg: str = ""
    call: str = ""

    def fill(self, marker: str) -> str:
        """A marker with its slots filled."""
        if "%" not in marker:
            return marker
        for slot in ("name", "id", "index", "k", "arg", "call"):
            marker = marker.replace(f"%{slot}%", str(getattr(self, slot)))
        return marker


@dataclass(frozen=True, kw_only=True)
class Call:
    """One action: a function with its arguments, or a shell command, code or edit with its body.

    `kind` is `function`, `shell`, `code` or `edit`; `argument` is the language of code, the path of an edit.
    A shell command, code and edit have a name and arguments too, for dialects that know functions alone.
    """

    kind: str
    name: str
    arguments: dict[str, Any]
    argument: str = ""
    body: str = ""
    slots: Slots


Payload = Callable[[Call], str]
"""The body of a call, without its envelope."""

Block = Callable[[Call], str | None]
"""A shell command, code or edit as a segment of its own; `None` where the dialect has no block for it."""


@dataclass(frozen=True, kw_only=True)
class CallForm:
    """How the calls of one round are written.

    `group`: `each` call is a segment in its `wrap`; a `section` holds all calls, each in its `wrap`, as one
    segment; so does a `list`, which puts brackets around them. Calls without any marker are one segment.
    `delimited` is false where only a further marker tells the end of the call (raw text after a label).
    """

    payload: Payload
    wrap: Wrap = Wrap()
    group: str = "each"
    section: Wrap = Wrap()
    joint: str = "\n"
    block: Block | None = None
    delimited: bool = True


@dataclass(frozen=True, kw_only=True)
class Turns:
    """Turn markers, which are outside of all segments; `tool` is the turn that carries results.

    Without a tool turn, results stand where they fall. `shared` puts all results of a round in one turn.
    """

    assistant: Wrap = Wrap()
    tool: Wrap | None = None
    shared: bool = False

    @property
    def marked(self) -> bool:
        """Whether a turn's begin can be seen."""
        return bool(self.assistant.open or self.assistant.close)

    @property
    def bound_results(self) -> bool:
        """Whether turns show where each result begins and ends."""
        return self.marked and self.tool is not None


Body = Callable[[str], str]


def same(body: str) -> str:
    """The body as it is."""
    return body


@dataclass(frozen=True, kw_only=True)
class Gaps:
    """What stands between two pieces of one turn; outside of all segments."""

    default: str = "\n"
    after_thought: str | None = None
    before_call: str | None = None
    before_response: str | None = None


@dataclass(frozen=True, kw_only=True)
class Item:
    """A step as a dialect sees it: `kind` is `thought`, `text`, `calls` or `response`."""

    kind: str
    body: str = ""
    calls: tuple[Call, ...] = ()
    slots: Slots = field(default_factory=Slots)


Whole = Callable[[Sequence[Item], Random], list[Piece] | None]
"""A message as one JSON, YAML or code shape; `None` where the items do not fit the shape."""


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way to write a message. `family` groups what shares markers, for the splits."""

    name: str
    family: str
    call: CallForm
    thought: Wrap = Wrap()
    thought_body: Body = same
    text: Wrap = Wrap()
    final: Wrap = Wrap()
    response: Wrap = Wrap()
    response_body: Body = same
    turns: Turns = field(default_factory=Turns)
    gaps: Gaps = field(default_factory=Gaps)
    whole: Whole | None = None
