"""The fixture corpus: named messages with gold segments, one JSON object a line."""

import json
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, kw_only=True)
class Case:
    """One message; `segments` (type, start, end in characters) is `None` where no gold is certain."""

    name: str
    text: str
    segments: list[tuple[str, int, int]] | None
    tags: list[str]
    source: str


def read_corpus(folder: Path) -> list[Case]:
    """The cases of all `*.jsonl` files of a folder, by file name, in order."""
    return [
        read_case(line)
        for path in sorted(folder.glob("*.jsonl"))
        for line in path.read_bytes().split(b"\n")
        if line
    ]


def read_case(line: bytes) -> Case:
    """One case of the corpus."""
    raw = json.loads(line)
    gold = raw["segments"]
    return Case(
        name=raw["name"],
        text=raw["text"],
        segments=None if gold is None else [(s["label"], s["start"], s["end"]) for s in gold],
        tags=raw["tags"],
        source=raw["source"],
    )
