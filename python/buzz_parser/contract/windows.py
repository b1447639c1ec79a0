"""Windows that carry context, the twin of `rust_check/src/windows.rs` (docs/contract.md, section 4)."""

from collections.abc import Sequence
from dataclasses import dataclass

from buzz_parser.contract.labels import OUTSIDE, is_begin, type_of

STATES = ("start", "outside", "thought", "toolcall", "text", "toolresponse")
"""What can be open at a cut; each has a control token of the same name."""

FIRST_CONTROL_TOKENS = 4
"""`[CLS] S_start [SEP] body [SEP]`."""

LATER_CONTROL_TOKENS = 5
"""`[CLS] S_state head [SEP] tail [SEP] body [SEP]`."""


@dataclass(frozen=True, kw_only=True)
class WindowParameters:
    """Sizes in tokens: the whole input, what is read but not committed, the context carried along."""

    max_tokens: int
    lookahead: int
    head: int
    tail: int


@dataclass(frozen=True, kw_only=True)
class ControlTokens:
    """Vocabulary ids of the tokens that give a window its structure; no text can produce them."""

    cls: int
    sep: int
    start: int
    outside: int
    thought: int
    toolcall: int
    text: int
    toolresponse: int


@dataclass(frozen=True, kw_only=True)
class Carry:
    """What one window hands to the next: tokens committed, the last label, the last `B-` token."""

    position: int
    label: int
    opened: int


START = Carry(position=0, label=OUTSIDE, opened=0)
"""The carry before the first window."""


@dataclass(frozen=True, kw_only=True)
class Window:
    """One model input: body `[position, end)`, of which labels are kept for `[position, commit)`.

    `head` and `tail` are the token intervals carried as context; `state` is one of `STATES`.
    """

    position: int
    end: int
    commit: int
    state: str
    head: tuple[int, int]
    tail: tuple[int, int]


def state_of(carry: Carry) -> str:
    """The state at a cut: `start`, `outside`, or the type that is open."""
    if carry.position == 0:
        return "start"
    if carry.label == OUTSIDE:
        return "outside"
    return STATES[2 + type_of(carry.label)]


def plan_window(carry: Carry, token_count: int, parameters: WindowParameters) -> Window:
    """The window that follows a carry in a text of `token_count` tokens, of which some are left."""
    position, state = carry.position, state_of(carry)
    head_start = head_end = position
    if state not in ("start", "outside"):
        head_start = carry.opened
        head_end = min(carry.opened + parameters.head, position)
    tail_start = max(0, position - parameters.tail)
    control = FIRST_CONTROL_TOKENS if position == 0 else LATER_CONTROL_TOKENS
    room = parameters.max_tokens - control - (head_end - head_start) - (position - tail_start)
    end = min(position + room, token_count)
    return Window(
        position=position,
        end=end,
        commit=end if end == token_count else end - parameters.lookahead,
        state=state,
        head=(head_start, head_end),
        tail=(tail_start, position),
    )


def window_inputs(
    window: Window, ids: Sequence[int], tokens: ControlTokens
) -> tuple[list[int], list[int]]:
    """The model's `input_ids` and `token_type_ids` for a window; `ids` are those of the whole text."""
    context = [tokens.cls, getattr(tokens, window.state)]
    context += ids[window.head[0] : window.head[1]]
    context.append(tokens.sep)
    if window.position > 0:
        context += ids[window.tail[0] : window.tail[1]]
        context.append(tokens.sep)
    body = [*ids[window.position : window.end], tokens.sep]
    return context + body, [0] * len(context) + [1] * len(body)


def body_offset(window: Window) -> int:
    """The index of the body's first token in the window's input."""
    if window.position == 0:
        return FIRST_CONTROL_TOKENS - 1
    context = window.head[1] - window.head[0] + window.tail[1] - window.tail[0]
    return LATER_CONTROL_TOKENS - 1 + context


def advance(carry: Carry, labels: Sequence[int]) -> Carry:
    """The carry after committing the next `labels` (at least one)."""
    opened = carry.opened
    for index, label in enumerate(labels, start=carry.position):
        if is_begin(label):
            opened = index
    return Carry(position=carry.position + len(labels), label=labels[-1], opened=opened)
