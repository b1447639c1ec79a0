"""The mass comparison: many messy messages through both engines, in several processes."""

import multiprocessing
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, field
from pathlib import Path

from buzz_parser.parity import golden
from buzz_parser.parity.diff import Difference, first_difference, outcome
from buzz_parser.parity.messy import message
from buzz_parser.reading.parser import Engine, load_engine
from buzz_parser.reading.trace import Trace

CHUNK = 500
"""Messages a task: long enough to hide its start, short enough for an even progress bar."""


@dataclass(kw_only=True)
class MassReport:
    """Counts of a mass run; `differences` holds (index, text, difference)."""

    messages: int = 0
    characters: int = 0
    tokens: int = 0
    windows: int = 0
    segments: int = 0
    differences: list[tuple[int, str, Difference]] = field(default_factory=list)

    def add(self, other: "MassReport") -> None:
        """Adds another report to this one."""
        self.messages += other.messages
        self.characters += other.characters
        self.tokens += other.tokens
        self.windows += other.windows
        self.segments += other.segments
        self.differences += other.differences


def golden_texts(bundle: Path) -> list[str]:
    """The texts of a bundle's golden file: seeds for messy messages that every bundle carries."""
    content = (bundle / "golden.jsonl").read_bytes()
    return [case["text"] for case in golden.read_golden(content)] or [""]


def compare_messages(
    left: Engine, right: Engine, seeds: Sequence[str], seed: int, indices: range
) -> MassReport:
    """Compares two engines on the messy messages of a range of indices."""
    report = MassReport()
    for index in indices:
        text = message(seeds, seed, index)
        found = outcome(left, text)
        difference = first_difference(found, outcome(right, text))
        report.messages += 1
        report.characters += len(text)
        if isinstance(found, Trace):
            report.tokens += len(found.ids)
            report.windows += len(found.windows)
            report.segments += len(found.segments)
        if difference is not None:
            report.differences.append((index, text, difference))
    return report


def mass_run(bundle: Path, *, seed: int, count: int, processes: int) -> Iterator[MassReport]:
    """Compares both engines on `count` messy messages; yields the growing report, once a chunk.

    The messages, and so the report, do not depend on the number of processes.
    """
    total = MassReport()
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(
        processes, mp_context=context, initializer=_start, initargs=(bundle,)
    ) as pool:
        chunks = (range(at, min(at + CHUNK, count)) for at in range(0, count, CHUNK))
        tasks = [pool.submit(_compare_chunk, seed, chunk) for chunk in chunks]
        for task in as_completed(tasks):
            total.add(task.result())
            yield total


_engines: list[Engine] = []
_seeds: list[str] = []


def _start(bundle: Path) -> None:
    """Loads both engines, once a process."""
    _engines[:] = [load_engine(bundle, "python"), load_engine(bundle, "rust")]
    _seeds[:] = golden_texts(bundle)


def _compare_chunk(seed: int, indices: range) -> MassReport:
    left, right = _engines
    return compare_messages(left, right, seeds=_seeds, seed=seed, indices=indices)
