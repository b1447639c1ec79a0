"""Reading a bundle: every byte verified before anything is loaded, the twin of `rust_check/src/bundle.rs`."""

import errno
import hashlib
import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass

from buzz_parser import errors
from buzz_parser.contract.labels import LABEL_MAP_SHA256
from buzz_parser.contract.manifest import FILE_NAMES, MANIFEST_NAME, Manifest, parse_manifest

MAX_MANIFEST_BYTES = 1_048_576


@dataclass(frozen=True, kw_only=True)
class Bundle:
    """A verified bundle in memory: its path as given, its manifest, the bytes of its other files."""

    path: str
    manifest: Manifest
    files: Mapping[str, bytes]

    def file_path(self, name: str) -> str:
        """A file's path as messages show it."""
        return f"{self.path}/{name}"


def read_bundle(path: str | os.PathLike[str]) -> Bundle:
    """Reads and verifies the bundle at `path` (docs/contract.md, section 1, steps 1 to 7).

    Raises `BundleError`. What was hashed is what the returned bundle holds.
    """
    bundle = os.fspath(path)
    check_directory(bundle)
    manifest_path = f"{bundle}/{MANIFEST_NAME}"
    manifest = parse_manifest(manifest_path, read_manifest_bytes(manifest_path))
    files = {}
    for name in FILE_NAMES:
        entry = manifest.files[name]
        files[name] = read_file(f"{bundle}/{name}", entry.size, entry.sha256)
    found = hashlib.sha256(files["label_map.json"]).hexdigest()
    if found != LABEL_MAP_SHA256:
        raise errors.label_map_differs(f"{bundle}/label_map.json", LABEL_MAP_SHA256, found)
    return Bundle(path=bundle, manifest=manifest, files=files)


def check_directory(bundle: str) -> None:
    """Refuses a path that is not a directory."""
    try:
        mode = os.stat(bundle).st_mode
    except OSError as cause:
        if cause.errno in (errno.ENOENT, errno.ENOTDIR):
            raise errors.bundle_missing(bundle) from cause
        raise errors.file_unreadable(bundle) from cause
    except ValueError as cause:  # a NUL character in the path
        raise errors.file_unreadable(bundle) from cause
    if not stat.S_ISDIR(mode):
        raise errors.bundle_not_directory(bundle)


def regular_file_size(path: str) -> int:
    """The size of a regular file in bytes; raises `BundleError` if there is none."""
    try:
        status = os.stat(path)
    except OSError as cause:
        if cause.errno in (errno.ENOENT, errno.ENOTDIR):
            raise errors.file_missing(path) from cause
        raise errors.file_unreadable(path) from cause
    if not stat.S_ISREG(status.st_mode):
        raise errors.file_not_regular(path)
    return status.st_size


def read_manifest_bytes(path: str) -> bytes:
    """The manifest's bytes, if it is a file of bearable size."""
    size = regular_file_size(path)
    if size > MAX_MANIFEST_BYTES:
        raise errors.file_size(path, f"at most {MAX_MANIFEST_BYTES}", size)
    return _read(path)


def read_file(path: str, size: int, sha256: str) -> bytes:
    """A file's bytes, if their number and their SHA-256 are those stated."""
    found_size = regular_file_size(path)
    if found_size != size:
        raise errors.file_size(path, str(size), found_size)
    content = _read(path)
    found = hashlib.sha256(content).hexdigest()
    if found != sha256:
        raise errors.file_hash(path, sha256, found)
    return content


def _read(path: str) -> bytes:
    try:
        with open(path, "rb") as file:
            return file.read()
    except OSError as cause:
        raise errors.file_unreadable(path) from cause
