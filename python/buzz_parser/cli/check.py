"""`buzz-parser check`: is this bundle whole, and do both engines read it as recorded?"""

from collections.abc import Mapping
from pathlib import Path

import onnxruntime
import typer
from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from buzz_parser import _rust
from buzz_parser.cli.common import (
    EXIT_DIFFERENT,
    BundleArgument,
    error_console,
    fail,
    loaded,
    output_console,
)
from buzz_parser.cli.render import visible
from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.errors import BuzzError
from buzz_parser.parity.check import GOLDEN_STAGES, CheckReport, check_golden, tier_of
from buzz_parser.parity.diff import Difference
from buzz_parser.reading.parser import ENGINE_NAMES, EngineName, load_engine


def check(bundle: BundleArgument) -> None:
    """Verify a bundle and run its golden file through both engines, stage by stage.

    Sizes and hashes first, then every recorded case: token ids, offsets, windows, model inputs, logits,
    probabilities, labels, segments, scores. Tier 1 (the recorded ONNX Runtime and instruction set) compares
    bits, tier 2 (any other) compares decisions where their margin is large enough to bind.

    [dim]buzz-parser check fixtures/bundles/tiny[/dim]
    """
    if not run_check(output_console(), bundle):
        raise typer.Exit(EXIT_DIFFERENT)


def run_check(console: Console, path: Path) -> bool:
    """Checks a bundle and prints what was found; whether all agreed."""
    bundle = loaded(lambda: read_bundle(path))
    manifest = bundle.manifest
    tier = tier_of(manifest)
    console.print(f"{path}: {manifest.parser_name} {manifest.parser_version}, hashes verified")
    recorded = f"{manifest.recorded.onnxruntime} on {manifest.recorded.instruction_set}"
    here = f"{onnxruntime.__version__} on {_rust.instruction_set()}"
    console.print(f"tier {tier}: recorded with ONNX Runtime {recorded}, here {here}")
    reports = {name: _run(bundle, path, name, tier) for name in ENGINE_NAMES}
    console.print(_table(reports))
    for name, report in reports.items():
        for case, difference in report.differences[:10]:
            print_difference(console, f"{name}, golden case {case}", difference)
    agreed = all(not report.differences for report in reports.values())
    verdict = "both engines agree with the golden file" if agreed else "the engines do not agree"
    console.print(verdict, style="bold green" if agreed else "bold red")
    return agreed


def print_difference(console: Console, where: str, difference: Difference) -> None:
    """Prints where two values part, expected above found."""
    console.print(f"{where}: stage {difference.stage}, row {difference.row}", style="red")
    console.print(f"  {visible(difference.left)}", markup=False)
    console.print(f"  {visible(difference.right)}", markup=False)


def _run(bundle: Bundle, path: Path, name: EngineName, tier: int) -> CheckReport:
    engine = loaded(lambda: load_engine(path, name))
    content = bundle.files["golden.jsonl"]
    report = CheckReport(tier=tier)
    try:
        console = error_console()
        with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
            task = progress.add_task(f"golden file, {name}", total=content.count(b"\n"))
            for report in check_golden(engine, bundle.manifest, content, tier):
                progress.update(task, completed=report.cases)
    except BuzzError as error:  # a model that loads but fails on a recorded case
        fail(f"{name}, golden case {report.cases + 1}: {error}")
    return report


def _table(reports: Mapping[EngineName, CheckReport]) -> Table:
    table = Table("stage", *reports, title="golden cases that agree", title_justify="left")
    for stage in GOLDEN_STAGES:
        counts = [f"{report.agreed[stage]}/{report.cases}" for report in reports.values()]
        table.add_row(stage, *counts)
    if any(report.unbound for report in reports.values()):
        table.add_row("margin too small", *(str(report.unbound) for report in reports.values()))
    return table
