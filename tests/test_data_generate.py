"""The generator: seeded, by the guideline, and split by transcript and by family of dialects."""

from itertools import pairwise
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from buzz_parser.cli.main import app
from buzz_parser.data.assembly import Piece, assemble
from buzz_parser.data.dialects import words
from buzz_parser.data.dialects.brackets import BRACKETS
from buzz_parser.data.dialects.line_labels import LABEL_SHAPES
from buzz_parser.data.dialects.model import Call, Dialect, Item, Slots, Wrap
from buzz_parser.data.dialects.presets import PRESETS
from buzz_parser.data.dialects.renamed import with_other_words
from buzz_parser.data.dialects.render import render
from buzz_parser.data.dialects.sample import sample_dialect
from buzz_parser.data.dialects.sample_channels import sample_channels
from buzz_parser.data.dialects.turns import TOOL_ROLES, invented_turns
from buzz_parser.data.enrich import EnrichmentShares, Source, enriched
from buzz_parser.data.generate import GeneratorConfig, generate, generate_one, load_source
from buzz_parser.data.guideline import violations
from buzz_parser.data.installed import MOST_LINE, excerpt
from buzz_parser.data.lengthen import SHORTEST
from buzz_parser.data.messages import choose_items
from buzz_parser.data.records import read_records, record_from_json, record_to_json
from buzz_parser.data.splits import HELD_OUT_FAMILIES, is_held_out
from buzz_parser.data.write import write_generated

SPLITS = ("train", "validation", "test", "validation-unseen", "test-unseen")
SOURCES = {split: load_source(split) for split in SPLITS}
CATALOGUE = 122


@given(st.integers(0, 10**9), st.integers(0, 10**6), st.sampled_from(SPLITS))
def test_every_record_holds_the_guideline(seed: int, number: int, split: str) -> None:
    config = GeneratorConfig(seed=seed, split=split)
    record = generate_one(config, SOURCES[split], number)
    assert violations(record.text, record.segments) == []
    assert record.segments
    assert record_from_json(record_to_json(record)) == record


def test_a_record_depends_on_its_number_alone() -> None:
    config, source = GeneratorConfig(), SOURCES["train"]
    assert list(generate(config, source, 40, 20)) == list(generate(config, source, 0, 60))[40:]
    assert list(generate(GeneratorConfig(seed=2), source, 0, 5)) != list(
        generate(config, source, 0, 5)
    )


def test_any_number_of_processes_writes_the_same_bytes(tmp_path: Path) -> None:
    config = GeneratorConfig()
    alone = write_generated(config, 700, tmp_path / "one.jsonl", processes=1)
    shared = write_generated(config, 700, tmp_path / "two.jsonl", processes=2)
    assert alone.read_bytes() == shared.read_bytes()
    assert sum(1 for _ in read_records(alone)) == 700
    assert sorted(path.name for path in tmp_path.iterdir()) == ["one.jsonl", "two.jsonl"]


