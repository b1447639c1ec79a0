"""Special tokens that went wrong: bars, harmony headers, tokens stripped by a decoder."""

import re
from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited, replaced
from buzz_parser.data.damage.markers import SPACE, gap_after
from buzz_parser.data.records import Span

ROLES = (
    "asistant",
    "functions",
    "assistant commentary",
    "agent",
    "model",
    "Assistant",
    "assistant?",
)
CHANNELS = ("bash", "python", "shell", "tool", "code", "functions", "container.exec", "apply_patch")

_BARS = re.compile(
    r"(?<=<)(?P<close>/?)(?P<open>[|｜])(?=[\w/▁:])|(?<=[\w▁:])(?P<end>[|｜])(?=>)|(?<=DSML)[|｜]"
)
_TOKEN = re.compile(r"<[|｜][^<>\n|｜]{1,60}[|｜]>|</?s>")
_CHANNEL = re.compile(r"<\|channel\|>(\w+)")
_START = re.compile(r"<\|start\|>(assistant)\b")
_WORD = re.compile(r"[a-z]{3,}", re.IGNORECASE)


def changed_bars(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """The bars of special tokens are doubled, full-width instead of ASCII or the reverse, or spaced."""
    if "<|" not in text and "<｜" not in text and "</｜" not in text:
        return None
    how = rng.choice(("doubled", "doubled", "other", "other", "other", "spaced"))
    whole = rng.random() < 0.5
    calls = [i for i, span in enumerate(spans) if span.label == "TOOLCALL"]
    if not whole and not calls:
        return None

    def change(match: re.Match[str]) -> str:
        bar = match[0][-1]
        slash = match["close"] or ""
        if how == "doubled":
            return slash + bar * 2
        if how == "other":
            return slash + ("｜" if bar == "|" else "|")
        return f"{slash}{bar} " if match["open"] else f" {bar}"

    inside = None if whole else calls
    return edited(text, spans, replaced(text, spans, _BARS, change, inside=inside, outside=whole))


def harmony_header(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """A harmony header is corrupt: a question mark, a doubled channel, a tool as a channel, an odd role."""
    owners = [i for i, span in enumerate(spans) if text.startswith("<|channel|>", span.start)]
    if not owners:
        return None
    index = rng.choice(owners)
    span = spans[index]
    match = _CHANNEL.match(text, span.start, span.end)
    if match is None:
        return None
    draw = rng.random()
    if draw < 0.3:
        mark = rng.choice(("?", "?", "!", ".", " ", "json", "<|channel|>"))
        edits = [Edit(match.end(), match.end(), mark, index)]
    elif draw < 0.55:
        edits = [Edit(match.start(), match.start(), match[0], index)]
    elif draw < 0.8 and span.label == "TOOLCALL":
        tool = f"<|channel|>{rng.choice(CHANNELS)}"
        edits = [Edit(match.start(), match.start(), tool, index)]
    else:
        role = rng.choice(ROLES)
        edits = replaced(text, spans, _START, f"<|start|>{role}", inside=())[:1]
        if not edits:
            edits = [Edit(match.start(), match.start(), match[0], index)]
    return edited(text, spans, edits)


def stripped_tokens(text: str, spans: Sequence[Span], _rng: Random) -> Damaged | None:
    """A decoder stripped the special tokens: `analysis…assistantfinal…`; role words stay behind.

    Applies where every turn still shows by a word, and every segment by harmony's words or its own form.
    """
    if "<|channel|>" not in text:
        return _stripped_turns(text, spans)
    if not all(text.startswith("<|channel|>", s.start) or s.label != "TEXT" for s in spans):
        return None
    headed = [i for i, s in enumerate(spans) if text.startswith("<|channel|>", s.start)]
    if not _words_stay(text, spans) or len(headed) < len(spans) - _turned(text, spans, headed):
        return None
    return edited(text, spans, replaced(text, spans, _TOKEN, "", inside=headed))


def _stripped_turns(text: str, spans: Sequence[Span]) -> Damaged | None:
    """Only the tokens between segments."""
    if not _words_stay(text, spans):
        return None
    return edited(text, spans, replaced(text, spans, _TOKEN, "", inside=()))


def _turned(text: str, spans: Sequence[Span], headed: Sequence[int]) -> int:
    """How many segments without a header of their own follow a turn marker."""
    gaps = (gap_after(text, spans, i - 1) for i in range(len(spans)) if i not in headed)
    return sum("<|" in gap for gap in gaps)


def _words_stay(text: str, spans: Sequence[Span]) -> bool:
    """Whether each gap with tokens between two segments keeps a word when they are gone."""
    found = False
    for index in range(len(spans) - 1):
        gap = gap_after(text, spans, index)
        if _TOKEN.search(gap) is None:
            continue
        found = True
        if _WORD.search(_TOKEN.sub("", gap)) is None:
            return False
    edges = text[: spans[0].start] + text[spans[-1].end :]
    return found or bool(edges.strip(SPACE) and _TOKEN.search(edges))
