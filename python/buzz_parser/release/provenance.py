"""The provenance of a release: what it was made from and with, how good it is, who proved it and when."""

import hashlib
import json
import platform
import re
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from buzz_parser import _rust
from buzz_parser.contract.manifest import FILE_NAMES, MANIFEST_NAME
from buzz_parser.reading.parser import ENGINE_NAMES
from buzz_parser.release.proof import Proof
from buzz_parser.release.refusal import ReleaseError

PROVENANCE_NAME = "provenance.json"
FORMAT = "buzz-provenance-1"
PACKAGES = ("buzz-parser", "maturin", "numpy", "onnxruntime", "tokenizers")


@dataclass(frozen=True, kw_only=True)
class Source:
    """The sources of a release: the commit, its time in seconds since 1970, paths that differ from it."""

    commit: str
    commit_time: int
    changed: tuple[str, ...]


def source_of(root: Path) -> Source:
    """The state of the repository at `root`; raises `ReleaseError` where there is none."""
    commit, time = run(["git", "log", "-1", "--format=%H %ct"], root).split()
    changed = run(["git", "status", "--porcelain=v1", "--no-renames"], root).splitlines()
    return Source(
        commit=commit,
        commit_time=int(time),
        changed=tuple(sorted(line[3:] for line in changed)),
    )


def versions(root: Path) -> dict[str, str]:
    """The versions of what builds and proves a release, by name; what is not installed is left out."""
    found = {
        "python": platform.python_version(),
        "rustc": run(["rustc", "--version"], root).strip(),
        "cargo": run(["cargo", "--version"], root).strip(),
    }
    for package in PACKAGES:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found


def run(command: list[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    """What a program prints; raises `ReleaseError` with its last words where it is missing or fails."""
    try:
        done = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, check=False
        )
    except OSError as cause:
        raise ReleaseError(f"{command[0]}: expected a program, found none") from cause
    if done.returncode:
        words = done.stderr.strip()[-2000:]
        raise ReleaseError(
            f"{' '.join(command)}: expected success, found {done.returncode}: {words}"
        )
    return done.stdout


def provenance(
    files: Mapping[str, bytes],
    *,
    source: Source,
    versions: Mapping[str, str],
    proof: Proof,
    prover: str,
) -> dict[str, Any]:
    """The provenance of a bundle's files by name; training, data and metrics are the manifest's own."""
    manifest = json.loads(files[MANIFEST_NAME])
    return {
        "format": FORMAT,
        "source": asdict(source),
        "versions": dict(versions),
        "parser": manifest["parser"]
        | {
            "files": {
                name: {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
                for name, content in sorted(files.items())
            }
        },
        "training": manifest.get("provenance", {}),
        "metrics": manifest.get("metrics", {}),
        "proof": {
            "prover": prover,
            "platform": f"{platform.system()} {_rust.instruction_set()}",
            **asdict(proof),
        },
    }


def provenance_problems(document: object, files: Mapping[str, bytes]) -> list[str]:
    """What is wrong with a provenance document of a bundle's files: its form, its hashes, its proof."""
    if not isinstance(document, dict) or document.get("format") != FORMAT:
        return [f"{PROVENANCE_NAME}: format: expected {FORMAT!r}"]
    expected: dict[str, type[object]] = {
        "source.commit": str,
        "source.changed": list,
        "versions.buzz-parser": str,
        "versions.onnxruntime": str,
        "versions.rustc": str,
        "training": dict,
        "metrics": dict,
        "proof.prover": str,
        "proof.finished": str,
        "proof.golden": list,
        "proof.parity.messages": int,
        "proof.parity.windows": int,
        "proof.parity.differences": int,
        "proof.parity.seconds": float,
    }
    problems = [
        f"{PROVENANCE_NAME}: {path}: expected {kind.__name__}, found {found!r:.60}"
        for path, kind in expected.items()
        if not isinstance(found := _at(document, path), kind)
    ]
    if problems:
        return problems
    return _hash_problems(document, files) + _proof_problems(document)


def _hash_problems(document: dict[str, Any], files: Mapping[str, bytes]) -> list[str]:
    problems = []
    for name in (MANIFEST_NAME, *FILE_NAMES):
        found = _at(document, "parser.files")
        stated = found.get(name) if isinstance(found, dict) else None
        sha256 = hashlib.sha256(files[name]).hexdigest()
        if stated != {"size": len(files[name]), "sha256": sha256}:
            problems.append(
                f"{PROVENANCE_NAME}: parser.files.{name}: expected {len(files[name])} bytes "
                f"of SHA-256 {sha256}, found {stated}"
            )
    manifest = json.loads(files[MANIFEST_NAME])
    for field, key in (("training", "provenance"), ("metrics", "metrics")):
        if document[field] != manifest.get(key, {}):
            problems.append(f"{PROVENANCE_NAME}: {field}: expected what the manifest says")
    return problems


def _proof_problems(document: dict[str, Any]) -> list[str]:
    problems = []
    if re.fullmatch(r"[0-9a-f]{40}([0-9a-f]{24})?", document["source"]["commit"]) is None:
        problems.append(f"{PROVENANCE_NAME}: source.commit: expected 40 or 64 hex digits")
    proof = document["proof"]
    engines = [run.get("engine") if isinstance(run, dict) else None for run in proof["golden"]]
    if sorted(map(str, engines)) != sorted(ENGINE_NAMES):
        problems.append(f"{PROVENANCE_NAME}: proof.golden: expected both engines, found {engines}")
    parity = proof["parity"]
    if parity["messages"] < 1 or parity["windows"] < 1 or parity["differences"] != 0:
        problems.append(
            f"{PROVENANCE_NAME}: proof.parity: expected messages without a difference, "
            f"found {parity['messages']} with {parity['differences']}"
        )
    return problems


def _at(document: object, path: str) -> object:
    """The value at a dotted path, `None` where there is none."""
    for key in path.split("."):
        document = document.get(key) if isinstance(document, dict) else None
    return document
