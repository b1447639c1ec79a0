"""What no single transcript holds: shown calls, borrowed prose, more calls a round, answers in two parts.

A marker decides a label whatever stands inside it. So a closed thought sometimes holds an explanation, a
result any prose, and an answer in its tags a deliberation: else a parser learns voices and not markers.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from random import Random

from buzz_parser.data.assembly import assemble
from buzz_parser.data.dialects import words
from buzz_parser.data.dialects.model import Dialect, Item, Wrap
from buzz_parser.data.dialects.render import is_data, render, render_calls
from buzz_parser.data.dialects.sample import sample_dialect
from buzz_parser.data.lengthen import fill_call, lengthen, show_file
from buzz_parser.data.messages import choose_items
from buzz_parser.data.notices import notify
from buzz_parser.data.quoting import shown_call, shown_messages, shown_schemas, with_text
from buzz_parser.data.runs import SHORT, finish, loop, sentence
from buzz_parser.data.transcripts import ACTIONS, Transcript

LISTED = re.compile(r"\s*(?:[-*•>|]|\d+[.)])(?:\s|$)|[ \t>|]")
"""A line of a list, a quote or a table, or an indented one."""

LONGEST_SHOWN = 1_200
LONGEST_BORROWED = 4_000
NO_LETTER = re.compile(r"[\W_\d]+")
NAMES = {
    kind: {NO_LETTER.sub("", name.lower()) for pool in pools for name in pool} - {"response", ""}
    for kind, pools in (
        ("thought", (words.THOUGHT_TAGS, words.THOUGHT_LABELS)),
        ("text", (words.TEXT_TAGS, words.TEXT_LABELS)),
        ("response", (words.RESPONSE_TAGS, words.RESPONSE_LABELS)),
    )
}
"""The words that name a type in a marker, letters alone; what names two of them names none."""

EMPTY = 0.05
"""The share of borrowed results that are empty, as of a command that prints nothing."""
MOST_CALLS = 6
MESSAGES_SHOWN = 0.5
"""Of what is shown, the share of whole messages."""


@dataclass(frozen=True, kw_only=True)
class EnrichmentShares:
    """The share of messages for each way, where the message and its dialect allow it.

    `quoted`: a call, messages or tool schemas shown in a text. `nested`: a call or messages inside a closed thought
    or result.
    `borrowed`: prose of another transcript and often of another type between markers. `parallel`: calls of
    another transcript in the same round. `parted`: an answer whose marker opens in its middle. `announced`: a
    text before calls that ends with a colon, another transcript's where there is none. `finished`: an answer as a
    call that ends the run (rule 5), often with a short result behind it. `terse`: of every thought and result one
    sentence alone. `looped`: a short round over and over, as agents do that are stuck. `lengthened`: a result,
    thought or last text of many windows. `filed`: a result or the content of a call that is an excerpt of an
    installed file. `noticed`: a harness's lines in a result.
    """

    quoted: float = 0.06
    nested: float = 0.04
    borrowed: float = 0.18
    parallel: float = 0.08
    parted: float = 0.3
    announced: float = 0.2
    finished: float = 0.06
    terse: float = 0.06
    looped: float = 0.03
    lengthened: float = 0.05
    filed: float = 0.0
    noticed: float = 0.06


@dataclass(frozen=True)
class Source:
    """The transcripts and presets of one split; `own` are those of the user, which are in `transcripts` too."""

    transcripts: tuple[Transcript, ...]
    presets: tuple[Dialect, ...]
    own: tuple[Transcript, ...] = ()


def enriched(
    items: Sequence[Item],
    transcript: Transcript,
    dialect: Dialect,
    source: Source,
    shares: EnrichmentShares,
    rng: Random,
) -> tuple[list[Item], list[str]]:
    """The items after the drawn ways, and the ways' names."""
    changed = list(items)
    ways: tuple[tuple[str, Callable[[], bool]], ...] = (
        ("borrowed", lambda: _borrow(changed, dialect, source, rng)),
        ("terse", lambda: _shorten(changed, dialect, rng)),
        ("looped", lambda: loop(changed, rng)),
        ("lengthened", lambda: lengthen(changed, dialect, source.transcripts, rng)),
        ("filed", lambda: show_file(changed, dialect, rng) or fill_call(changed, dialect, rng)),
        ("noticed", lambda: notify(changed, rng)),
        ("announced", lambda: _announce(changed, dialect, source, rng)),
        ("finished", lambda: finish(changed, rng)),
        ("parallel", lambda: _add_calls(changed, source, rng)),
    )
    used = [name for name, way in ways if rng.random() < getattr(shares, name) and way()]
    if rng.random() < shares.quoted:
        changed = _with_shown(changed, transcript, dialect, source, rng)
        used.append("quoted")
    if rng.random() < shares.nested and _nest(changed, dialect, source, rng):
        used.append("nested")
    voiced = not {"borrowed", "quoted"} & set(used) and not dialect.text.open.strip()
    if (
        dialect.final.close.strip()
        and voiced
        and rng.random() < shares.parted
        and _part(changed, rng)
    ):
        used.append("parted")
    return changed, used


