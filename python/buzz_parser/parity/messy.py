"""Messy messages by the million: seeded, reproducible one by one, in no known format for long."""

import random
from collections.abc import Callable, Sequence

MARKERS = (
    "<think>", "</think>", "<thinking>", "Thought:", "Thought 2:", "Plan:", "THOUGHT:", "思考：",
    "<|channel|>analysis<|message|>", "<|start|>assistant", "<|end|>", "[THINK]", "◁think▷", "◁/think▷",
    "<tool_call>", "</tool_call>", "<tool_call", "Action:", "Action Input:", "Action 1: Search[",
    "```json\n", "```python\n", "```", "~~~", "[TOOL_CALLS]", "functools[", "<function=get>", "</function>",
    "<｜tool▁calls▁begin｜>", "<｜tool▁call▁end｜>", "✿FUNCTION✿: ", "<invoke name=\"x\">", "<execute>",
    '{"name": "f", "arguments": {', '"}}', "}}", "[{", "}]", "<|python_tag|>", ">>>all\n",
    "Observation:", "<tool_response>", "</tool_response>", "[TOOL_RESULTS]", "Got output:", "⎿",
    "Final Answer:", "<answer>", "</answer>", "<|im_start|>assistant\n", "<|im_end|>", "[/INST]", "</s>",
    "<|eot_id|>", "Assistant:", "[CLS]", "[SEP]", "[UNK]", "[unused0]", "[PAD]", "&lt;tool_call&gt;",
    "<<<<<<< SEARCH\n", "=======\n", ">>>>>>> REPLACE", "*** Begin Patch\n", "\x1b[31m", "data: {",
)  # fmt: skip
"""Openers, closers and their damaged relatives, and strings that look like control tokens."""

WHITESPACE = (
    " ",
    "\n",
    "\n\n",
    "\r\n",
    "\t",
    "\x0b",
    "\x0c",
    "\x1c",
    "\x85",
    "\xa0",
    "\u2003",
    "\u2028",
    "\u3000",
    "",
)
"""What stands between pieces: the contract's whitespace, look-alikes that are none, nothing."""

NASTY = (
    "\x00", "\x07", "\x7f", "\x9f", "\xad", "\u0301", "e\u0301\u0323", "\u200b", "\u200d", "\u2060",
    "\ufeff", "\ufffd", "\ufffe", "\U0010ffff", "\ue000", "İ", "ß", "ﬁ", "ﷺ", "각", "\u1112\u1161\u11ab",
    "ไม่", "हिन्दी", "𝔘𝔫𝔦", "👩‍👩‍👧", "🏳️‍🌈", "👍🏽", "🇫🇷", "漢字かな", "עִבְרִית", "\u202eabc\u202c", "ǆ", "ŉ", "\u0345",
)  # fmt: skip
"""Characters that tokenizers drop, split, join or lengthen."""


def message(seeds: Sequence[str], seed: int, index: int) -> str:
    """The messy message of an index: the same for the same seeds, seed and index, in any order of asking.

    `seeds` are whole messages to cut pieces from, at least one.
    """
    # Seeded by a string, whose hash by random.seed is SHA-512, so that it is the same on every machine.
    source = random.Random(f"{seed}:{index}")
    pieces = source.choices((1, 2, 3, 4, 6), weights=(3, 4, 3, 2, 1))[0]
    text = "".join(_piece(source, seeds) + source.choice(WHITESPACE) for _ in range(pieces))
    for _ in range(source.choices((0, 1, 2, 4), weights=(3, 3, 2, 1))[0]):
        text = source.choice(MUTATIONS)(source, text)
    return text


def _piece(source: random.Random, seeds: Sequence[str]) -> str:
    kind = source.random()
    if kind < 0.55:
        return _slice(source, source.choice(seeds), 160)
    if kind < 0.75:
        return source.choice(MARKERS) + _slice(source, source.choice(seeds), 60)
    if kind < 0.87:
        return "".join(source.choices(NASTY, k=source.randint(1, 8)))
    if kind < 0.93:
        characters = (chr(_scalar(source)) for _ in range(source.randint(1, 24)))
        return "".join(characters)
    if kind < 0.995:
        return source.choice((*MARKERS, *WHITESPACE, "{", "a", ".")) * source.randint(1, 12)
    return source.choice(("{", "x", "\n", "ab ", "각", "</think>")) * source.randint(200, 3000)


def _slice(source: random.Random, text: str, longest: int) -> str:
    start = source.randrange(len(text) + 1)
    return text[start : start + source.randint(1, longest)]


def _scalar(source: random.Random) -> int:
    """A code point of any plane that is no surrogate."""
    value = source.randrange(0x110000 - 0x800)
    return value if value < 0xD800 else value + 0x800


def _delete(source: random.Random, text: str) -> str:
    start = source.randrange(len(text) + 1)
    return text[:start] + text[start + source.randint(1, 12) :]


def _repeat(source: random.Random, text: str) -> str:
    start = source.randrange(len(text) + 1)
    end = start + source.randint(1, 40)
    return text[:end] + text[start:]


def _insert(source: random.Random, text: str) -> str:
    at = source.randrange(len(text) + 1)
    return text[:at] + source.choice((*MARKERS, *NASTY, *WHITESPACE)) + text[at:]


def _truncate(source: random.Random, text: str) -> str:
    return text[: source.randrange(len(text) + 1)]


def _change_case(source: random.Random, text: str) -> str:
    return text.upper() if source.random() < 0.5 else text.lower()


MUTATIONS: tuple[Callable[[random.Random, str], str], ...] = (
    _delete,
    _repeat,
    _insert,
    _truncate,
    _change_case,
)
