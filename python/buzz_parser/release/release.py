"""The release stage: a bundle, proved here and now, to a directory with all that users get, or to nothing."""

import hashlib
import json
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from buzz_parser.contract.bundle import Bundle
from buzz_parser.release.archive import archive_bytes, archive_name, bundle_bytes
from buzz_parser.release.build import Builders, builders, copy_sources
from buzz_parser.release.proof import MassProgress, prove
from buzz_parser.release.provenance import PROVENANCE_NAME, provenance, source_of, versions
from buzz_parser.release.refusal import ReleaseError
from buzz_parser.release.sbom import SBOM_NAME, bill
from buzz_parser.release.sums import write_sums
from buzz_parser.release.verify import verify_release

MESSAGES = 10_000
"""Messages of the mass run that a release stands on, unless another number is asked for."""


@dataclass(frozen=True, kw_only=True)
class ReleaseInputs:
    """What a release is made from; `root` is the repository, `prover` stands in the provenance.

    The mass run compares `messages` messages of `seed` in `processes` processes, one a core by default.
    """

    bundle: Path
    root: Path
    prover: str
    messages: int = MESSAGES
    seed: int = 0
    processes: int | None = None


@dataclass(frozen=True, kw_only=True)
class Listeners:
    """Who is told of the work: `say` of each step as it is done, `progress` of the growing mass report."""

    say: Callable[[str], None] = lambda _: None
    progress: MassProgress = lambda _: None


def make_release(
    inputs: ReleaseInputs,
    out: Path,
    *,
    build: Builders | None = None,
    listeners: Listeners | None = None,
) -> tuple[str, ...]:
    """Proves a bundle, builds both packages with it, writes all to `out`; returns the files' names, sorted.

    `out` must not exist or be empty: a release is never overwritten. Raises `BundleError` for a bundle that
    is refused and `ReleaseError` for whatever does not hold, and then leaves nothing at `out`.
    """
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise ReleaseError(f"{out}: expected nothing or an empty folder, found something")
    listeners = listeners or Listeners()
    bundle, files = bundle_bytes(inputs.bundle)
    archive_name(bundle)  # refused before the long proof, not after it
    out.parent.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory(dir=out.parent, prefix=".release-") as beside,
        tempfile.TemporaryDirectory(prefix="buzz-release-") as apart,
    ):
        written = Path(beside) / "release"
        contents = _contents(inputs, bundle, files, Path(apart), build, listeners)
        _write(written, contents)
        write_sums(written)
        if problems := verify_release(written):
            raise ReleaseError("\n".join(problems))
        listeners.say("verified: sums, archive, wheel, crate, provenance, bill of materials")
        written.rename(out)
    return tuple(sorted(path.name for path in out.iterdir()))


def _contents(
    inputs: ReleaseInputs,
    bundle: Bundle,
    files: dict[str, bytes],
    scratch: Path,
    build: Builders | None,
    listeners: Listeners,
) -> dict[str, bytes]:
    """The files of the release by name, without the sums; all work is done under `scratch`."""
    name, manifest = archive_name(bundle), bundle.manifest
    source = source_of(inputs.root)
    build = build or builders(inputs.root, source.commit_time)
    # From here on only this copy counts, whatever becomes of the bundle.
    _write(scratch / name, files)
    proof = prove(
        scratch / name,
        messages=inputs.messages,
        seed=inputs.seed,
        processes=inputs.processes,
        progress=listeners.progress,
    )
    windows = f"{proof.parity.windows:,} windows"
    listeners.say(f"proved: {proof.parity.messages:,} messages, {windows}, no difference")
    copy_sources(inputs.root, scratch / "sources", files)
    packages = _packages(build, scratch, listeners.say)
    made = provenance(
        files, source=source, versions=versions(inputs.root), proof=proof, prover=inputs.prover
    )
    listed = bill(
        *build.graphs(scratch / "sources"),
        parser=manifest.parser_name,
        parser_version=manifest.parser_version,
        files={each: hashlib.sha256(content).hexdigest() for each, content in files.items()},
    )
    contents = {
        f"{name}.tar.gz": archive_bytes(name, files),
        PROVENANCE_NAME: _json(made),
        SBOM_NAME: _json(listed),
    }
    return contents | {path.name: path.read_bytes() for path in packages}


def _packages(build: Builders, scratch: Path, say: Callable[[str], None]) -> tuple[Path, Path]:
    """The wheel, tried as its user would, and the crate."""
    sources = scratch / "sources"
    wheel = build.wheel(sources, scratch / "wheel")
    say(f"built: {wheel.name}, {wheel.stat().st_size:,} bytes")
    build.trial(wheel, scratch)
    say(f"tried: {wheel.name} in an empty environment, without a network")
    crate = build.crate(sources, scratch / "crate")
    say(f"built: {crate.name}, {crate.stat().st_size:,} bytes")
    return wheel, crate


def _write(directory: Path, contents: dict[str, bytes]) -> None:
    directory.mkdir(parents=True, exist_ok=True)
    for name, content in contents.items():
        (directory / name).write_bytes(content)


def _json(document: dict[str, Any]) -> bytes:
    return json.dumps(document, ensure_ascii=False, indent=2).encode() + b"\n"
