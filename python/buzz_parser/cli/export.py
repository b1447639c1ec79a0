"""`buzz-parser export`: a checkpoint to a proven bundle."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from buzz_parser.cli.common import fail, output_console
from buzz_parser.data.records import RecordError
from buzz_parser.judging.gold import read_gold
from buzz_parser.parity.corpus import read_corpus

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
            help="Folder of cases for the golden file; else it records validation messages.",
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
    from buzz_parser.contract.windows import WindowParameters  # noqa: PLC0415
    from buzz_parser.data.generate import generate, generator_config, load_source  # noqa: PLC0415
    from buzz_parser.release.export import (  # noqa: PLC0415
        ExportError,
        ExportInputs,
        export_checkpoint,
    )

    console = output_console()
    try:
        judged = [read_gold(path) for path in judge or ()]
    except (OSError, RecordError) as error:
        fail(str(error))
    made = json.loads(run.read_text(encoding="utf-8"))
    data = replace(generator_config(made["config"]["data"]), split="validation")
    validation = list(generate(data, load_source(data.split, data.transcripts), 0, messages))
    if corpus is None:
        cases = [(record.id, record.text) for record in validation]
    else:
        cases = [(case.name, case.text) for case in read_corpus(corpus)]
    cases = [case for case in cases if len(case[1]) <= GOLDEN_CHARACTERS]
    inputs = ExportInputs(
        name=name,
        version=version,
        window=WindowParameters(**made["config"]["window"]),
        validation=validation,
        judged=judged,
        golden_cases=cases[:: max(1, len(cases) // GOLDEN_CASES)],
        provenance=made,
    )
    try:
        frozen = export_checkpoint(checkpoint, bundle, inputs, say=console.print)
    except ExportError as error:
        fail(str(error))
    size = sum(entry.size for entry in frozen.manifest.files.values())
    console.print(
        f"{bundle}: {name} {version}, {size:,} bytes, both engines agree with its golden file"
    )