def _borrow(items: list[Item], dialect: Dialect, source: Source, rng: Random) -> bool:
    """Puts other prose behind a marker; adds a thought where there is none and markers tell both its ends.

    Where a marker only opens, what follows has one of its own, or the renderer ends the message before it.
    """
    wraps = {"thought": dialect.thought, "response": dialect.response, "text": dialect.final}
    marked = {kind for kind, wrap in wraps.items() if _says(kind, wrap, dialect)}
    body = _prose(source, rng)
    if body is None or dialect.whole is not None:
        return False
    markers = (mark.strip() for wrap in wraps.values() for mark in (wrap.open, wrap.close))
    if any(mark and mark.split("%")[0] in body for mark in markers):
        return False
    adds = "thought" in marked and _closes(dialect.thought)
    if adds and not any(item.kind == "thought" for item in items):
        items.insert(0, Item(kind="thought", body=body))
        return True
    places = [
        index
        for index, item in enumerate(items)
        if item.kind in marked and (item.kind != "text" or index == len(items) - 1)
    ]
    if not places:
        return False
    at = rng.choice(places)
    if items[at].kind == "response" and rng.random() < EMPTY:
        body = ""
    items[at] = replace(items[at], body=body)
    return True


def _says(kind: str, wrap: Wrap, dialect: Dialect) -> bool:
    """Whether an opening marker names its type, so that it decides against any voice."""
    if not wrap.open.strip() or dialect.family != "invented":
        return bool(wrap.open.strip())
    opener = NO_LETTER.sub("", wrap.open.lower())
    return any(name in opener for name in NAMES[kind])


def _closes(wrap: Wrap) -> bool:
    return bool(wrap.open.strip() and wrap.close.strip())


def _prose(source: Source, rng: Random) -> str | None:
    """A thought, a text, a result or a piece of code of any transcript, not too long, or a sentence or line of it."""
    steps = [
        step
        for step in rng.choice(source.transcripts).steps
        if step.kind in ("thought", "text", "response", "code") and step.body.strip()
    ]
    if not steps:
        return None
    body = rng.choice(steps).body
    if rng.random() < SHORT:
        body = sentence(body, rng)
    return body if len(body) <= LONGEST_BORROWED else None


def _announce(items: list[Item], dialect: Dialect, source: Source, rng: Random) -> bool:
    """A text before the first calls that ends with a colon: what it announces is executed, not shown."""
    calls = [index for index, item in enumerate(items) if item.kind == "calls"]
    if not calls or dialect.whole is not None:
        return False
    at = calls[0]
    if at and items[at - 1].kind == "text":
        items[at - 1] = replace(items[at - 1], body=items[at - 1].body.rstrip(".:：。 ") + ":")
        return True
    if at and items[at - 1].kind == "thought" and not _closes(dialect.thought):
        return False
    steps = rng.choice(source.transcripts).steps
    found = [
        step.body
        for step, following in pairwise(steps)
        if step.kind == "text" and following.kind in ACTIONS and len(step.body) < LONGEST_SHOWN
    ]
    if not found:
        return False
    body = rng.choice(found)
    colon = rng.random() < 0.6 and body.endswith(".")
    items.insert(at, Item(kind="text", body=body[:-1] + ":" if colon else body))
    return True


def _shorten(items: list[Item], dialect: Dialect, rng: Random) -> bool:
    """Every thought and result as one of its sentences, where its marker names it."""
    wraps = {"thought": dialect.thought, "response": dialect.response}
    named = {kind for kind, wrap in wraps.items() if _says(kind, wrap, dialect)}
    wordy = [i for i, item in enumerate(items) if item.kind in named]
    before = list(items)
    for index in wordy:
        if items[index].body.strip():
            items[index] = replace(items[index], body=sentence(items[index].body, rng))
    return before != items


