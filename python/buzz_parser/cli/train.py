"""`buzz-parser train`: a configuration to a checkpoint."""

from pathlib import Path
from typing import Annotated

import typer

from buzz_parser.cli.common import fail, output_console
from buzz_parser.data.transcripts import TranscriptError
from buzz_parser.errors import BuzzError


def train(
    config: Annotated[
        Path,
        typer.Option(help="TOML file; every value of the run stands in it.", show_default=False),
    ],
    out: Annotated[Path, typer.Option(help="Where checkpoints, curves and the result go.")] = Path(
        "out/train"
    ),
    change: Annotated[
        list[str] | None,
        typer.Option(
            "--set",
            metavar="KEY=VALUE",
            help="A value of the configuration, in TOML: model.layers=4. May be given again.",
            show_default=False,
        ),
    ] = None,
    minutes: Annotated[
        float | None,
        typer.Option(help="End this sitting after so long; the same command goes on from there."),
    ] = None,
) -> None:
    """Train a parser on fresh generated messages, or go on where the last sitting ended.

    Needs the extra 'train'. One GPU is used when there is one, several through torchrun.

    [dim]buzz-parser train --config my_parser.toml --out out/train --minutes 60[/dim]
    """
    # torch and transformers, which no command that serves needs.
    from buzz_parser.training.config import ConfigError, read_config  # noqa: PLC0415
    from buzz_parser.training.train import train as run  # noqa: PLC0415

    try:
        settings = read_config(config, change or ())
    except ConfigError as error:
        fail(str(error))
    try:
        finished = run(settings, out, seconds=None if minutes is None else 60 * minutes)
    except (ConfigError, TranscriptError, BuzzError) as error:
        fail(str(error))
    output_console().print(f"{finished}: checkpoint; curves in {out}/curves.png")
