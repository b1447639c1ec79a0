"""Invented markers: tag words and labels in every case, with prefixes, or meaning nothing."""

from collections.abc import Sequence
from random import Random

from buzz_parser.data.dialects import words
from buzz_parser.data.dialects.line_labels import label_shape
from buzz_parser.data.dialects.model import Wrap


def word(rng: Random, pool: Sequence[str]) -> str:
    """A tag word: from the pool, with a prefix, a suffix or other case, or one that means nothing."""
    chosen = rng.choice(pool)
    draw = rng.random()
    if draw < 0.12:
        chosen = "".join(rng.choice(words.SYLLABLES) for _ in range(rng.randint(2, 3)))
    elif draw < 0.24:
        chosen = rng.choice(words.PREFIXES) + rng.choice(":_-|.") + chosen
    elif draw < 0.28:
        chosen = chosen + rng.choice(("_block", ":v2", "_1", "Block", "-section"))
    case = rng.random()
    if case < 0.1:
        return chosen.upper()
    if case < 0.18:
        return chosen.title().replace("_", "")
    if case < 0.22:
        return chosen.replace("_", "-")
    return chosen


def paired(rng: Random, pool: Sequence[str], brackets: tuple[str, str]) -> Wrap:
    """A pair of markers on one word, on lines of their own or not."""
    opener, closer = brackets
    name = word(rng, pool)
    inner = rng.choice(("\n", "\n", "", " "))
    if opener.startswith(("#", "=", "-", "@", "BEGIN", "{}_")):
        inner = "\n"
    return Wrap(opener.format(name) + inner, inner + closer.format(name))


def labelled(rng: Random, pool: Sequence[str], shape: str | None = None) -> str:
    """A label before a block, in the given shape or any, in some case."""
    name = rng.choice(pool)
    case = rng.random()
    if case < 0.08:
        name = name.upper()
    elif case < 0.14:
        name = name.lower()
    return (label_shape(rng) if shape is None else shape).format(name)
