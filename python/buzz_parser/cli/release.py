"""`buzz-parser release`: a bundle to a release directory; `buzz-parser release verify`: is a release whole?"""

import getpass
from pathlib import Path
from typing import Annotated

import typer
from typer.core import TyperGroup

from buzz_parser.cli.common import (
    EXIT_DIFFERENT,
    counted_progress,
    error_console,
    fail,
    loaded,
    output_console,
)
from buzz_parser.errors import BuzzError
from buzz_parser.parity.mass import MassReport
from buzz_parser.reading.default import default_bundle
from buzz_parser.release.provenance import run
from buzz_parser.release.refusal import ReleaseError
from buzz_parser.release.release import MESSAGES, Listeners, ReleaseInputs, make_release
from buzz_parser.release.verify import verify_release

MAKE, VERIFY = "make", "verify"


class MakeByDefault(TyperGroup):
    """`release OUT` is `release make OUT`; a folder that is called as a command is written `./verify`."""

    def parse_args(self, ctx: typer.Context, args: list[str]) -> list[str]:  # type: ignore[override]
        """Puts `make` in front of what names no command."""
        if args and args[0] not in (MAKE, VERIFY, "--help"):
            args = [MAKE, *args]
        return super().parse_args(ctx, args)


release_app = typer.Typer(
    cls=MakeByDefault,
    help="Prove a bundle and make a release of it: release OUT. Check one: release verify DIR.",
    no_args_is_help=True,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


@release_app.command(MAKE)
def make(
    out: Annotated[
        Path, typer.Argument(metavar="OUT", help="Where the release goes; nothing may be there.")
    ],
    bundle: Annotated[
        Path | None, typer.Option(help="Directory of a bundle; else the shipped parser.")
    ] = None,
    messages: Annotated[
        int, typer.Option(min=1, help="Messages that both engines are compared on.")
    ] = MESSAGES,
    seed: Annotated[int, typer.Option(help="Every seed is another set of messages.")] = 0,
    processes: Annotated[
        int | None, typer.Option(min=1, help="Processes of the comparison; else one a core.")
    ] = None,
    prover: Annotated[
        str | None, typer.Option(help="Who proves it; else git's user, else the login name.")
    ] = None,
    root: Annotated[Path, typer.Option(help="The repository.")] = Path(),
) -> None:
    """Prove a bundle, build wheel and crate with it, write archive, sums, provenance, bill of materials.

    Refuses where the golden file or the mass run through both engines finds a difference, and then leaves
    nothing behind. Needs git, cargo and maturin (extra 'dev').

    [dim]buzz-parser release dist/parser_v1[/dim]
    """
    console = output_console()
    path = bundle or loaded(default_bundle)
    try:
        with counted_progress() as progress:
            task = progress.add_task("comparing both engines", total=messages)

            def show(report: MassReport) -> None:
                progress.update(task, completed=report.messages)

            inputs = ReleaseInputs(
                bundle=path,
                root=root,
                prover=prover or _prover(root),
                messages=messages,
                seed=seed,
                processes=processes,
            )
            listeners = Listeners(
                say=lambda line: progress.console.print(line, markup=False), progress=show
            )
            names = make_release(inputs, out, listeners=listeners)
    except (ReleaseError, BuzzError) as error:
        error_console().print(f"no release: {error}", style="red", markup=False)
        raise typer.Exit(EXIT_DIFFERENT) from error
    for name in names:
        console.print(f"{out / name}  {(out / name).stat().st_size:,} bytes", markup=False)


@release_app.command(VERIFY)
def verify(
    directory: Annotated[Path, typer.Argument(metavar="DIR", help="Directory of a release.")],
) -> None:
    """Check a release: sums, archive, golden file by both engines, wheel, crate, provenance, bill of materials.

    [dim]buzz-parser release verify dist/parser_v1[/dim]
    """
    if not directory.is_dir():
        fail(f"{directory}: expected the directory of a release, found none")
    problems = verify_release(directory)
    for problem in problems:
        error_console().print(problem, style="red", markup=False)
    if problems:
        raise typer.Exit(EXIT_DIFFERENT)
    output_console().print(f"{directory}: the release is whole", style="bold green")


def _prover(root: Path) -> str:
    """Git's user at `root`, else the login name."""
    try:
        return run(["git", "config", "user.name"], root).strip()
    except ReleaseError:
        return getpass.getuser()
