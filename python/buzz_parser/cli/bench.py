"""`buzz-parser bench`: speed and memory of both engines beside the least that can be done."""

import os
import platform
from pathlib import Path
from typing import Annotated

import onnxruntime
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from buzz_parser import _rust
from buzz_parser.cli.common import error_console, output_console
from buzz_parser.parity import bench as benchmark
from buzz_parser.parity.corpus import read_corpus

# Characters, texts, rounds: short, median and long messages, as real ones are.
LENGTHS = (("short", 100, 20, 5), ("median", 430, 20, 3), ("long", 12_000, 2, 2))
HUGE_CHARACTERS = 1_000_000
GROWTH_CHARACTERS = (10_000, 100_000, 1_000_000)
PIPELINE_CHARACTERS = 430


def bench(
    tiny: Annotated[Path, typer.Option(help="The tiny bundle.")] = Path("fixtures/bundles/tiny"),
    work: Annotated[Path, typer.Option(help="Where the large model is made and kept.")] = Path(
        "out/bench"
    ),
    corpus: Annotated[Path, typer.Option(help="Folder to take messages from.")] = Path(
        "fixtures/corpus"
    ),
    huge: Annotated[bool, typer.Option(help="Measure 1 MB on the large model too.")] = True,
) -> None:
    """Measure speed and memory, ratios side by side in one run.

    The floor is the bare session.run of the same windows. The large model has the size of MiniLM-L6 and
    random weights; the pipeline is transformers' on the same weights, for messages that fit its window.

    [dim]buzz-parser bench --no-huge[/dim]
    """
    console = output_console()
    large, pipeline = _large_model(work)
    cpu = platform.processor() or platform.machine()
    console.print(f"{os.cpu_count()} cores, {cpu}, {_rust.instruction_set()}")
    console.print(f"ONNX Runtime {onnxruntime.__version__}, Python {platform.python_version()}\n")
    texts = [case.text for case in read_corpus(corpus) if 0 < len(case.text) < 5_000]
    for name, bundle, model in (("MiniLM-sized", large, pipeline), ("tiny", tiny, None)):
        for threads in (1, 2):
            _print_timings(console, name, bundle, model, threads, texts, huge or name == "tiny")
    _print_growth(console, tiny)
    for name, bundle, model in (("MiniLM-sized", large, pipeline), ("tiny", tiny, None)):
        _print_cold_starts(console, name, bundle, model)


def _large_model(work: Path) -> tuple[Path, Path]:
    bundle, pipeline = work / "minilm", work / "minilm-transformers"
    if not bundle.exists():
        # Needs torch, which no other command does.
        from buzz_parser.release.minilm import make_minilm  # noqa: PLC0415

        error_console().print("making the MiniLM-sized bundle, once")
        make_minilm(bundle, pipeline)
    return bundle, pipeline


def _print_timings(
    console: Console,
    name: str,
    bundle: Path,
    model: Path | None,
    threads: int,
    sources: list[str],
    huge: bool,
) -> None:
    title = f"{name}, {threads} thread(s)"
    table = Table(title=title, title_justify="left")
    for column in ("message", "reader", "p50 ms", "p99 ms", "MB/s", "time / floor"):
        table.add_column(column, justify="left" if column in ("message", "reader") else "right")
    lengths = list(LENGTHS)
    if huge and (threads == 1 or name == "tiny"):
        lengths.append(("huge", HUGE_CHARACTERS, 1, 1))
    with Progress(console=error_console(), transient=True) as progress:
        for label, characters, count, rounds in progress.track(lengths, description=title):
            fits = model if characters <= PIPELINE_CHARACTERS else None
            found = benchmark.contenders(bundle, threads, fits)
            texts = benchmark.make_texts(sources, characters, count)
            for timing in benchmark.measure(found, texts, rounds):
                table.add_row(
                    f"{label}, {characters:,}",
                    timing.contender,
                    f"{timing.p50 * 1e3:,.2f}",
                    f"{timing.p99 * 1e3:,.2f}",
                    f"{timing.megabytes_per_second:,.3f}",
                    f"{timing.to_floor:.2f}",
                )
            table.add_section()
    console.print(table)


def _print_growth(console: Console, bundle: Path) -> None:
    """Time by length on the worst of texts: one brace after the other, each a token."""
    table = Table("braces", "reader", "seconds", "microseconds a character", title="growth on tiny")
    table.title_justify = "left"
    found = benchmark.contenders(bundle, 1, None)
    for characters in GROWTH_CHARACTERS:
        for timing in benchmark.measure(found, ["{" * characters], 1):
            each = f"{timing.p50 / characters * 1e6:.2f}"
            table.add_row(f"{characters:,}", timing.contender, f"{timing.p50:.3f}", each)
        table.add_section()
    console.print(table)


def _print_cold_starts(console: Console, name: str, bundle: Path, model: Path | None) -> None:
    binary = Path("target/release/examples/parse")
    table = Table("fresh process", "seconds", "peak MiB", title=f"cold start, {name}")
    table.title_justify = "left"
    rust_binary = binary if binary.exists() else None
    for cost in benchmark.cold_starts(bundle, model, rust_binary, rounds=5):
        table.add_row(cost.name, f"{cost.seconds:.3f}", f"{cost.peak_mib:,.0f}")
    loading = benchmark.session_seconds(bundle, rounds=3)
    console.print(table)
    console.print(f"of which loading the model: {loading:.3f} s\n")
