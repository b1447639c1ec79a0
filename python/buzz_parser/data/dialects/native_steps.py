"""What native templates do to the order of a conversation, and markers that depend on their neighbours."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects.framework_steps import Step
from buzz_parser.data.dialects.model import Dialect, Item
from buzz_parser.data.dialects.render import CALL, TEXT, render

Seam = Callable[[Piece | None, str, Piece | None], str]
"""What stands between two segments, from the segment before (`None` at the begin), what stood there, and
the segment after (`None` at the end)."""


_WORDS = re.compile(r"\b\w+(?: \w+){1,4}\b")


def shaped(dialect: Dialect, *, items: Sequence[Step] = (), seams: Sequence[Seam] = ()) -> Dialect:
    """A dialect that changes its items before they are rendered, and what stands between its segments after."""

    def whole(given: Sequence[Item], rng: Random) -> list[Piece] | None:
        for step in items:
            given = step(given, rng)
        lead = ended = False
        if dialect.turns.marked:
            lead, ended = rng.random() < 0.25, rng.random() < 0.35
        pieces = render(given, dialect, rng, lead=lead, ended=ended)
        return resewn(pieces, seams) or None

    return replace(dialect, whole=whole)


def resewn(pieces: Sequence[Piece], seams: Sequence[Seam]) -> list[Piece]:
    """The pieces with all that stands between two segments passed through the seams, in order."""
    segments: list[Piece] = []
    gaps = [""]
    for piece in pieces:
        if piece.label is None:
            gaps[-1] += piece.text
        else:
            segments.append(piece)
            gaps.append("")
    if not segments:
        return []
    sewn: list[Piece] = []
    for before, gap, after in zip([None, *segments], gaps, [*segments, None], strict=True):
        for seam in seams:
            gap = seam(before, gap, after)  # noqa: PLW2901
        sewn += ([outside(gap)] if gap else []) + ([after] if after else [])
    return sewn


def closing(standard: str, *, call: str | None = None, end: str | None = None) -> Seam:
    """Another end of turn after a call, or after a text that ends the message, than the standard one."""

    def seam(before: Piece | None, gap: str, after: Piece | None) -> str:
        if before is None or not gap.startswith(standard):
            return gap
        if before.label == CALL and call is not None:
            return call + gap.removeprefix(standard)
        if before.label == TEXT and after is None and end is not None:
            return end + gap.removeprefix(standard)
        return gap

    return seam


def heading(label: str, standard: str, actual: str) -> Seam:
    """Another begin of turn before a segment of one type."""

    def seam(_before: Piece | None, gap: str, after: Piece | None) -> str:
        if after is not None and after.label == label and gap.endswith(standard):
            return gap.removesuffix(standard) + actual
        return gap

    return seam


def between(before_label: str, after_label: str, text: str) -> Seam:
    """A fixed text between two types of segments."""

    def seam(before: Piece | None, gap: str, after: Piece | None) -> str:
        if before is None or after is None:
            return gap
        return text if (before.label, after.label) == (before_label, after_label) else gap

    return seam


def once(opener: str) -> Seam:
    """A begin of turn that only the first turn of the message has."""

    def seam(before: Piece | None, gap: str, _after: Piece | None) -> str:
        return gap if before is None else gap.removesuffix(opener)

    return seam


def answering(call_open: str, pattern: str, actual: str) -> Seam:
    """Another header, in place of a pattern, of the result of those calls that begin with a marker."""

    def seam(before: Piece | None, gap: str, _after: Piece | None) -> str:
        opens = before is not None and before.label == CALL and before.text.startswith(call_open)
        return re.sub(pattern, actual, gap) if opens else gap

    return seam


def behind(kind: str, anchor: str) -> Step:
    """Items of one kind moved behind the calls, or the results, that they lead to."""

    def leads(items: Sequence[Item], index: int) -> bool:
        for item in items[index + 1 :]:
            if item.kind in (anchor, "response"):
                return item.kind == anchor
        return False

    def step(items: Sequence[Item], _rng: Random) -> list[Item]:
        changed: list[Item] = []
        held: list[Item] = []
        for index, item in enumerate(items):
            if item.kind == kind and leads(items, index):
                held.append(item)
                continue
            changed.append(item)
            is_last = index + 1 == len(items) or items[index + 1].kind != anchor
            if item.kind == anchor and is_last:
                changed += held
                held = []
        return changed + held

    return step


def gathered(body: Callable[[Sequence[Item]], str]) -> Step:
    """All results of a round as one item."""

    def step(items: Sequence[Item], _rng: Random) -> list[Item]:
        changed: list[Item] = []
        answers: list[Item] = []
        for index, item in enumerate(items):
            if item.kind != "response":
                changed.append(item)
                continue
            answers.append(item)
            if index + 1 == len(items) or items[index + 1].kind != "response":
                changed.append(replace(answers[0], body=body(answers)))
                answers = []
        return changed

    return step


def joined_results(joint: str) -> Step:
    """All results of a round as one item, a text between two."""
    return gathered(lambda answers: joint.join(answer.body for answer in answers))


def counted_from_one(items: Sequence[Item], _rng: Random) -> list[Item]:
    """The numbers of calls and of their results, from 1."""

    def counted(item: Item) -> Item:
        if item.kind not in ("calls", "response"):
            return item
        calls = tuple(
            replace(call, slots=replace(call.slots, index=call.slots.index + 1))
            for call in item.calls
        )
        slots = replace(item.slots, index=item.slots.index + 1)
        return replace(item, calls=calls, slots=slots)

    return [counted(item) for item in items]


def blank_thoughts(items: Sequence[Item], _rng: Random) -> list[Item]:
    """An empty thought at the begin of each turn, as histories keep it."""
    changed: list[Item] = []
    before = "response"
    for item in items:
        if before == "response" and item.kind != "response":
            changed.append(Item(kind="thought", slots=item.slots))
        if item.kind != "thought":
            changed.append(item)
        before = item.kind
    return changed


def without(kind: str) -> Step:
    """Without the items of one kind, for formats that have no place for them."""
    return lambda items, _rng: [item for item in items if item.kind != kind]


def until(kind: str) -> Step:
    """What stands before the first item of one kind."""

    def step(items: Sequence[Item], _rng: Random) -> list[Item]:
        first = next((i for i, item in enumerate(items) if item.kind == kind), len(items))
        return list(items[:first])

    return step


def cited(items: Sequence[Item], rng: Random) -> list[Item]:
    """A few words of each text that follows a result, in the tags with which Cohere's models cite it."""
    changed: list[Item] = []
    before = ""
    for item in items:
        found = list(_WORDS.finditer(item.body)) if item.kind == "text" else []
        if found and "```" not in item.body and "response" in before:
            words = rng.choice(found)
            source = f"</co: {rng.randint(0, 2)}:[{rng.randint(0, 4)}]>"
            body = f"{item.body[: words.start()]}<co>{words[0]}{source}{item.body[words.end() :]}"
            item = replace(item, body=body)  # noqa: PLW2901
        changed.append(item)
        before += item.kind
    return changed
