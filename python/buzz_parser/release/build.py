"""Building the packages of a release from a copy of the sources that holds the proven parser."""

import os
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from buzz_parser.reading.default import DEFAULT_NAME
from buzz_parser.release.provenance import run
from buzz_parser.release.refusal import ReleaseError
from buzz_parser.release.sbom import Graph, cargo_metadata, python_graph, rust_graph
from buzz_parser.release.trial import try_wheel

SHIPPED = Path("python") / "buzz_parser" / DEFAULT_NAME
"""Where the sources hold the parser that the wheel carries."""


@dataclass(frozen=True, kw_only=True)
class Builders:
    """What builds the parts of a release: (sources, folder for the result) to the result's path.

    `trial` uses a wheel as its user would, `graphs` says what the packages depend on.
    """

    wheel: Callable[[Path, Path], Path]
    crate: Callable[[Path, Path], Path]
    trial: Callable[[Path, Path], None]
    graphs: Callable[[Path], tuple[Graph, Graph]]


def builders(root: Path, commit_time: int) -> Builders:
    """The real builders; compiled dependencies are kept in the `target` folder of the repository at `root`."""
    environment = {
        **os.environ,
        "CARGO_TARGET_DIR": str(root.resolve() / "target"),
        "SOURCE_DATE_EPOCH": str(commit_time),
    }
    return Builders(
        wheel=lambda sources, out: build_wheel(sources, out, environment),
        crate=lambda sources, out: build_crate(sources, out, environment),
        trial=try_wheel,
        graphs=lambda sources: (python_graph(), rust_graph(*cargo_metadata(sources))),
    )


def copy_sources(root: Path, sources: Path, parser: Mapping[str, bytes]) -> None:
    """Copies what git does not ignore to `sources`, with the files of `parser` as the shipped parser.

    The copy must lie outside the repository, or git's ignored paths would count for it too.
    """
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    names = [name for name in run(command, root).split("\0") if name]
    # Not in git, as the crate is a library; but what was proved is what is packed.
    names += ["Cargo.lock"] if (root / "Cargo.lock").is_file() else []
    for name in names:
        if (root / name).is_file() and not Path(name).is_relative_to(SHIPPED):
            (sources / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(root / name, sources / name)
    (sources / SHIPPED).mkdir(parents=True)
    for name, content in parser.items():
        (sources / SHIPPED / name).write_bytes(content)


def build_wheel(sources: Path, out: Path, environment: Mapping[str, str]) -> Path:
    """The wheel of the Python package, with the extension and the parser inside."""
    out.mkdir(parents=True)
    run([sys.executable, "-m", "maturin", "build", "--out", str(out)], sources, environment)
    return only(out, "*.whl")


def build_crate(sources: Path, out: Path, environment: Mapping[str, str]) -> Path:
    """The package of the crate, which cargo compiles as packed, with the parser built in."""
    out.mkdir(parents=True)
    packed = Path(environment["CARGO_TARGET_DIR"]) / "package"
    for old in packed.glob("buzz-*.crate"):
        old.unlink()
    command = ["cargo", "package", "--package", "buzz", "--features", "buzz/default-parser"]
    run(command, sources, {**environment, "BUZZ_PARSER": str((sources / SHIPPED).resolve())})
    return Path(shutil.copy(only(packed, "buzz-*.crate"), out))


def only(folder: Path, pattern: str) -> Path:
    """The one file of a folder that fits a pattern; raises `ReleaseError` for none or several."""
    found = sorted(folder.glob(pattern))
    if len(found) != 1:
        names = ", ".join(path.name for path in found) or "none"
        raise ReleaseError(f"{pattern}: expected one file, found {names}")
    return found[0]
