"""The fixture corpus keeps its own promises: named, complete, gold by the guideline's mechanics."""

import itertools
from collections import Counter

import pytest

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.parity.corpus import Case
from tests.conftest import CORPUS


@pytest.mark.parametrize("case", CORPUS, ids=[case.name for case in CORPUS])
def test_gold_segments_are_trimmed_ordered_and_merged(case: Case) -> None:
    position = 0
    for label, start, end in case.segments or []:
        assert label in SEGMENT_TYPES
        assert position <= start < end <= len(case.text)
        assert case.text[start] not in WHITESPACE
        assert case.text[end - 1] not in WHITESPACE
        position = end
    for (label, _, end), (after, start, _) in itertools.pairwise(case.segments or []):
        if label == after and label in ("THOUGHT", "TEXT"):
            assert not set(case.text[end:start]) <= WHITESPACE, "rule 4: neighbours are one segment"


def test_names_are_unique_and_every_case_says_where_it_is_from() -> None:
    counts = Counter(case.name for case in CORPUS)
    assert [name for name, count in counts.items() if count > 1] == []
    assert all(case.source and case.tags for case in CORPUS)


def test_the_corpus_covers_what_it_must() -> None:
    tags = Counter(tag for case in CORPUS for tag in case.tags)
    formats = [tag for tag in tags if tag.startswith("F") and tag[1:].isdigit()]
    assert len(CORPUS) >= 250
    assert len(formats) >= 60
    assert [f"M{number}" for number in range(1, 25) if tags[f"M{number}"] == 0] == []
    assert [f"rule-{number}" for number in range(1, 15) if tags[f"rule-{number}"] == 0] == []
    assert [kind for kind in SEGMENT_TYPES if tags[f"type-{kind.lower()}"] == 0] == []
    assert min(len(case.text) for case in CORPUS) == 0
    assert max(len(case.text) for case in CORPUS) >= 100_000
