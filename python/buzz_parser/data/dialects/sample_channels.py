"""Drawn dialects of channels: every segment is a message of its own, whose header says what it is.

The header's role and turn tokens are outside of all segments; what says the type (a channel, a recipient, a
token) belongs to the segment that it opens.
"""

from collections.abc import Callable, Sequence
from random import Random

from buzz_parser.data.dialects import blocks, payloads, words
from buzz_parser.data.dialects.brackets import TOKENS
from buzz_parser.data.dialects.model import Block, CallForm, Dialect, Gaps, Payload, Turns, Wrap
from buzz_parser.data.dialects.native_steps import closing, shaped
from buzz_parser.data.dialects.turns import ROLES, TURN_BODIES, TURN_CLOSES, TURN_OPENS

THOUGHTS = (
    "analysis",
    "think",
    "self",
    "reasoning",
    "private",
    "inner",
    "scratch",
    "thought",
    "thinking",
)
CALLS = (
    "commentary",
    "call",
    "tool",
    "action",
    "invoke",
    "tool_calls",
    "function",
    "exec",
    "request",
)
ANSWERS = (
    "final",
    "user",
    "all",
    "answer",
    "say",
    "content",
    "public",
    "reply",
    "response",
    "text",
)
RESULTS = ("commentary", "result", "output", "observation", "return", "all", "data", "tool_result")
CHANNELS = (
    "channel",
    "recipient",
    "type",
    "kind",
    "lane",
    "mode",
    "content_type",
    "stream",
    "to",
    "meta",
)
TOOL_HEADS = (
    "tool", "tool", "%name%", "tool %name%", "functions.%name% to=assistant", "env", "user", "tool:%name%", "ipython",
)  # fmt: skip
RECIPIENTS = ("%name%", "functions.%name%", "tools.%name%", "tool:%name%", "api.%name%")


def sample_channels(rng: Random) -> Dialect:
    """A dialect in which thoughts, calls, results and texts are messages with typed headers."""
    token = rng.choice(TOKENS).format if rng.random() < 0.5 else "<|{}|>".format
    end = token(rng.choice(TURN_CLOSES)) + rng.choice(("", "", "\n"))
    message = token(rng.choice(TURN_BODIES)) + rng.choice(("", "", "", "\n"))
    before, behind = _role_marks(rng, token)
    head, tool_head = (
        before + role + behind for role in (rng.choice(ROLES), rng.choice(TOOL_HEADS))
    )
    opening = _opening(rng, token, message)
    wraps = {
        kind: Wrap(opening(_word(rng, fixed, pool)))
        for kind, fixed, pool in (
            ("thought", THOUGHTS, words.THOUGHT_TAGS),
            ("final", ANSWERS, words.TEXT_TAGS),
            ("text", (*ANSWERS, "commentary"), words.TEXT_TAGS),
            ("response", RESULTS, words.RESPONSE_TAGS),
        )
    }
    if rng.random() < 0.6:
        wraps["text"] = wraps["final"]
    if rng.random() < 0.4:
        wraps["response"] = Wrap(message) if behind and rng.random() < 0.5 else Wrap()
    other_ends = [token(word) for word in rng.sample(TURN_CLOSES, 2)]
    dialect = Dialect(
        name="invented",
        family="invented",
        call=_call(rng, opening, end + head),
        turns=Turns(assistant=Wrap(head, end), tool=Wrap(tool_head, end)),
        gaps=Gaps(default=end + head),
        thought=wraps["thought"],
        text=wraps["text"],
        final=wraps["final"],
        response=wraps["response"],
    )
    called = other_ends[0] if rng.random() < 0.45 else None
    ended = other_ends[1] if rng.random() < 0.3 else None
    return shaped(dialect, seams=(closing(end, call=called, end=ended),))


def _role_marks(rng: Random, token: Callable[[str], str]) -> tuple[str, str]:
    """What stands before and behind the role in a header."""
    start = token(rng.choice(TURN_OPENS))
    draw = rng.random()
    if draw < 0.5:
        return start, rng.choice(("", "", " ", "\n"))
    if draw < 0.75:
        return start, token(rng.choice(TURN_BODIES)) + rng.choice(("", "\n"))
    left, right = token(" ").split(" ")
    return left + rng.choice(("", "message_", "role:")), right


def _opening(rng: Random, token: Callable[[str], str], message: str) -> Callable[[str], str]:
    """How a word that says the type becomes what opens the segment."""
    draw = rng.random()
    channel = rng.choice(CHANNELS)
    if draw < 0.4:
        return lambda word: token(channel) + word + message
    if draw < 0.55:
        return lambda word: f"{'to' if channel == 'channel' else channel}={word}{message}"
    if draw < 0.7:
        return lambda word: word + message
    if draw < 0.85:
        return lambda word: token(f"{channel}_{word}")
    return token


def _word(rng: Random, fixed: Sequence[str], pool: Sequence[str]) -> str:
    draw = rng.random()
    if draw < 0.1:
        return "".join(rng.choice(words.SYLLABLES) for _ in range(rng.randint(2, 3)))
    return rng.choice(fixed if draw < 0.65 else pool)


def _call(rng: Random, opening: Callable[[str], str], joint: str) -> CallForm:
    """Calls whose header names the function, or only that it is one."""
    word = _word(rng, CALLS, words.CALL_TAGS)
    draw = rng.random()
    named = rng.choice(RECIPIENTS)
    header = f"{word} to={named}" if draw < 0.4 else named
    arguments: tuple[Payload, ...] = (
        payloads.json_arguments(compact=True),
        payloads.json_arguments(),
        payloads.json_arguments(indent=2),
        payloads.fields_call(head="", field='<parameter name="%key%">%value%</parameter>', tail=""),
    )
    whole: tuple[Payload, ...] = (
        payloads.json_call(),
        payloads.json_call(compact=True),
        payloads.json_call(
            name_key=rng.choice(words.NAME_KEYS), args_key=rng.choice(words.ARGS_KEYS)
        ),
        payloads.python_call(),
        payloads.name_then(payloads.json_arguments(), joint=rng.choice((" ", "\n", "", ": "))),
    )
    block: Block | None = None
    if rng.random() < 0.5:
        code, shell = rng.choice(
            (("python", "bash"), ("python code", "container.exec"), ("interpreter", "shell"))
        )
        block = blocks.tags(Wrap(opening(f"{word} to={shell}")), Wrap(opening(f"{word} to={code}")))
    if draw < 0.65:
        return CallForm(
            payload=rng.choice(arguments), wrap=Wrap(opening(header)), joint=joint, block=block
        )
    if draw < 0.9:
        return CallForm(
            payload=rng.choice(whole), wrap=Wrap(opening(word)), joint=joint, block=block
        )
    form = rng.choice(whole[:3])
    return CallForm(
        payload=form, group="list", section=Wrap(opening(word)), joint=", ", block=block
    )
