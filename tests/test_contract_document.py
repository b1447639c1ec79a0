"""docs/contract.md is executed: its worked example, its whitespace, its numbers."""

import json
import re

import numpy as np

from buzz_parser.contract import decode, segments, windows
from buzz_parser.contract.labels import LABELS
from buzz_parser.contract.windows import ControlTokens, WindowParameters
from buzz_parser.release.freeze import manifest_schema
from buzz_parser.release.transitions import Penalties, transition_scores
from tests.conftest import ROOT

CONTRACT = (ROOT / "docs" / "contract.md").read_text(encoding="utf-8")


def worked_example() -> dict[str, object]:
    """The JSON block of section 10."""
    block = re.search(r"^## 10\..*?```json\n(.*?)```", CONTRACT, re.DOTALL | re.MULTILINE)
    assert block is not None
    example: dict[str, object] = json.loads(block[1])
    return example


def test_the_worked_example() -> None:
    example = worked_example()
    text = str(example["text"])
    offsets = [match.span() for match in re.finditer(r"\S+|\n", text)]
    assert [text[start:end] for start, end in offsets] == example["tokens"]
    parameters = WindowParameters(**example["window"])  # type: ignore[arg-type]
    tokens = ControlTokens(**example["control_tokens"])  # type: ignore[arg-type]
    ids = list(range(100, 100 + len(offsets)))
    labels: list[int] = []
    carry = windows.START
    for expected in example["windows"]:  # type: ignore[attr-defined]
        plan = windows.plan_window(carry, len(ids), parameters)
        assert [plan.position, plan.end, plan.commit] == expected["body"]
        assert plan.state == expected["state"]
        input_ids, token_type_ids = windows.window_inputs(plan, ids, tokens)
        assert input_ids == expected["input_ids"]
        assert token_type_ids == expected["token_type_ids"]
        logits = np.zeros((plan.end - plan.position, 9), dtype=np.float32)
        for row, label in enumerate(expected["logit_4"]):
            logits[row, LABELS.index(label)] = 3.0 if row in expected.get("logit_3", []) else 4.0
        path = decode.viterbi(
            logits, transition_scores(Penalties(repeat=5.0, switch=0.0)), carry.label
        )
        assert [LABELS[label] for label in path] == expected["decoded"]
        committed = path[: plan.commit - plan.position]
        labels += committed
        carry = windows.advance(carry, committed)
    assert carry.position == len(ids)
    found = segments.segments(text, offsets, labels, [0.75] * len(labels))
    assert [[s.label, s.start, s.end, s.text, s.score] for s in found] == example["segments"]


def test_the_schema_agrees_with_the_document_on_the_manifest() -> None:
    section = CONTRACT.split("## 2. The manifest")[1].split("## 3.")[0]
    schema = manifest_schema()
    for field in schema["properties"]:
        assert f"`{field}" in section, field
