"""The proof that a release stands on: the golden file and a mass run through both engines, now, on this bundle."""

import multiprocessing
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.parity.check import CheckReport, check_golden, tier_of
from buzz_parser.parity.mass import MassReport, mass_run
from buzz_parser.reading.parser import ENGINE_NAMES, EngineName, load_engine
from buzz_parser.release.refusal import ReleaseError

MassProgress = Callable[[MassReport], None]


@dataclass(frozen=True, kw_only=True)
class GoldenProof:
    """A golden run of one engine in which nothing differed; `unbound` cases had too small a margin."""

    engine: str
    tier: int
    cases: int
    unbound: int


@dataclass(frozen=True, kw_only=True)
class ParityProof:
    """A mass run of both engines in which nothing differed."""

    seed: int
    messages: int
    characters: int
    tokens: int
    windows: int
    segments: int
    differences: int
    processes: int
    seconds: float


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What was proved of a bundle, and when (UTC, ISO 8601)."""

    golden: tuple[GoldenProof, ...]
    parity: ParityProof
    finished: str


def prove(
    bundle: Path,
    *,
    messages: int,
    seed: int = 0,
    processes: int | None = None,
    progress: MassProgress = lambda _: None,
) -> Proof:
    """Runs both proofs on the bundle at a path; raises `ReleaseError` at the first that does not hold.

    `progress` is told of the growing mass report.
    """
    read = read_bundle(bundle)
    golden = tuple(golden_proof(read, bundle, engine) for engine in ENGINE_NAMES)
    parity = parity_proof(
        bundle,
        messages=messages,
        seed=seed,
        processes=processes or multiprocessing.cpu_count(),
        progress=progress,
    )
    return Proof(golden=golden, parity=parity, finished=datetime.now(UTC).isoformat("T", "seconds"))


def golden_proof(bundle: Bundle, path: Path, engine: EngineName) -> GoldenProof:
    """The golden file of a bundle through one engine."""
    report = golden_report(bundle, path, engine)
    if report.differences:
        case, difference = report.differences[0]
        raise ReleaseError(
            f"golden case {case}, engine {engine}, stage {difference.stage}: "
            f"expected {difference.left}, found {difference.right}"
        )
    if report.cases == 0:
        raise ReleaseError(f"golden file, engine {engine}: expected at least one case, found none")
    return GoldenProof(engine=engine, tier=report.tier, cases=report.cases, unbound=report.unbound)


def golden_report(bundle: Bundle, path: Path, engine: EngineName) -> CheckReport:
    """The whole report of a golden run; raises `BuzzError` where the engine cannot read the bundle."""
    tier = tier_of(bundle.manifest)
    content = bundle.files["golden.jsonl"]
    reports = list(check_golden(load_engine(path, engine), bundle.manifest, content, tier))
    return reports[-1] if reports else CheckReport(tier=tier)


def parity_proof(
    bundle: Path, *, messages: int, seed: int, processes: int, progress: MassProgress
) -> ParityProof:
    """The seeded mass run of `messages` messy messages through both engines."""
    started = time.monotonic()
    report = MassReport()
    for report in mass_run(bundle, seed=seed, count=messages, processes=processes):
        progress(report)
    if report.differences:
        index, text, difference = min(report.differences, key=lambda found: found[0])
        raise ReleaseError(
            f"parity: expected no difference in {messages} messages, found {len(report.differences)}; "
            f"message {index} of seed {seed}, {text[:60]!r}, stage {difference.stage}: "
            f"{difference.left} and {difference.right}"
        )
    if report.messages != messages or report.windows == 0:
        raise ReleaseError(
            f"parity: expected {messages} messages with windows, "
            f"found {report.messages} with {report.windows}"
        )
    return ParityProof(
        seed=seed,
        messages=report.messages,
        characters=report.characters,
        tokens=report.tokens,
        windows=report.windows,
        segments=report.segments,
        differences=0,
        processes=processes,
        seconds=round(time.monotonic() - started, 1),
    )
