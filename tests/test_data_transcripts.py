"""The hand-written transcripts: enough of them, well formed, no two alike, none of them measured with."""

import json
import re
from collections import Counter, defaultdict

import pytest

from buzz_parser.data.transcripts import (
    Transcript,
    TranscriptError,
    format_transcripts,
    parse_transcripts,
    seed_transcripts,
    violations,
)
from tests.conftest import ROOT

SEED = seed_transcripts()
REAL = ROOT.parent / "shared" / "real" / "dev.jsonl"
SHINGLE = 5
MOST_SHARED = 0.3


def words_of(transcript: Transcript) -> list[str]:
    """All words but those of tool schemas, which real harnesses repeat."""
    bodies = " ".join(step.body for step in transcript.steps if step.kind != "tools")
    return re.findall(r"\w+", bodies.lower())


def shingles(words: list[str]) -> set[tuple[str, ...]]:
    """Every run of five words."""
    return {tuple(words[i : i + SHINGLE]) for i in range(len(words) - SHINGLE + 1)} or {
        tuple(words)
    }


def test_there_are_enough_in_many_languages() -> None:
    assert len(SEED) >= 1_200
    assert len({transcript.language for transcript in SEED}) >= 25


def test_ids_are_unique() -> None:
    counts = Counter(transcript.id for transcript in SEED)
    assert [name for name, count in counts.items() if count > 1] == []


def test_no_transcript_breaks_a_rule() -> None:
    assert {t.id: found for t in SEED if (found := violations(t))} == {}


def test_reading_gives_back_what_was_written() -> None:
    assert parse_transcripts(format_transcripts(SEED), "again") == SEED


def test_no_two_are_near_duplicates() -> None:
    """Shared runs of five words, as a share of the smaller transcript's."""
    found = [shingles(words_of(transcript)) for transcript in SEED]
    places: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for index, runs in enumerate(found):
        for run in runs:
            places[run].append(index)
    shared: Counter[tuple[int, int]] = Counter()
    for holders in places.values():
        shared.update((a, b) for i, a in enumerate(holders) for b in holders[i + 1 :])
    alike = [
        (SEED[a].id, SEED[b].id, count)
        for (a, b), count in shared.items()
        if count > MOST_SHARED * min(len(found[a]), len(found[b]))
    ]
    assert alike == []


def test_no_real_message_is_among_them() -> None:
    if not REAL.exists():
        pytest.skip("the real messages are not beside this checkout")
    known = {run for transcript in SEED for run in shingles(words_of(transcript))}
    lines = REAL.read_text(encoding="utf-8").split("\n")
    for line in filter(None, lines):
        words = re.findall(r"\w+", json.loads(line)["text"].lower())
        runs = shingles(words)
        assert len(runs & known) <= MOST_SHARED * len(runs)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("hello", "x:1: expected '=== id', found 'hello'"),
        ("=== a\nlanguage: en\n--- text\nhi", "x:1: expected 'domain: …', found none"),
        ("=== a\ndomain: d\nlanguage: en\n--- speech\nhi", "x:4: expected user, tools, thought,"),
        ("=== a\ndomain: d\nnonsense", "x:3: expected a header or a step, found 'nonsense'"),
    ],
)
def test_a_text_that_is_no_transcript_is_refused(text: str, message: str) -> None:
    with pytest.raises(TranscriptError, match=r".") as caught:
        parse_transcripts(text, "x")
    assert str(caught.value).startswith(message)


def test_an_empty_text_holds_none() -> None:
    assert parse_transcripts("\n\n", "x") == []


@pytest.mark.parametrize(
    ("step", "message"),
    [
        ("--- call f\n{", "step 1 (call): expected JSON"),
        ("--- call f\n[]", "step 1 (call): expected a JSON dict, found list"),
        ("--- call\n{}", "step 1 (call): expected a name, found none"),
        ("--- text\n", "step 1 (text): expected a body, found none"),
    ],
)
def test_what_breaks_a_rule_is_named(step: str, message: str) -> None:
    (transcript,) = parse_transcripts(f"=== a\ndomain: d\nlanguage: en\n{step}", "x")
    assert any(found.startswith(message) for found in violations(transcript))
