"""The edits of `fixtures/errors.json`: how to break a copy of the tiny bundle, the twin of the Rust tests' own."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

from tests.conftest import FIXTURES, TINY


def broken_bundle(case: dict[str, Any], folder: Path) -> Path:
    """A copy of the tiny bundle in `folder`, edited as a case says; returns the path to load."""
    bundle = folder / "bundle"
    shutil.copytree(TINY, bundle)
    for edit in case["edits"]:
        EDITS[edit["op"]](bundle, edit)
    return bundle / case["path"] if "path" in case else bundle


def _remove(bundle: Path, edit: dict[str, Any]) -> None:
    (bundle / edit["file"]).unlink(missing_ok=True)


def _write(bundle: Path, edit: dict[str, Any]) -> None:
    content = edit["text"].encode() * edit.get("repeat", 1)
    (bundle / edit["file"]).write_bytes(content)


def _write_hex(bundle: Path, edit: dict[str, Any]) -> None:
    (bundle / edit["file"]).write_bytes(bytes.fromhex(edit["hex"]))


def _copy(bundle: Path, edit: dict[str, Any]) -> None:
    shutil.copyfile(FIXTURES / edit["source"], bundle / edit["file"])


def _directory(bundle: Path, edit: dict[str, Any]) -> None:
    _remove(bundle, edit)
    (bundle / edit["file"]).mkdir()


def _symlink_loop(bundle: Path, edit: dict[str, Any]) -> None:
    _remove(bundle, edit)
    (bundle / edit["file"]).symlink_to(edit["file"])


def _rehash(bundle: Path, edit: dict[str, Any]) -> None:
    """Makes the manifest state the size and hash that the file has now."""
    content = (bundle / edit["file"]).read_bytes()
    entry = {"size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
    _set(bundle, {"pointer": f"/files/{edit['file']}", "value": entry})


def _set(bundle: Path, edit: dict[str, Any]) -> None:
    def change(parent: Any, key: str | int) -> None:
        parent[key] = edit["value"]

    _edit_json(bundle / edit.get("file", "contract.json"), edit["pointer"], change)


def _unset(bundle: Path, edit: dict[str, Any]) -> None:
    def change(parent: Any, key: str | int) -> None:
        del parent[key]

    _edit_json(bundle / "contract.json", edit["pointer"], change)


def _add_row(bundle: Path, edit: dict[str, Any]) -> None:
    """Appends a copy of the last element to an array."""

    def change(parent: Any, key: str | int) -> None:
        parent[key].append(parent[key][-1])

    _edit_json(bundle / "contract.json", edit["pointer"], change)


def _edit_json(path: Path, pointer: str, change: Any) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    *parents, last = pointer.split("/")[1:]
    parent = document
    for key in parents:
        parent = parent[int(key) if isinstance(parent, list) else key]
    change(parent, int(last) if isinstance(parent, list) else last)
    path.write_text(json.dumps(document), encoding="utf-8")


EDITS = {
    "remove": _remove,
    "write": _write,
    "write_hex": _write_hex,
    "copy": _copy,
    "directory": _directory,
    "symlink_loop": _symlink_loop,
    "rehash": _rehash,
    "set": _set,
    "unset": _unset,
    "add_row": _add_row,
}
