"""The offline generator: seeded, deterministic records, each made from its own number alone.

Record `i` of a seed is the same in every run, in any order and by any number of processes.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random
from typing import Any

from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.assembly import assemble
from buzz_parser.data.damage.apply import damage
from buzz_parser.data.dialects.model import Dialect
from buzz_parser.data.dialects.presets import PRESETS
from buzz_parser.data.dialects.renamed import with_other_words
from buzz_parser.data.dialects.render import render
from buzz_parser.data.dialects.sample import sample_dialect
from buzz_parser.data.dialects.turns import invented_turns
from buzz_parser.data.enrich import EnrichmentShares, Source, enriched
from buzz_parser.data.messages import choose_items
from buzz_parser.data.records import Record, Span
from buzz_parser.data.splits import is_held_out, split_of
from buzz_parser.data.transcripts import (
    Transcript,
    TranscriptError,
    parse_transcripts,
    seed_transcripts,
    violations,
)

NATURAL = Dialect(name="plain", family="plain", call=PRESETS[0].call)
"""Prose without any marker: what most answers are."""

OTHER_TURNS = 0.5
"""Of the share that `renamed` gives: messages in named dialects and in prose that stand between other turn markers."""


@dataclass(frozen=True, kw_only=True)
class GeneratorConfig:
    """What to generate; shares are of messages.

    `split` is `train`, `validation` or `test`, or, with `-unseen` behind it, its transcripts in held-out
    dialects alone. `transcripts` are files of further transcripts beside the hand-written ones, of which each
    falls on its side of the splits by its id; `own` is the least share of messages that are theirs. `renamed` is the
    share of messages in named dialects whose tag words are changed.
    """

    seed: int = 1
    split: str = "train"
    invented: float = 0.5
    renamed: float = 0.3
    damaged: float = 0.25
    damage_strength: float = 0.5
    plain: float = 0.07
    transcripts: tuple[str, ...] = ()
    own: float = 0.5
    shares: EnrichmentShares = field(default_factory=EnrichmentShares)


def generator_config(values: Mapping[str, Any]) -> GeneratorConfig:
    """The configuration in plain values, as `dataclasses.asdict` gives and JSON keeps them."""
    given = dict(values) | {"shares": EnrichmentShares(**values["shares"])}
    return GeneratorConfig(**(given | {"transcripts": tuple(values.get("transcripts", ()))}))


def load_source(split: str, transcripts: Sequence[str] = ()) -> Source:
    """The transcripts and the dialects of a split, with those of further files that fall on its side.

    Raises `TranscriptError` for a file that cannot be read, and for a transcript that breaks a rule, on
    whichever side it falls.
    """
    side = split.removesuffix("-unseen")
    found = tuple(t for t in seed_transcripts() if split_of(t.id) == side)
    unseen = split.endswith("-unseen")
    presets = tuple(preset for preset in PRESETS if is_held_out(preset.family) == unseen)
    known = {transcript.id for transcript in found}
    own = []
    for path in transcripts:
        for transcript in _read_transcripts(Path(path)):
            if split_of(transcript.id) != side:
                continue
            if transcript.id in known:
                raise TranscriptError(
                    f"{path}: {transcript.id}: expected a new id, found one that is there already"
                )
            known.add(transcript.id)
            own.append(transcript)
    return Source((*found, *own), presets, tuple(own))


def _read_transcripts(path: Path) -> list[Transcript]:
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as cause:
        raise TranscriptError(f"{path}: expected a file of transcripts, found {cause}") from cause
    transcripts = parse_transcripts(text, str(path))
    for transcript in transcripts:
        if found := violations(transcript):
            raise TranscriptError(f"{path}: {transcript.id}: {'; '.join(found)}")
    return transcripts


def generate(config: GeneratorConfig, source: Source, start: int, count: int) -> Iterator[Record]:
    """Records number `start` to `start + count` of a configuration."""
    for number in range(start, start + count):
        yield generate_one(config, source, number)


def generate_one(config: GeneratorConfig, source: Source, number: int) -> Record:
    """One record; the draws that give an empty message are repeated with the same generator."""
    rng = Random(f"{config.seed}/{config.split}/{number}")
    while True:
        is_own = bool(source.own) and rng.random() < config.own
        transcript = rng.choice(source.own if is_own else source.transcripts)
        dialect = _choose_dialect(config, source, rng)
        kind, items = choose_items(transcript, rng)
        items, extras = enriched(items, transcript, dialect, source, config.shares, rng)
        if dialect is NATURAL:
            items = [item for item in items if item.kind == "text"][:1]
        lead, ended = rng.random() < 0.25, rng.random() < 0.35
        if _turns_may_change(config, dialect) and rng.random() < config.renamed * OTHER_TURNS:
            dialect = replace(dialect, turns=invented_turns(rng))
            extras = [*extras, "turned"]
        pieces = render(items, dialect, rng, lead=lead, ended=ended)
        is_renamed = False
        if _may_be_renamed(config, dialect) and rng.random() < config.renamed:
            other = with_other_words(pieces, rng)
            is_renamed, pieces = other != pieces, other
        text, spans = assemble(pieces)
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
            "dialect": dialect.name + ("-renamed" if is_renamed else ""),
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


def _may_be_renamed(config: GeneratorConfig, dialect: Dialect) -> bool:
    """Held-out dialects stay as they are: they measure what real models write."""
    return dialect.family not in ("invented", NATURAL.family) and not config.split.endswith(
        "-unseen"
    )


def _turns_may_change(config: GeneratorConfig, dialect: Dialect) -> bool:
    """Where turns are marked, or nothing else is; a dialect with a shape of its own renders its turns itself."""
    if dialect is NATURAL:
        return True
    marked = dialect.turns.bound_results and dialect.whole is None
    return marked and _may_be_renamed(config, dialect)


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
