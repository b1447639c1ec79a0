"""What is said twice: the same call again, the call shown as text, the format instructions in prose."""

from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage import phrases
from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import (
    FENCES,
    blank,
    closed,
    gap_after,
    marked,
    of_type,
    opener,
    paired,
    turn_follows,
)
from buzz_parser.data.records import Span


def duplicated_call(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The same call again, as a call (one more segment where it has an envelope, rule 3), or as text."""
    calls = [i for i in of_type(spans, "TOOLCALL") if closed(text, spans[i])]
    if not calls:
        return None
    index = rng.choice(calls)
    span = spans[index]
    if rng.random() < 0.5 and _may_add_text(text, spans, index):
        return _shown(text, spans, index, rng)
    call = text[span.start : span.end]
    times = 1 if rng.random() < 0.8 else rng.randint(2, 3)
    bare = opener(text, span) is None
    edits = []
    for _ in range(times):
        if bare:
            edits.append(Edit(span.end, span.end, f"\n{call}", index))
        else:
            edits += [
                Edit(span.end, span.end, "\n", None),
                Edit(span.end, span.end, call, span.label),
            ]
    return edited(text, spans, edits)


def repeated_instructions(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Format instructions or an example call in prose, before the message or at its end: TEXT (rule 7)."""
    said = rng.choice(phrases.INSTRUCTIONS)
    pairs = [edges for i in of_type(spans, "TOOLCALL") if (edges := _envelope(text, spans[i]))]
    if pairs and rng.random() < 0.6:
        before, after = rng.choice(phrases.EXAMPLES)
        opens, closes = rng.choice(pairs)
        example = f"{opens}{rng.choice(phrases.PLACEHOLDERS)}{closes}"
        joint = "\n" if "\n" in example or rng.random() < 0.3 else " "
        said = f"{before}{joint}{example}{joint}{after}"
    first, last = spans[0], spans[-1]
    leads = first.label == "TEXT" or marked(text, first)
    if leads and blank(text[: first.start]) and rng.random() < 0.6:
        edits = [Edit(0, 0, said, "TEXT"), Edit(0, 0, "\n\n", None)]
        return edited(text, spans, edits)
    bare = last.label == "TEXT" and paired(text, last) is None
    open_end = bare and turn_follows(text, spans, len(spans) - 1)
    if open_end or (last.label != "TEXT" and _may_add_text(text, spans, len(spans) - 1)):
        end = last.end
        return edited(text, spans, [Edit(end, end, "\n\n", None), Edit(end, end, said, "TEXT")])
    return None


def _shown(text: str, spans: Sequence[Span], index: int, rng: Random) -> Damaged | None:
    span = spans[index]
    edges = paired(text, span)
    body = text[slice(*edges)].strip() if edges and rng.random() < 0.6 else ""
    body = body or text[span.start : span.end]
    before, after = rng.choice(phrases.SHOWN_AGAIN)
    if "```" not in body:
        language = rng.choice(("", "json", "text", "xml"))
        body = f"```{language}\n{body}\n```"
    elif "~~~" not in body:
        body = f"~~~\n{body}\n~~~"
    else:
        return None
    said = f"{before}\n\n{body}\n\n{after}"
    end = span.end
    edits = [Edit(end, end, "\n\n", None), Edit(end, end, said, "TEXT")]
    if gap_after(text, spans, index)[:1] not in ("", "\n"):
        edits.append(Edit(end, end, "\n", None))
    elif not gap_after(text, spans, index) and index + 1 < len(spans):
        edits.append(Edit(end, end, "\n\n", None))
    return edited(text, spans, edits)


def _may_add_text(text: str, spans: Sequence[Span], index: int) -> bool:
    """Whether prose behind a segment would be seen as such, and what follows it too."""
    if not closed(text, spans[index]):
        return False
    if turn_follows(text, spans, index):
        return True
    if not blank(gap_after(text, spans, index)) or index + 1 == len(spans):
        return False
    after = spans[index + 1]
    return after.label == "TEXT" or marked(text, after)


def _envelope(text: str, span: Span) -> tuple[str, str] | None:
    edges = paired(text, span)
    if edges is None or text[span.start] in FENCES:
        return None
    return text[span.start : edges.open_end], text[edges.close_start : span.end]
