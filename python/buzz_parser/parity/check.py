"""The check of a bundle: verified, loaded, and its golden file run through an engine, stage by stage."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import onnxruntime

from buzz_parser import _rust
from buzz_parser.contract.manifest import Manifest, Tolerance
from buzz_parser.parity import golden
from buzz_parser.parity.diff import Difference
from buzz_parser.reading.parser import Engine

GOLDEN_STAGES = (
    "text",
    "ids",
    "offsets",
    "windows",
    "inputs",
    "logits",
    "probabilities",
    "labels",
    "segments",
    "scores",
)


@dataclass(kw_only=True)
class CheckReport:
    """What a golden run found: the tier, cases that agree by stage, cases not bound, differences."""

    tier: int
    cases: int = 0
    unbound: int = 0
    agreed: dict[str, int] = field(default_factory=lambda: dict.fromkeys(GOLDEN_STAGES, 0))
    differences: list[tuple[str, Difference]] = field(default_factory=list)


def tier_of(manifest: Manifest) -> int:
    """1 where the golden file must hold bit by bit on this machine, else 2."""
    here = (onnxruntime.__version__, _rust.instruction_set())
    recorded = (manifest.recorded.onnxruntime, manifest.recorded.instruction_set)
    return 1 if here == recorded else 2


def check_golden(
    engine: Engine, manifest: Manifest, content: bytes, tier: int
) -> Iterator[CheckReport]:
    """Runs every case of a golden file; yields the report as it grows, once a case."""
    report = CheckReport(tier=tier)
    for case in golden.read_golden(content):
        report.cases += 1
        found = golden.encode(engine.trace(case["text"]))
        stages: tuple[str, ...] = GOLDEN_STAGES
        if tier == 2 and case["margin"] < manifest.tolerance.margin:
            report.unbound += 1
            stages = GOLDEN_STAGES[: GOLDEN_STAGES.index("windows")]
        for stage in stages:
            difference = compare_stage(stage, case, found, tier, manifest.tolerance)
            if difference is not None:
                report.differences.append((case["name"], difference))
                break
            report.agreed[stage] += 1
        yield report


def compare_stage(
    stage: str, recorded: dict[str, Any], found: dict[str, Any], tier: int, tolerance: Tolerance
) -> Difference | None:
    """The first row in which one stage of a case differs from its record."""
    expected_rows, found_rows = _rows(stage, recorded), _rows(stage, found)
    bound = _bounds(tolerance).get(stage) if tier == 2 else None
    if len(expected_rows) != len(found_rows):
        return _difference(stage, 0, f"{len(expected_rows)} rows", f"{len(found_rows)} rows")
    for row, (want, have) in enumerate(zip(expected_rows, found_rows, strict=True)):
        if not _agrees(want, have, bound):
            return _difference(stage, row, want, have)
    return None


def _bounds(tolerance: Tolerance) -> dict[str, float]:
    return {
        "logits": tolerance.logit,
        "probabilities": tolerance.probability,
        "scores": tolerance.probability,
    }


def _rows(stage: str, case: dict[str, Any]) -> list[Any]:
    rows: dict[str, Callable[[], list[Any]]] = {
        "text": lambda: [case["text"]],
        "logits": lambda: list(golden.decode_rows(case["logits"])),
        "probabilities": lambda: list(golden.decode_rows(case["probabilities"])),
        "segments": lambda: [segment[:5] for segment in case["segments"]],
        "scores": lambda: [
            np.frombuffer(bytes.fromhex(segment[5]), dtype=">f8") for segment in case["segments"]
        ],
    }
    return rows.get(stage, lambda: list(case[stage]))()


def _agrees(want: Any, have: Any, bound: float | None) -> bool:
    if not isinstance(want, np.ndarray):
        return bool(want == have)
    if bound is None:
        return want.tobytes() == np.asarray(have).tobytes()
    return bool(np.all(np.abs(want - have) <= bound))


def _difference(stage: str, row: int, want: Any, have: Any) -> Difference:
    def show(value: Any) -> str:
        return " ".join(f"{x:.9g}" for x in value) if isinstance(value, np.ndarray) else str(value)

    return Difference(stage=stage, row=row, left=show(want), right=show(have))
