"""`SHA256SUMS`, as `sha256sum --check` reads it, over every other file of a directory."""

import hashlib
import re
from pathlib import Path

SUMS_NAME = "SHA256SUMS"
LINE = re.compile(r"([0-9a-f]{64})  ([^/\\\n]+)")


def write_sums(directory: Path) -> Path:
    """Writes the sums of the files in a directory, sorted by name; returns the file's path."""
    names = sorted(path.name for path in directory.iterdir() if path.name != SUMS_NAME)
    path = directory / SUMS_NAME
    path.write_text("".join(f"{digest(directory / name)}  {name}\n" for name in names))
    return path


def sums_problems(directory: Path) -> list[str]:
    """What is wrong with the sums of a directory: bad lines, files that differ, are missing or not listed."""
    path = directory / SUMS_NAME
    if not path.is_file():
        return [f"{SUMS_NAME}: expected a file, found nothing"]
    problems: list[str] = []
    listed: set[str] = set()
    for number, line in enumerate(
        path.read_text(encoding="utf-8", errors="replace").splitlines(), 1
    ):
        match = LINE.fullmatch(line)
        if match is None or match[2] in listed or match[2] in (SUMS_NAME, ".", ".."):
            problems.append(
                f"{SUMS_NAME}:{number}: expected a SHA-256 and a new name, found {line!r}"
            )
            continue
        expected, name = match.groups()
        listed.add(name)
        if not (directory / name).is_file():
            problems.append(f"{name}: expected a file, found nothing")
        elif (found := digest(directory / name)) != expected:
            problems.append(f"{name}: expected SHA-256 {expected}, found {found}")
    present = {entry.name for entry in directory.iterdir()} - {SUMS_NAME}
    problems += [f"{name}: expected a line in {SUMS_NAME}" for name in sorted(present - listed)]
    return problems


def digest(path: Path) -> str:
    """The SHA-256 of a file as 64 lower-case hex digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
