"""The offline generator: seeded, deterministic records, each made from its own number alone.

Record `i` of a seed is the same in every run, in any order and by any number of processes.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.assembly import assemble
from buzz_parser.data.damage.apply import damage
from buzz_parser.data.dialects.model import Dialect, Item
from buzz_parser.data.dialects.presets import PRESETS
from buzz_parser.data.dialects.render import render, render_calls
from buzz_parser.data.dialects.sample import sample_dialect
from buzz_parser.data.messages import choose_items
from buzz_parser.data.quoting import shown_call, shown_schemas, with_text
from buzz_parser.data.records import Record, Span
from buzz_parser.data.splits import is_held_out, split_of
from buzz_parser.data.transcripts import Transcript, seed_transcripts

NATURAL = Dialect(name="plain", family="plain", call=PRESETS[0].call)
"""Prose without any marker: what most answers are."""


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """What to generate; shares are of messages.

    `split` is `train`, `validation` or `test`, or, with `-unseen` behind it, its transcripts in held-out
    dialects alone.
    """

    seed: int = 1
    split: str = "train"
    invented: float = 0.5
    damaged: float = 0.25
    damage_strength: float = 0.5
    plain: float = 0.07
    quoted: float = 0.05
    nested: float = 0.04


@dataclass(frozen=True)
class Source:
    """The transcripts and presets of one split."""

    transcripts: tuple[Transcript, ...]
    presets: tuple[Dialect, ...]


def load_source(split: str) -> Source:
    """The transcripts and the dialects of a split."""
    side = split.removesuffix("-unseen")
    transcripts = tuple(t for t in seed_transcripts() if split_of(t.id) == side)
    unseen = split.endswith("-unseen")
    presets = tuple(preset for preset in PRESETS if is_held_out(preset.family) == unseen)
    return Source(transcripts, presets)


def generate(config: GeneratorConfig, source: Source, start: int, count: int) -> Iterator[Record]:
    """Records number `start` to `start + count` of a configuration."""
    for number in range(start, start + count):
        yield generate_one(config, source, number)


def generate_one(config: GeneratorConfig, source: Source, number: int) -> Record:
    """One record; the draws that give an empty message are repeated with the same generator."""
    rng = Random(f"{config.seed}/{config.split}/{number}")
    while True:
        transcript = rng.choice(source.transcripts)
        dialect = _choose_dialect(config, source, rng)
        kind, items = choose_items(transcript, rng)
        items, extras = _enriched(items, transcript, dialect, config, source, rng)
        if dialect is NATURAL:
            items = [item for item in items if item.kind == "text"][:1]
        lead, ended = rng.random() < 0.25, rng.random() < 0.35
        text, spans = assemble(render(items, dialect, rng, lead=lead, ended=ended))
        if not spans:
            continue
        names: tuple[str, ...] = ()
        if rng.random() < config.damaged:
            text, spans, names = damage(text, spans, rng, config.damage_strength)
        text, spans = _edged(text, spans, rng)
        meta = {
            "transcript": transcript.id,
            "domain": transcript.domain,
            "language": transcript.language,
            "dialect": dialect.name,
            "family": dialect.family,
            "slice": kind,
            "damage": list(names),
            "split": config.split,
        } | ({"extras": extras} if extras else {})
        return Record(
            id=f"{config.split}-{config.seed}-{number}", text=text, segments=spans, meta=meta
        )


def _choose_dialect(config: GeneratorConfig, source: Source, rng: Random) -> Dialect:
    if config.split.endswith("-unseen"):
        return rng.choice(source.presets)
    draw = rng.random()
    if draw < config.plain:
        return NATURAL
    if draw < config.plain + config.invented:
        return sample_dialect(rng)
    return rng.choice(source.presets)


def _enriched(
    items: Sequence[Item],
    transcript: Transcript,
    dialect: Dialect,
    config: GeneratorConfig,
    source: Source,
    rng: Random,
) -> tuple[list[Item], list[str]]:
    """The items, sometimes with a shown call in a text, or a call inside a closed thought or result."""
    changed = list(items)
    extras: list[str] = []
    if rng.random() < config.quoted:
        schemas = [step.body for step in transcript.steps if step.kind == "tools"]
        if schemas and rng.random() < 0.3:
            shown = shown_schemas(rng.choice(schemas), rng)
        else:
            shown = shown_call(_foreign_call(source, dialect, rng), rng)
        texts = [index for index, item in enumerate(changed) if item.kind == "text"]
        if texts:
            changed[texts[-1]] = with_text(changed[texts[-1]], shown)
        else:
            changed = [Item(kind="text", body=shown)]
        extras.append("quoted")
    if dialect.final.close.strip() and rng.random() < 0.3:
        changed, parted = _parted_answer(changed, rng)
        extras += parted
    if rng.random() < config.nested:
        closed = {
            "thought": bool(dialect.thought.close.strip()),
            "response": bool(dialect.response.close.strip()),
        }
        inside = [i for i, item in enumerate(changed) if closed.get(item.kind, False)]
        if inside and dialect.whole is None:
            at = rng.choice(inside)
            call = _foreign_call(source, dialect, rng)
            if not any(
                m and m in call
                for m in (dialect.thought.close.strip(), dialect.response.close.strip())
            ):
                changed[at] = with_text(changed[at], call)
                extras.append("nested")
    return changed, extras


def _parted_answer(items: list[Item], rng: Random) -> tuple[list[Item], list[str]]:
    """The last text as two, so that its marker opens in the middle: "The answer is <answer>4</answer>"."""
    if not items or items[-1].kind != "text":
        return items, []
    ends = [match.end() for match in re.finditer(r"[.:!?。：] |\n+", items[-1].body)][:-1]
    if not ends:
        return items, []
    cut = rng.choice(ends)
    halves = (items[-1].body[:cut], items[-1].body[cut:])
    parts = [Item(kind="text", body=half, slots=items[-1].slots) for half in halves]
    return [*items[:-1], *parts], ["parted"]


def _foreign_call(source: Source, dialect: Dialect, rng: Random) -> str:
    """A rendered call of another transcript, in this dialect or another."""
    while True:
        _, items = choose_items(rng.choice(source.transcripts), rng)
        calls = [item for item in items if item.kind == "calls"]
        if calls and sum(len(call.body) for call in calls[0].calls) < 1_200:
            form = dialect.call if rng.random() < 0.4 else sample_dialect(rng).call
            if rng.random() < 0.4:
                form = rng.choice(source.presets).call
            return assemble(render_calls(calls[0].calls, form))[0].strip()


def _edged(text: str, spans: tuple[Span, ...], rng: Random) -> tuple[str, tuple[Span, ...]]:
    """Sometimes whitespace around the message, as logs have it."""
    draw = rng.random()
    if draw < 0.04 and text[0] not in WHITESPACE:
        edge = rng.choice(("\n", "\n\n", " "))
        return edge + text, tuple(
            Span(s.label, s.start + len(edge), s.end + len(edge)) for s in spans
        )
    if draw < 0.1:
        return text + rng.choice(("\n", "\n\n", " ")), spans
    return text, spans