def _add_calls(items: list[Item], source: Source, rng: Random) -> bool:
    """Calls of another transcript behind those of a round, with ids and numbers that go on."""
    rounds = [index for index, item in enumerate(items) if item.kind == "calls"]
    _, others = choose_items(rng.choice(source.transcripts), rng)
    found = [call for item in others if item.kind == "calls" for call in item.calls]
    if not rounds or not found:
        return False
    at = rng.choice(rounds)
    calls = list(items[at].calls)
    for call in found[: MOST_CALLS - len(calls)]:
        slots = replace(call.slots, index=len(calls), k=items[at].slots.k)
        calls.append(replace(call, slots=slots))
    items[at] = replace(items[at], calls=tuple(calls))
    return True


def _with_shown(
    items: list[Item], transcript: Transcript, dialect: Dialect, source: Source, rng: Random
) -> list[Item]:
    """A call, whole messages or the transcript's tool schemas, in the last text or as a text of its own."""
    schemas = [step.body for step in transcript.steps if step.kind == "tools"]
    if schemas and rng.random() < 0.3:
        shown = shown_schemas(rng.choice(schemas), rng)
    elif rng.random() < MESSAGES_SHOWN:
        shown = shown_messages(_foreign_messages(source, dialect, rng), rng)
    else:
        shown = shown_call(foreign_call(source, dialect, rng), rng)
    texts = [index for index, item in enumerate(items) if item.kind == "text"]
    if not texts:
        return [Item(kind="text", body=shown)]
    items[texts[-1]] = with_text(items[texts[-1]], shown)
    return items


def _nest(items: list[Item], dialect: Dialect, source: Source, rng: Random) -> bool:
    """A rendered call or messages at the end of a closed thought or result, where they hold no closer of it."""
    wraps = {"thought": dialect.thought, "response": dialect.response}
    inside = [i for i, item in enumerate(items) if item.kind in wraps and _closes(wraps[item.kind])]
    if not inside or dialect.whole is not None:
        return False
    at = rng.choice(inside)
    if rng.random() < MESSAGES_SHOWN:
        messages = _foreign_messages(source, dialect, rng)
        bare = items[at].kind == "response" and rng.random() < 0.5
        shown = "\n".join(messages) if bare else shown_messages(messages, rng)
    else:
        shown = foreign_call(source, dialect, rng)
    if any(_closes(wrap) and wrap.close.strip() in shown for wrap in wraps.values()):
        return False
    items[at] = with_text(items[at], shown)
    return True


def _part(items: list[Item], rng: Random) -> bool:
    """The last text as two, so that its marker opens in the middle: "The answer is <answer>4</answer>"."""
    if not items or items[-1].kind != "text":
        return False
    body = items[-1].body
    if is_data(body):
        return False
    ends = [match.end() for match in re.finditer(r"[.:!?。：] |\n+", body)][:-1]
    ends = [end for end in ends if _parts_prose(body, end)]
    if not ends:
        return False
    cut = rng.choice(ends)
    items[-1:] = [replace(items[-1], body=half) for half in (body[:cut], body[cut:])]
    return True


def _parts_prose(body: str, at: int) -> bool:
    """Whether a place in a text lies outside of fences, tables, list items and quotes."""
    line = body[:at].rpartition("\n")[2]
    held = body.count("```", 0, at) % 2 or line.rstrip().endswith("|")
    return not held and LISTED.match(line) is None and LISTED.match(body, at) is None


def foreign_call(source: Source, dialect: Dialect, rng: Random) -> str:
    """A rendered call of any transcript, in this dialect, a named or an invented one."""
    while True:
        _, items = choose_items(rng.choice(source.transcripts), rng)
        calls = [item for item in items if item.kind == "calls"]
        if calls and sum(len(call.body) for call in calls[0].calls) < LONGEST_SHOWN:
            form = dialect.call if rng.random() < 0.4 else sample_dialect(rng).call
            if rng.random() < 0.4:
                form = rng.choice(source.presets).call
            return assemble(render_calls(calls[0].calls, form))[0].strip()


def _foreign_messages(source: Source, dialect: Dialect, rng: Random) -> list[str]:
    """One or two short rendered messages of any transcripts, without the closers of this dialect's answers."""
    closer = dialect.final.close.strip() or dialect.text.close.strip()
    found: list[str] = []
    wanted = 1 if rng.random() < 0.75 else 2
    while len(found) < wanted:
        _, items = choose_items(rng.choice(source.transcripts), rng)
        form = rng.choice(source.presets) if rng.random() < 0.5 else sample_dialect(rng)
        lead, ended = rng.random() < 0.5, rng.random() < 0.5
        text = assemble(render(items, form, rng, lead=lead, ended=ended))[0].strip()
        if 0 < len(text) < LONGEST_SHOWN and not (closer and closer in text):
            found.append(text)
    return found
