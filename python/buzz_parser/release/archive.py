"""The archive of a bundle: a tar.gz whose bytes follow from the bundle's alone."""

import gzip
import io
import re
import tarfile
import zlib
from pathlib import Path

from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.contract.manifest import FILE_NAMES, MANIFEST_NAME
from buzz_parser.release.refusal import ReleaseError

BUNDLE_NAMES = (MANIFEST_NAME, *FILE_NAMES)
"""The files of a bundle; what else lies in its directory is never packed."""

COMPRESSION = 9
MAX_UNPACKED_BYTES = 2**31
NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._+-]*")


def bundle_bytes(path: Path) -> tuple[Bundle, dict[str, bytes]]:
    """A verified bundle and the bytes of its six files by name; raises `BundleError`."""
    bundle = read_bundle(path)
    return bundle, {MANIFEST_NAME: (path / MANIFEST_NAME).read_bytes(), **bundle.files}


def archive_name(bundle: Bundle) -> str:
    """The stem of a bundle's archive and its folder inside, such as `parser_v1-1.0.0`.

    Raises `ReleaseError` for a name or version that is no file name.
    """
    manifest = bundle.manifest
    for field, value in (("name", manifest.parser_name), ("version", manifest.parser_version)):
        if NAME.fullmatch(value) is None:
            raise ReleaseError(
                f"parser.{field}: expected letters, digits, '.', '_', '+', '-', found {value!r}"
            )
    return f"{manifest.parser_name}-{manifest.parser_version}"


def archive_bytes(folder: str, files: dict[str, bytes]) -> bytes:
    """The tar.gz of files in a folder: names sorted, no times, no owners, mode 0644; the same bytes twice.

    Twice on one machine: another zlib may compress to other bytes, of the same content.
    """
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(f"{folder}/{name}")
            entry.size = len(files[name])
            entry.mode = 0o644
            tar.addfile(entry, io.BytesIO(files[name]))
    compressed = io.BytesIO()
    with gzip.GzipFile(
        filename="", mode="wb", compresslevel=COMPRESSION, fileobj=compressed, mtime=0
    ) as stream:
        stream.write(packed.getvalue())
    return compressed.getvalue()


def unpack(content: bytes, directory: Path) -> Path:
    """Unpacks the archive of a bundle under `directory` and returns the bundle's own directory.

    Only the six files of a bundle in one folder are taken, so that no archive writes elsewhere. Raises
    `ReleaseError`.
    """
    files: dict[str, bytes] = {}
    folders = set()
    try:
        with tarfile.open(fileobj=io.BytesIO(content), mode="r:gz") as tar:
            for entry in tar:
                folder, _, name = entry.name.partition("/")
                if not entry.isreg() or name not in BUNDLE_NAMES or name in files:
                    raise ReleaseError(
                        f"archive: expected each file of a bundle once, found {entry.name!r}"
                    )
                stream = tar.extractfile(entry)
                if stream is None or entry.size > MAX_UNPACKED_BYTES:
                    raise ReleaseError(f"archive: {entry.name}: expected a file of bearable size")
                folders.add(folder)
                files[name] = stream.read()
    except (tarfile.TarError, EOFError, OSError, zlib.error) as cause:
        raise ReleaseError("archive: expected a tar.gz, found something else") from cause
    if len(folders) != 1 or NAME.fullmatch(next(iter(folders))) is None:
        raise ReleaseError(f"archive: expected one folder, found {sorted(folders)}")
    bundle = directory / folders.pop()
    bundle.mkdir(parents=True)
    for name, data in files.items():
        (bundle / name).write_bytes(data)
    return bundle
