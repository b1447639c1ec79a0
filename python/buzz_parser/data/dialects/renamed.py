"""A named dialect under other words: its structure stays, its tag words and brackets are changed.

What a model that nobody has seen writes is mostly that: the sections, separators and nesting of its relatives
with names of its own.
"""

import re
from collections.abc import Sequence
from random import Random

from buzz_parser.data.assembly import Piece
from buzz_parser.data.dialects import words
from buzz_parser.data.dialects.markers import word

STRUCTURE = (
    "invoke", "parameter", "parameters", "param", "params", "arg_key", "arg_value", "argument", "arguments",
    "arg", "args", "name", "value", "key", "tool_name", "tool_sep", "sep", "field", "slot", "item", "entry",
    "input", "id", "body", "payload", "kwargs", "method", "fn", "op_name", "target",
)  # fmt: skip
"""Words inside a call's envelope, which may be named anything."""

POOLS: dict[str | None, Sequence[str]] = {
    "THOUGHT": tuple(dict.fromkeys(words.THOUGHT_TAGS)),
    "TOOLCALL": tuple(dict.fromkeys((*words.CALL_TAGS, *words.SHELL_TAGS, *words.CODE_TAGS))),
    "TOOLRESPONSE": tuple(dict.fromkeys(words.RESPONSE_TAGS)),
    "TEXT": tuple(dict.fromkeys(words.TEXT_TAGS)),
}

SUFFIXES = ("_start", "_end", "_begin", "_sep", ":begin", ":end", ":start", "s")

TOKEN_STYLES = (
    "<｜{}｜>",
    "<||{}||>",
    "[|{}|]",
    "◁{}▷",
    "⟦{}⟧",
    "<@{}@>",
    "<[{}]>",
    "{{{{{}}}}}",
    "<{}>",
    "§{}§",
)
TAG_STYLES = ("[{}]", "<|{}|>", "<<{}>>", "{{{{{}}}}}", "‹{}›", "【{}】", "<｜{}｜>")

KEPT_STYLE = 0.5
"""The share of messages whose brackets stay as they are."""

_MARKED = re.compile(
    r"(?P<open></?|<\|/?|<｜/?|(?<![\w\])])\[/?(?=[^\[\]\n]{1,40}\])|\{\{/?(?=[^{}\n]{1,40}\}\}))"
    r"(?P<word>[A-Za-z][A-Za-z_:.-]*)"
)
_TOKEN = re.compile(r"<\|([^<>|\n]{1,40})\|>")
_TAG = re.compile(r"<(/?[A-Za-z][\w:.-]*)>")


def with_other_words(pieces: Sequence[Piece], rng: Random) -> list[Piece]:
    """The pieces with every tag word changed for another that means as much, the same one everywhere."""
    names: dict[str, str] = {}
    for piece in pieces:
        for match in _MARKED.finditer(piece.text):
            found = match["word"]
            if match["open"].startswith("[") and found.lower() in STRUCTURE:
                continue  # an index in code
            if found not in names and (other := _other(found, piece.label, rng)) is not None:
                names[found] = other
    if not names:
        return list(pieces)
    style = rng.choice(TOKEN_STYLES) if rng.random() > KEPT_STYLE else None
    tag_style = rng.choice(TAG_STYLES) if rng.random() > KEPT_STYLE else None
    new = set(names.values())

    def rewritten(text: str) -> str:
        text = _MARKED.sub(lambda m: m["open"] + names.get(m["word"], m["word"]), text)
        if style is not None:
            text = _TOKEN.sub(lambda m: style.format(m[1]), text)
        if tag_style is not None:
            text = _TAG.sub(
                lambda m: tag_style.format(m[1]) if m[1].lstrip("/") in new else m[0], text
            )
        return text

    return [Piece(piece.label, rewritten(piece.text)) for piece in pieces]


def _other(found: str, label: str | None, rng: Random) -> str | None:
    """Another word for a tag word, with what it ends in; `None` where it is no tag word of its piece."""
    stem, suffix = found, ""
    for ending in SUFFIXES:
        if found.endswith(ending) and len(found) > len(ending) + 2:
            stem, suffix = found[: -len(ending)], ending
            break
    pool = POOLS.get(label, ())
    for name in (found, stem):
        if name.lower() in pool:
            break
        if label == "TOOLCALL" and name.lower() in STRUCTURE:
            pool = STRUCTURE
            break
    else:
        return None
    ending = suffix if name == stem else ""
    if label == "TOOLCALL":
        return word(rng, pool) + ending
    chosen = rng.choice(pool)
    if rng.random() < 0.25:
        chosen = rng.choice(words.PREFIXES) + rng.choice(":_-") + chosen
    return chosen + ending
