"""Verifying a release on the user's side: every promise looked at again, with nothing but the release."""

import hashlib
import json
import re
import tarfile
import tempfile
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from buzz_parser.errors import BuzzError
from buzz_parser.reading.default import DEFAULT_NAME
from buzz_parser.reading.parser import ENGINE_NAMES
from buzz_parser.release.archive import BUNDLE_NAMES, archive_name, bundle_bytes, unpack
from buzz_parser.release.proof import golden_proof
from buzz_parser.release.provenance import PROVENANCE_NAME, provenance_problems
from buzz_parser.release.refusal import ReleaseError
from buzz_parser.release.sbom import SBOM_NAME, bill_problems
from buzz_parser.release.sums import sums_problems

PATTERNS = ("*.tar.gz", "*.whl", "*.crate", PROVENANCE_NAME, SBOM_NAME)
WHEEL_FOLDER = f"buzz_parser/{DEFAULT_NAME}"


def verify_release(directory: Path) -> list[str]:
    """What is wrong with the release in a directory; an empty list where all of it holds.

    Sums; the archive's bundle, read and its golden file run by both engines; the same bundle in the wheel;
    the crate; provenance and bill of materials, and that all of them speak of the same parser and versions.
    """
    if not directory.is_dir():
        return [f"{directory}: expected the directory of a release, found none"]
    problems = sums_problems(directory)
    found: dict[str, Path] = {}
    for pattern in PATTERNS:
        paths = sorted(directory.glob(pattern))
        if len(paths) == 1:
            found[pattern] = paths[0]
        else:
            problems.append(f"{pattern}: expected one file, found {len(paths)}")
    made = _document(found.get(PROVENANCE_NAME), problems)
    listed = _document(found.get(SBOM_NAME), problems)
    files: dict[str, bytes] = {}
    if "*.tar.gz" in found:
        files, more = archive_problems(found["*.tar.gz"])
        problems += more
    if files:
        problems += provenance_problems(made, files)
        if "*.whl" in found:
            problems += wheel_problems(found["*.whl"], files)
    problems += bill_problems(listed)
    if "*.crate" in found:
        problems += crate_problems(found["*.crate"])
    return problems + _version_problems(found, made)


def archive_problems(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """The bundle's files in an archive, none if it has no bundle that reads, and what is wrong with it."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            place = unpack(path.read_bytes(), Path(scratch))
            bundle, files = bundle_bytes(place)
            name = archive_name(bundle)
        except (ReleaseError, BuzzError) as error:
            return {}, [f"{path.name}: {str(error).removeprefix(f'{scratch}/')}"]
        problems = []
        if {place.name, path.name.removesuffix(".tar.gz")} != {name}:
            problems.append(f"{path.name}: expected the bundle {name}, found {place.name}")
        for engine in ENGINE_NAMES:
            try:
                golden_proof(bundle, place, engine)
            except (ReleaseError, BuzzError) as error:
                problems.append(f"{path.name}: {error}")
    return files, problems


def wheel_problems(path: Path, files: Mapping[str, bytes]) -> list[str]:
    """Whether a wheel holds exactly these files as its default parser."""
    try:
        with zipfile.ZipFile(path) as wheel:
            inside = {
                name.removeprefix(f"{WHEEL_FOLDER}/"): wheel.read(name)
                for name in wheel.namelist()
                if name.startswith(f"{WHEEL_FOLDER}/") and not name.endswith("/")
            }
    except (zipfile.BadZipFile, zlib.error, OSError) as error:
        return [f"{path.name}: expected a wheel, found something else: {error}"]
    expected = {name: hashlib.sha256(files[name]).hexdigest() for name in BUNDLE_NAMES}
    found = {name: hashlib.sha256(content).hexdigest() for name, content in inside.items()}
    return [
        f"{path.name}: {WHEEL_FOLDER}/{name}: expected {_shown(expected.get(name))}, "
        f"found {_shown(found.get(name))}"
        for name in sorted({*expected, *found})
        if expected.get(name) != found.get(name)
    ]


def _shown(sha256: str | None) -> str:
    return "nothing" if sha256 is None else f"SHA-256 {sha256}"


def crate_problems(path: Path) -> list[str]:
    """Whether a crate's package opens and holds the manifest and the library that its name promises."""
    stem = path.name.removesuffix(".crate")
    try:
        with tarfile.open(path, mode="r:gz") as crate:
            names = set(crate.getnames())
    except (tarfile.TarError, EOFError, OSError, zlib.error) as error:
        return [f"{path.name}: expected a crate's package, found something else: {error}"]
    wanted = (f"{stem}/Cargo.toml", f"{stem}/src/lib.rs")
    return [
        f"{path.name}: {name}: expected a file, found none" for name in wanted if name not in names
    ]


def _document(path: Path | None, problems: list[str]) -> Any:
    if path is None:
        return None
    try:
        return json.loads(path.read_bytes())
    except ValueError:
        problems.append(f"{path.name}: expected JSON, found something else")
        return None


def _version_problems(found: Mapping[str, Path], made: Any) -> list[str]:
    """Whether wheel and crate are of the version that the provenance states."""
    stated = made.get("versions") if isinstance(made, dict) else None
    version = stated.get("buzz-parser") if isinstance(stated, dict) else None
    if not isinstance(version, str):
        return []  # said by the provenance's own check
    names = {"*.whl": rf"buzz_parser-{re.escape(version)}-.+\.whl"}
    names["*.crate"] = rf"buzz-{re.escape(version)}\.crate"
    return [
        f"{found[pattern].name}: expected version {version}"
        for pattern, name in names.items()
        if pattern in found and re.fullmatch(name, found[pattern].name) is None
    ]
