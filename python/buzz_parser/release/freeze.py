"""Writing a bundle: hashed, checked against the schema, read back, and in place at once or not at all."""

import contextlib
import hashlib
import importlib.resources
import json
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
from numpy.typing import NDArray

from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.contract.manifest import (
    FILE_NAMES,
    FORMAT_MAJOR,
    MANIFEST_NAME,
    Recorded,
    Tolerance,
    parse_manifest,
    score_to_hex,
)
from buzz_parser.contract.windows import ControlTokens, WindowParameters
from buzz_parser.parity import golden
from buzz_parser.reading.reference import ReferenceEngine

SCHEMA_RESOURCE = "contract.schema.json"


@dataclass(frozen=True, kw_only=True)
class Draft:
    """All that a bundle is made of, before its golden file is recorded and its hashes are known."""

    parser_name: str
    parser_version: str
    label_map: bytes
    tokenizer: bytes
    model: bytes
    card: bytes
    window: WindowParameters
    tokens: ControlTokens
    transitions: NDArray[np.float64]
    text_bytes: int
    disable_quant_qdq: bool
    recorded: Recorded
    tolerance: Tolerance
    provenance: Mapping[str, Any]
    metrics: Mapping[str, Any]


def manifest_bytes(draft: Draft, files: Mapping[str, bytes]) -> bytes:
    """The `contract.json` of a draft with the bytes of the other files."""
    rows = draft.transitions
    manifest = {
        "format_version": f"{FORMAT_MAJOR}.0",
        "parser": {"name": draft.parser_name, "version": draft.parser_version},
        "files": {
            name: {"size": len(files[name]), "sha256": hashlib.sha256(files[name]).hexdigest()}
            for name in FILE_NAMES
        },
        "window": asdict(draft.window),
        "tokens": asdict(draft.tokens),
        "transitions": [
            [score_to_hex(score) if np.isfinite(score) else None for score in row] for row in rows
        ],
        "limits": {"text_bytes": draft.text_bytes},
        "session": {"disable_quant_qdq": draft.disable_quant_qdq},
        "recorded": asdict(draft.recorded),
        "tolerance": asdict(draft.tolerance),
        "provenance": dict(draft.provenance),
        "metrics": dict(draft.metrics),
    }
    jsonschema.validate(manifest, manifest_schema())
    return json.dumps(manifest, ensure_ascii=False, indent=2).encode() + b"\n"


def manifest_schema() -> dict[str, Any]:
    """The JSON Schema of `contract.json`."""
    contract = importlib.resources.files("buzz_parser.contract")
    schema: dict[str, Any] = json.loads((contract / SCHEMA_RESOURCE).read_text(encoding="utf-8"))
    return schema


def freeze(draft: Draft, golden_cases: list[tuple[str, str]], directory: Path) -> Bundle:
    """Records the golden cases (name, text) with the draft itself and writes the bundle to `directory`.

    A bundle that is there is replaced in one step; if anything fails, it stays as it was and nothing new is
    left behind. Returns the bundle as read back.
    """
    files = {
        "label_map.json": draft.label_map,
        "tokenizer.json": draft.tokenizer,
        "model.onnx": draft.model,
        "golden.jsonl": b"",
        "README.md": draft.card,
    }
    unrecorded = parse_manifest(MANIFEST_NAME, manifest_bytes(draft, files))
    engine = ReferenceEngine(Bundle(path=str(directory), manifest=unrecorded, files=files))
    files["golden.jsonl"] = golden.record(engine, golden_cases)
    directory.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=directory.parent, prefix=".freeze-") as scratch:
        written = Path(scratch) / "bundle"
        written.mkdir()
        for name, content in files.items():
            (written / name).write_bytes(content)
        (written / MANIFEST_NAME).write_bytes(manifest_bytes(draft, files))
        read_bundle(written)
        put_in_place(written, directory, Path(scratch) / "replaced")
    return read_bundle(directory)


def put_in_place(written: Path, directory: Path, replaced: Path) -> None:
    """Moves a folder to the place of another, which goes to `replaced`, or on failure back where it was."""
    with contextlib.suppress(FileNotFoundError):
        directory.rename(replaced)
    try:
        written.rename(directory)
    except OSError:
        if replaced.exists():
            shutil.move(replaced, directory)
        raise
