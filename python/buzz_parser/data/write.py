"""The generate stage: records to a JSONL file, by several processes, the same bytes for any number of them."""

import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path

from buzz_parser.data.enrich import Source
from buzz_parser.data.generate import GeneratorConfig, generate, generator_config, load_source
from buzz_parser.data.records import record_to_json

CHUNK = 500
"""Records that one process makes at a time; memory holds some chunks, however many are asked for."""

_SOURCES: dict[str, Source] = {}
"""What a process has loaded; written once a process and split, never changed."""


def write_generated(
    config: GeneratorConfig,
    count: int,
    path: Path,
    *,
    processes: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> Path:
    """Writes records 0 to `count` of a configuration to `path`, at once or not at all.

    `progress` is told how many records are written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
            written = 0
            for lines in _chunks(config, count, processes):
                file.writelines(lines)
                written += len(lines)
                progress(written)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return path


def _chunks(config: GeneratorConfig, count: int, processes: int) -> Iterator[list[str]]:
    starts = range(0, count, CHUNK)
    sizes = [min(CHUNK, count - start) for start in starts]
    plain = asdict(config)
    if processes == 1:
        for start, size in zip(starts, sizes, strict=True):
            yield _lines(plain, start, size)
        return
    with ProcessPoolExecutor(processes) as pool:
        # A bounded number of chunks in flight: the pool would else run ahead of the disk.
        waiting = []
        for start, size in zip(starts, sizes, strict=True):
            waiting.append(pool.submit(_lines, plain, start, size))
            if len(waiting) > 2 * processes:
                yield waiting.pop(0).result()
        for future in waiting:
            yield future.result()


def _lines(plain: dict[str, object], start: int, size: int) -> list[str]:
    config = generator_config(plain)
    if config.split not in _SOURCES:
        _SOURCES[config.split] = load_source(config.split)
    records = generate(config, _SOURCES[config.split], start, size)
    return [record_to_json(record) + "\n" for record in records]
