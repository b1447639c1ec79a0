"""The golden file: held by both engines, able to fail in every stage, bound by margin in the second tier."""

import base64
import copy
import json
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from buzz_parser.contract.bundle import Bundle
from buzz_parser.contract.manifest import Tolerance
from buzz_parser.parity import golden
from buzz_parser.parity.check import (
    GOLDEN_STAGES,
    CheckReport,
    check_golden,
    compare_stage,
    tier_of,
)
from buzz_parser.reading.parser import ENGINE_NAMES, Engine, EngineName, load_engine
from buzz_parser.reading.reference import ReferenceEngine
from tests.conftest import TINY


def final_report(engine: Engine, tiny: Bundle, content: bytes, tier: int) -> CheckReport:
    """The report after the last case."""
    *_, report = check_golden(engine, tiny.manifest, content, tier)
    return report


@pytest.mark.parametrize("tier", [1, 2])
@pytest.mark.parametrize("engine", ENGINE_NAMES)
def test_both_engines_hold_the_golden_file(engine: EngineName, tier: int, tiny: Bundle) -> None:
    if tier == 1 and tier_of(tiny.manifest) == 2:
        pytest.skip(
            "recorded with another ONNX Runtime or instruction set: tier 2 is what binds here"
        )
    content = tiny.files["golden.jsonl"]
    report = final_report(load_engine(TINY, engine), tiny, content, tier)
    assert report.differences == []
    assert report.cases == content.count(b"\n") >= 40
    assert report.agreed["ids"] == report.cases
    assert report.agreed["scores"] == report.cases - report.unbound > 0
    assert report.unbound < report.cases / 2


def test_all_nine_labels_are_recorded(tiny: Bundle) -> None:
    cases = golden.read_golden(tiny.files["golden.jsonl"])
    assert {label for case in cases for label in case["labels"]} == set(range(9))


def test_recording_again_gives_the_same_bytes(tiny: Bundle, reference: ReferenceEngine) -> None:
    if tier_of(tiny.manifest) == 2:
        pytest.skip("recorded with another ONNX Runtime or instruction set")
    cases = list(golden.read_golden(tiny.files["golden.jsonl"]))
    again = golden.record(reference, [(case["name"], case["text"]) for case in cases])
    assert again == tiny.files["golden.jsonl"]


def nudge(encoded: str, amount: float) -> str:
    """Encoded rows with the first number moved."""
    rows = golden.decode_rows(encoded).copy()
    rows[0, 0] += np.float32(amount)
    return base64.b64encode(rows.tobytes()).decode()


ALTERATIONS: dict[str, Any] = {
    "text": lambda case: case | {"text": case["text"] + "."},
    "ids": lambda case: case | {"ids": [case["ids"][0] + 1, *case["ids"][1:]]},
    "offsets": lambda case: case | {"offsets": [[0, 1, 0, 2], *case["offsets"][1:]]},
    "windows": lambda case: case | {"windows": case["windows"][:-1]},
    "inputs": lambda case: case | {"inputs": [[[1], [0]], *case["inputs"][1:]]},
    "logits": lambda case: case | {"logits": nudge(case["logits"], 1e-5)},
    "probabilities": lambda case: case | {"probabilities": nudge(case["probabilities"], 1e-7)},
    "labels": lambda case: case | {"labels": [case["labels"][0] ^ 1, *case["labels"][1:]]},
    "segments": lambda case: case | {"segments": [["TEXT", 0, 1, 0, 1, "0" * 16]]},
    "scores": lambda case: (
        case | {"segments": [[*row[:5], f"{int(row[5], 16) ^ 1:016x}"] for row in case["segments"]]}
    ),
}


@pytest.mark.parametrize("stage", GOLDEN_STAGES)
def test_an_altered_record_is_found_at_its_stage(
    stage: str, tiny: Bundle, reference: ReferenceEngine
) -> None:
    case = next(c for c in golden.read_golden(tiny.files["golden.jsonl"]) if c["segments"])
    found = golden.encode(reference.trace(case["text"]))
    case |= {key: found[key] for key in ("logits", "probabilities", "segments")}
    altered = ALTERATIONS[stage](copy.deepcopy(case))
    stages = [
        other
        for other in GOLDEN_STAGES
        if compare_stage(other, altered, found, 1, tiny.manifest.tolerance) is not None
    ]
    assert stages[0] == stage


def test_the_second_tier_tolerates_noise_and_no_more(
    tiny: Bundle, reference: ReferenceEngine
) -> None:
    case = next(c for c in golden.read_golden(tiny.files["golden.jsonl"]) if c["margin"] > 1)
    found = golden.encode(reference.trace(case["text"]))
    tolerance = Tolerance(logit=1e-3, probability=1e-3, margin=0.05)
    for amount, differs in ((5e-4, False), (5e-3, True)):
        altered = case | {"logits": nudge(found["logits"], amount)}
        difference = compare_stage("logits", altered, found, 2, tolerance)
        assert (difference is not None) == differs


def test_a_small_margin_does_not_bind_in_the_second_tier(
    tiny: Bundle, reference: ReferenceEngine
) -> None:
    case = next(golden.read_golden(tiny.files["golden.jsonl"]))
    altered = case | {"labels": [0] * len(case["labels"]), "margin": 0.0}
    content = json.dumps(altered).encode()
    report = final_report(reference, tiny, content, 2)
    assert (report.differences, report.unbound) == ([], 1)
    report = final_report(reference, tiny, json.dumps(altered | {"margin": 9.0}).encode(), 2)
    assert [difference.stage for _, difference in report.differences] == ["labels"]


def test_the_tier_follows_library_and_processor(tiny: Bundle) -> None:
    recorded = replace(tiny.manifest.recorded, onnxruntime="0.0.1")
    assert tier_of(replace(tiny.manifest, recorded=recorded)) == 2
