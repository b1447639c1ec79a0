"""`buzz-parser export`: a checkpoint to a proven bundle."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from buzz_parser.cli.common import fail, output_console
from buzz_parser.cli.data_records import done
from buzz_parser.errors import BuzzError
from buzz_parser.judging.gold import read_gold
from buzz_parser.parity.corpus import read_corpus

if TYPE_CHECKING:
    from buzz_parser.release.export import ExportInputs

GOLDEN_CHARACTERS = 900
GOLDEN_CASES = 45


def export(
    checkpoint: Annotated[
        Path, typer.Argument(metavar="CHECKPOINT", help="What 'train' left behind.")
    ],
    bundle: Annotated[Path, typer.Argument(metavar="BUNDLE", help="Where the bundle goes.")],
    run: Annotated[
        Path, typer.Option(help="The run.json of the training, for window and provenance.")
    ] = Path("out/train/run.json"),
    name: Annotated[str, typer.Option(help="The parser's name.")] = "parser",
    version: Annotated[str, typer.Option(help="The parser's version.")] = "1.0.0",
    messages: Annotated[int, typer.Option(help="Validation messages.", min=1)] = 300,
    corpus: Annotated[
        Path | None,
        typer.Option(
            help="Folder of cases for the golden file; else it records generated messages, none of "
            "your own transcripts.",
            show_default=False,
        ),
    ] = None,
    judge: Annotated[
        list[Path] | None,
        typer.Option(
            help="Messages with gold segments whose figures go into the card; may be given again.",
            show_default=False,
        ),
    ] = None,
) -> None:
    """Export a checkpoint: ONNX, int8 storage, validation, golden file, both engines; or no bundle at all.

    Needs the extra 'train'.

    [dim]buzz-parser export out/train/checkpoint out/bundle --name my-parser[/dim]
    """
    # torch and transformers, which no command that serves needs.
    from buzz_parser.release.export import ExportError, export_checkpoint  # noqa: PLC0415

    console = output_console()
    inputs = done(lambda: _inputs(name, version, run, messages, corpus, judge or ()))
    try:
        frozen = export_checkpoint(checkpoint, bundle, inputs, say=console.print)
    except (ExportError, BuzzError) as error:
        fail(str(error))
    size = sum(entry.size for entry in frozen.manifest.files.values())
    console.print(
        f"{bundle}: {name} {version}, {size:,} bytes, both engines agree with its golden file"
    )


def _inputs(
    name: str,
    version: str,
    run: Path,
    messages: int,
    corpus: Path | None,
    judge: Sequence[Path],
) -> "ExportInputs":
    """Reads all that an export needs; raises `ValueError`, `OSError`."""
    from buzz_parser.contract.windows import WindowParameters  # noqa: PLC0415
    from buzz_parser.data.generate import generate, generator_config, load_source  # noqa: PLC0415
    from buzz_parser.release.export import ExportInputs  # noqa: PLC0415

    try:
        made = json.loads(run.read_text(encoding="utf-8"))
        window = WindowParameters(**made["config"]["window"])
        data = replace(generator_config(made["config"]["data"]), split="validation")
    except (ValueError, KeyError, TypeError) as cause:
        raise ValueError(f"{run}: expected the run.json of a training, found {cause!r}") from cause
    judged = [read_gold(path) for path in judge]
    for gold in judged:
        if not gold.records:
            raise ValueError(f"{gold.path}: expected messages with gold segments, found none")
    if corpus is None:
        # Not the user's own transcripts: what a golden file holds goes wherever the bundle goes.
        written = generate(data, load_source(data.split), 0, messages)
        cases = [(record.id, record.text) for record in written]
    else:
        cases = [(case.name, case.text) for case in read_corpus(corpus)]
    cases = [case for case in cases if len(case[1]) <= GOLDEN_CHARACTERS]
    if not cases:
        raise ValueError(
            f"{corpus}: expected a case of at most {GOLDEN_CHARACTERS} characters, found none"
        )
    return ExportInputs(
        name=name,
        version=version,
        window=window,
        validation=list(generate(data, load_source(data.split, data.transcripts), 0, messages)),
        judged=judged,
        golden_cases=cases[:: -(-len(cases) // GOLDEN_CASES)],
        provenance=made,
    )
