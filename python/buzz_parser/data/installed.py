"""Real long files: the text files that stand beside this Python, as agents read them.

They differ from machine to machine, so what holds them is the same only in the same environment. No share
of them is on unless a configuration says so.
"""

import os
import sysconfig
from functools import cache
from pathlib import Path
from random import Random

_CODE = (".py", ".pyi", ".pyx", ".c", ".h", ".hpp", ".cuh", ".js", ".css", ".sh", ".proto")
_PROSE = (".html", ".md", ".rst", ".txt")
_DATA = (".json", ".toml", ".yaml", ".yml", ".cfg", ".xml", ".csv")
SUFFIXES = frozenset((*_CODE, *_PROSE, *_DATA))
LEAST_BYTES, MOST_BYTES = 1_500, 400_000
MOST_LINE = 400
"""Characters of a line, at most, in a file that people read."""

TRIES = 20

OWN = __name__.partition(".")[0]
"""This package's folder, which holds the transcripts of every split."""


def excerpt(rng: Random, size: int, suffix: str = "") -> str | None:
    """Some `size` characters of whole lines of an installed file, from its start or its middle.

    With a suffix, of a file whose name ends so; `None` where some tries found none.
    """
    for _ in range(TRIES):
        path = rng.choice(rng.choice(_packages()))
        if not path.name.endswith(suffix):
            continue
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            continue
        first = 0 if rng.random() < 0.5 else rng.randrange(len(lines) or 1)
        found: list[str] = []
        length = 0
        for line in lines[first:]:
            if length >= size or len(line) > MOST_LINE:
                break
            found.append(line)
            length += len(line) + 1
        if length >= min(size, LEAST_BYTES // 2):
            return "\n".join(found).strip()
    return None


@cache
def _packages() -> tuple[tuple[Path, ...], ...]:
    """The files by package, so that a package of many files is not most of what is read."""
    found: dict[str, list[Path]] = {}
    for scheme in ("stdlib", "purelib"):
        root = Path(sysconfig.get_path(scheme))
        for folder, names, files in os.walk(root):
            names[:] = sorted(
                name
                for name in names
                if name not in ("__pycache__", "site-packages", "dist-packages", OWN)
            )
            parts = Path(folder).relative_to(root).parts
            package = found.setdefault("/".join((scheme, *parts[:1])), [])
            for name in sorted(files):
                path = Path(folder, name)
                if path.suffix in SUFFIXES and LEAST_BYTES <= path.stat().st_size <= MOST_BYTES:
                    package.append(path)
    return tuple(tuple(paths) for _, paths in sorted(found.items()) if paths)