def test_a_run_that_fails_leaves_no_file(tmp_path: Path) -> None:
    def fail(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_generated(GeneratorConfig(), 600, tmp_path / "out.jsonl", progress=fail)
    assert list(tmp_path.iterdir()) == []


def test_no_transcript_stands_on_two_sides() -> None:
    sides = [
        {t.id for t in SOURCES[split].transcripts} for split in ("train", "validation", "test")
    ]
    assert sum(map(len, sides)) == len(set().union(*sides))
    assert all(len(side) >= 40 for side in sides)
    assert SOURCES["test-unseen"].transcripts == SOURCES["test"].transcripts


def test_no_family_stands_on_two_sides() -> None:
    seen = {preset.family for preset in SOURCES["train"].presets}
    unseen = {preset.family for preset in SOURCES["test-unseen"].presets}
    assert seen.isdisjoint(unseen)
    assert unseen == HELD_OUT_FAMILIES
    assert len(SOURCES["test-unseen"].presets) >= 15
    records = list(generate(GeneratorConfig(), SOURCES["train"], 0, 300))
    assert not any(is_held_out(str(record.meta["family"])) for record in records)


def test_every_entry_of_the_catalogue_is_a_preset() -> None:
    found = {preset.name[:4] for preset in PRESETS}
    assert [f"F{n:03d}" for n in range(1, CATALOGUE + 1) if f"F{n:03d}" not in found] == []
    assert len({preset.name for preset in PRESETS}) == len(PRESETS)


@given(st.integers(0, 10**9))
def test_a_drawn_dialect_renders_by_the_guideline(seed: int) -> None:
    rng = Random(seed)
    dialect = sample_dialect(rng)
    _, items = choose_items(rng.choice(SOURCES["train"].transcripts), rng)
    text, spans = assemble(render(items, dialect, rng, lead=True, ended=True))
    assert violations(text, spans) == []


@given(st.integers(0, 10**9))
def test_a_renamed_message_has_the_same_labels_in_the_same_order(seed: int) -> None:
    rng = Random(seed)
    source = SOURCES["train"]
    dialect = rng.choice(source.presets)
    _, items = choose_items(rng.choice(source.transcripts), rng)
    pieces = render(items, dialect, rng, lead=True, ended=True)
    changed = with_other_words(pieces, rng)
    assert [piece.label for piece in changed] == [piece.label for piece in pieces]
    text, spans = assemble(changed)
    assert violations(text, spans) == []


def test_a_tag_word_is_renamed_the_same_way_everywhere() -> None:
    pieces = [
        Piece("THOUGHT", "<think>so</think>"),
        Piece(None, "<|im_end|>"),
        Piece("TOOLCALL", '<tool_call>{"name": "f"}</tool_call>'),
        Piece("TOOLCALL", '<tool_call>{"name": "g"}</tool_call>'),
    ]
    found = [with_other_words(pieces, Random(seed)) for seed in range(40)]
    for thought, _, first, second in found:
        assert first.text.replace('"f"', "") == second.text.replace('"g"', "")
        assert "so" in thought.text
    assert len({first.text for _, _, first, _ in found}) > 30
    assert len({turn.text for _, turn, _, _ in found}) > 3


def test_an_answer_as_the_call_that_ends_the_run_is_a_call() -> None:
    shares = EnrichmentShares(finished=1.0, borrowed=0, announced=0, parallel=0, quoted=0, nested=0)
    config = GeneratorConfig(damaged=0, renamed=0, plain=0, shares=shares)
    records = list(generate(config, SOURCES["train"], 0, 400))
    finished = [record for record in records if "finished" in record.meta.get("extras", ())]
    assert len(finished) > 20
    for record in finished:
        assert "TOOLCALL" in [segment.label for segment in record.segments]
        assert violations(record.text, record.segments) == []


def test_a_looping_agent_repeats_a_round_and_counts_on() -> None:
    shares = EnrichmentShares(
        looped=1.0,
        finished=0,
        borrowed=0,
        announced=0,
        parallel=0,
        quoted=0,
        nested=0,
        terse=1.0,
        lengthened=0,
    )
    numbered = next(preset for preset in PRESETS if preset.name == "F077-react")
    source = Source(SOURCES["train"].transcripts, (numbered,))
    config = GeneratorConfig(damaged=0, renamed=0, plain=0, invented=0, shares=shares)
    looped = [r for r in generate(config, source, 0, 400) if "looped" in r.meta.get("extras", ())]
    assert len(looped) > 10
    for record in looped:
        thoughts = [record.text[s.start : s.end] for s in record.segments if s.label == "THOUGHT"]
        labels, bodies = zip(*(thought.split(": ", 1) for thought in thoughts), strict=True)
        assert len(set(labels)) == len(labels)
        assert any(body == following for body, following in pairwise(bodies))
        assert violations(record.text, record.segments) == []


@pytest.mark.parametrize(("word", "changes"), [("zorika", False), ("sys:ToolThoughts", True)])
def test_only_a_marker_that_names_its_type_holds_foreign_prose(word: str, changes: bool) -> None:
    """Prose in another voice than its label's, between tags that mean nothing, is a guess."""
    thought = Wrap(f"<{word}>", f"</{word}>")
    dialect = Dialect(name="x", family="invented", call=PRESETS[0].call, thought=thought)
    source = SOURCES["train"]
    shares = EnrichmentShares(
        borrowed=1.0,
        announced=0,
        parallel=0,
        quoted=0,
        nested=0,
        finished=0,
        terse=0,
        looped=0,
        lengthened=0,
    )
    items = [Item(kind="thought", body="The user wants milk.")]
    found = {
        enriched(items, source.transcripts[0], dialect, source, shares, Random(seed))[0][0].body
        for seed in range(20)
    }
    assert (found != {"The user wants milk."}) is changes


def test_invented_turns_are_outside_and_part_results() -> None:
    slots = Slots(name="read", id="c1")
    call = Call(kind="function", name="read", arguments={"path": "a"}, slots=slots)
    items = [
        Item(kind="calls", calls=(call,), slots=slots),
        Item(kind="response", body="milk", slots=slots),
        Item(kind="text", body="Two."),
    ]
    for seed in range(300):
        turns = invented_turns(Random(seed))
        dialect = Dialect(name="x", family="x", call=PRESETS[0].call, turns=turns)
        text, spans = assemble(render(items, dialect, Random(1), lead=True, ended=True))
        bodies = [(span.label, text[span.start : span.end]) for span in spans]
        assert bodies[1:] == [("TOOLRESPONSE", "milk"), ("TEXT", "Two.")], text


def test_a_channel_opens_inside_its_segment_and_a_header_outside() -> None:
    slots = Slots(name="read", id="c1")
    call = Call(kind="function", name="read", arguments={"path": "a"}, slots=slots)
    items = [
        Item(kind="thought", body="Need it."),
        Item(kind="calls", calls=(call, call), slots=slots),
        Item(kind="response", body="milk", slots=slots),
        Item(kind="text", body="Two."),
    ]
    for seed in range(300):
        dialect = sample_channels(Random(seed))
        text, spans = assemble(render(items, dialect, Random(seed)))
        bodies = [(span.label, text[span.start : span.end]) for span in spans]
        labels = [label for label, _ in bodies]
        assert labels in (
            ["THOUGHT", *["TOOLCALL"] * count, "TOOLRESPONSE", "TEXT"] for count in (1, 2)
        ), text
        assert bodies[0][1].endswith("Need it.")
        assert bodies[0][1] != "Need it."
        assert bodies[-2][1].endswith("milk")
        assert bodies[-1][1].endswith("Two.")
        ends = [text[a.end : b.start] for a, b in pairwise(spans)]
        assert all(end.strip() and "milk" not in end and "Two" not in end for end in ends)


def test_a_long_body_is_one_segment() -> None:
    shares = EnrichmentShares(
        lengthened=1.0,
        finished=0,
        borrowed=0,
        announced=0,
        parallel=0,
        quoted=0,
        nested=0,
        terse=0,
        parted=0,
    )
    config, source = GeneratorConfig(damaged=0, shares=shares), SOURCES["train"]
    found = [
        r for r in generate(config, source, 0, 300) if "lengthened" in r.meta.get("extras", ())
    ]
    assert len(found) > 60
    long = [max(r.segments, key=lambda s: s.end - s.start) for r in found]
    assert sum(s.end - s.start >= SHORTEST for s in long) > 0.9 * len(long)
    assert {s.label for s in long} >= {"THOUGHT", "TEXT", "TOOLRESPONSE"}
    assert all(violations(r.text, r.segments) == [] for r in found)


def test_an_installed_file_is_one_result_or_one_call() -> None:
    shares = EnrichmentShares(filed=1.0)
    config, source = GeneratorConfig(damaged=0, shares=shares), SOURCES["train"]
    found = [r for r in generate(config, source, 0, 300) if "filed" in r.meta.get("extras", ())]
    assert len(found) > 40
    longest = [max(r.segments, key=lambda s: s.end - s.start).label for r in found]
    shown, written = longest.count("TOOLRESPONSE"), longest.count("TOOLCALL")
    assert shown > 0.5 * len(found)
    assert written > 0.1 * len(found)
    assert shown + written > 0.85 * len(found)
    assert all(violations(r.text, r.segments) == [] for r in found)


def test_a_notice_belongs_to_the_result_it_stands_in() -> None:
    shares = EnrichmentShares(noticed=1.0)
    config, source = GeneratorConfig(damaged=0, invented=0, shares=shares), SOURCES["train"]
    cut = [
        (r, r.text.index("[TRUNCATED]"))
        for r in generate(config, source, 0, 3_000)
        if "noticed" in r.meta.get("extras", ()) and "[TRUNCATED]" in r.text
    ]
    assert len(cut) > 5
    for record, at in cut:
        assert [s.label for s in record.segments if s.start < at < s.end] == ["TOOLRESPONSE"]


def test_an_excerpt_is_of_whole_lines_and_near_its_size() -> None:
    for seed in range(40):
        size = 1_000 + 200 * seed
        body = excerpt(Random(seed), size)
        assert body is not None
        assert body == body.strip()
        lines = body.split("\n")
        assert max(map(len, lines)) <= MOST_LINE
        assert len(lines) > 1
        assert len(body) <= size + MOST_LINE


def test_no_invented_turn_looks_like_what_opens_a_result_or_a_call() -> None:
    pools = (words.RESPONSE_TAGS, words.RESPONSE_LABELS, words.CALL_TAGS, words.CALL_LABELS)
    named = {name.lower() for pool in pools for name in pool}
    assert {role.lower() for role in TOOL_ROLES} & named == set()


def test_code_is_not_renamed() -> None:
    code = Piece("TOOLCALL", "<run>rows[id] + d[value] + x[tool]; {{name}</run>")
    for seed in range(40):
        (found,) = with_other_words([code], Random(seed))
        assert "rows[id] + d[value] + x[tool]; {{name}" in found.text


def test_the_commands(tmp_path: Path) -> None:
    runner, path = CliRunner(), tmp_path / "data.jsonl"
    made = runner.invoke(
        app, ["data", "generate", "--count", "60", "--processes", "1", "--out", str(path)]
    )
    assert made.exit_code == 0, made.output
    assert "60 messages" in made.output
    assert (
        "60 records hold the guideline, 0 do not"
        in runner.invoke(app, ["data", "validate", str(path)]).output
    )
    assert "60 messages" in runner.invoke(app, ["data", "stats", str(path)]).output
    shown = runner.invoke(app, ["data", "show", str(path), "--label", "TOOLCALL", "--count", "1"])
    assert "TOOLCALL" in shown.output
    path.write_bytes(
        path.read_bytes()
        + b'{"text": "a ", "segments": [{"label": "TEXT", "start": 0, "end": 2}]}\n'
    )
    refused = runner.invoke(app, ["data", "validate", str(path)])
    assert refused.exit_code == 1
    assert "expected a trimmed segment" in refused.output


RULE = "========================"
"""A held-out preset's line, which any text may hold."""


def drawn_markers() -> set[str]:
    """What drawn dialects may open and close with by chance: a word of the pools in plain brackets or as a label."""
    pools = (words.THOUGHT_TAGS, words.CALL_TAGS, words.RESPONSE_TAGS, words.TEXT_TAGS)
    shapes = {side for pair in BRACKETS for side in pair if "{}" in side}
    labels = (words.THOUGHT_LABELS, words.RESPONSE_LABELS, words.TEXT_LABELS)
    names = {case for pool in labels for word in pool for case in (word, word.upper())}
    return {shape.format(word) for shape in shapes for pool in pools for word in pool} | {
        shape.format(name).strip() for shape in LABEL_SHAPES for name in names
    }


def markers(preset: Dialect) -> set[str]:
    """What a preset opens and closes its segments with, where it is long enough to be its own."""
    call = preset.call
    wraps = (preset.thought, preset.text, preset.final, preset.response, call.wrap, call.section)
    found = {marker.strip() for wrap in wraps for marker in (wrap.open, wrap.close)}
    return {marker for marker in found if len(marker) >= 8 and "%" not in marker}


def test_no_training_message_shows_a_held_out_marker() -> None:
    held = {m for p in PRESETS if is_held_out(p.family) for m in markers(p)}
    shared = {m for p in PRESETS if not is_held_out(p.family) for m in markers(p)}
    own = held - shared - drawn_markers() - {RULE}
    assert len(own) >= 34
    for record in generate(GeneratorConfig(), SOURCES["train"], 0, 1_500):
        assert {marker for marker in own if marker in record.text} == set(), record.id
