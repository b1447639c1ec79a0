"""Presets of formats outside of the catalogue, which no training message shows."""

from pathlib import Path

import pytest

from buzz_parser.data import guideline
from buzz_parser.data.dialects.held_agents import HELD_AGENTS
from buzz_parser.data.dialects.held_models import HELD_MODELS
from buzz_parser.data.dialects.model import Dialect
from buzz_parser.data.splits import HELD_OUT_FAMILIES
from tests.test_data_presets_native import BODIES, ROUND, SLICES, longest, marked, rendered

HELD = {dialect.name: dialect for dialect in (*HELD_MODELS, *HELD_AGENTS)}
EXAMPLES = {
    name: body.rstrip()
    for name, _, body in (
        block.partition("\n")
        for block in (Path(__file__).parent / "held_presets.txt")
        .read_text(encoding="utf-8")
        .split("=== H")[1:]
    )
}
"""Blocks `=== NAME`, then the message; a segment stands in `⟦T|…⟧`, its type's letter first."""


def test_every_held_out_family_has_presets_and_every_preset_an_example() -> None:
    assert {dialect.family for dialect in HELD.values()} == HELD_OUT_FAMILIES
    assert {f"H{name}" for name in EXAMPLES} == set(HELD)


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_conversation_reads_as_the_format_writes_it(name: str) -> None:
    assert marked(*longest(HELD[f"H{name}"], ROUND)).rstrip() == EXAMPLES[name]


@pytest.mark.parametrize("dialect", HELD.values(), ids=lambda dialect: dialect.name)
def test_slices_keep_the_guideline_and_every_body_its_type(dialect: Dialect) -> None:
    for items in SLICES:
        for seed in range(6):
            text, spans = rendered(dialect, items, seed)
            assert guideline.violations(text, spans) == []
            for pattern, label in BODIES:
                for found in pattern.finditer(text):
                    labels = [
                        s.label for s in spans if s.start <= found.start() and found.end() <= s.end
                    ]
                    assert labels == [label], f"{found[0]!r} in {marked(text, spans)!r}"
