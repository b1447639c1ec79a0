"""Labels that drift: case, numbers, bold, colons, "Here's" for "Here is"."""

import re
from collections.abc import Callable, Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import LABEL, LABEL_WORDS, labelled
from buzz_parser.data.records import Span

_INNER = re.compile(r"(?<=\n)(?P<word>[^\W\d][\w ]{1,24}?) ?(?P<colon>[:：])")
_HERE = re.compile(r"Here(?P<is> is|'s|’s)(?= )")


def drifting_labels(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The labels at the start of segments, and those inside of calls, are not written as they should be."""
    drift = rng.choice(DRIFTS)
    everywhere = rng.random() < 0.5
    edits: list[Edit] = []
    for index, span in enumerate(spans):
        if not everywhere and rng.random() < 0.5:
            continue
        if here := _HERE.match(text, span.start, span.end):
            new = "'s" if here["is"] == " is" else " is"
            edits.append(Edit(here.start("is"), here.end("is"), new, index))
        elif match := labelled(text, span):
            edits.append(Edit(match.start(), match.end(), drift(match, rng), index))
            if span.label == "TOOLCALL":
                edits += _inner(text, span, index, match.end(), drift, rng)
    return edited(text, spans, edits)


Drift = Callable[[re.Match[str], Random], str]


def _cased(change: Callable[[str], str]) -> Drift:
    def drift(match: re.Match[str], _rng: Random) -> str:
        start, end = match.span("word")
        offset = match.start()
        whole = match[0]
        return whole[: start - offset] + change(match["word"]) + whole[end - offset :]

    return drift


def _numbered(match: re.Match[str], rng: Random) -> str:
    groups = match.groupdict("")
    number = f" {rng.randint(1, 12)}"
    return f"{groups['before']}{groups['word']}{number}{groups['after']}{groups['colon']}{groups['bold']}"


def _unnumbered(match: re.Match[str], _rng: Random) -> str:
    groups = match.groupdict("")
    return f"{groups['before']}{groups['word']}{groups['after']}{groups['colon']}{groups['bold']}"


def _bold(match: re.Match[str], rng: Random) -> str:
    number = match.group("number") or ""
    shape = rng.choice(("**{}:**", "**{}**:", "*{}*:", "__{}__:", "### {}:", "- {}:", "> {}:"))
    return shape.format(match["word"] + number)


def _colon(match: re.Match[str], rng: Random) -> str:
    whole = match[0]
    at = match.start("colon") - match.start()
    new = rng.choice((" :", "：", ": ", "::", ":-"))
    return whole[:at] + new + whole[at + 1 :]


DRIFTS: tuple[Drift, ...] = (
    _cased(str.lower),
    _cased(str.lower),
    _cased(str.upper),
    _cased(str.title),
    _numbered,
    _unnumbered,
    _bold,
    _colon,
)
"""The ways of a drift; one in a message."""


def _inner(text: str, span: Span, index: int, start: int, drift: Drift, rng: Random) -> list[Edit]:
    """The first further label inside of a call (`Action Input:`)."""
    for match in _INNER.finditer(text, start, min(span.end, start + 300)):
        full = LABEL.match(text, match.start(), match.end())
        if full and match["word"].lower() in LABEL_WORDS:
            return [Edit(full.start(), full.end(), drift(full, rng), index)]
    return []
