"""The generate stage: records to a JSONL or Arrow file, by several processes, the same bytes for any number.

Records are made in chunks of `CHUNK` consecutive numbers. Whoever makes a chunk, it is written in its place.
"""

import multiprocessing
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from buzz_parser.data.enrich import Source
from buzz_parser.data.files import replaced
from buzz_parser.data.generate import GeneratorConfig, generate, generator_config, load_source
from buzz_parser.data.records import record_to_json

CHUNK = 250
"""Records that one process makes at a time; memory holds some chunks, however many are asked for."""


@dataclass(frozen=True, kw_only=True)
class Work:
    """What a process needs: a configuration in plain values, and the format."""

    config: dict[str, Any]
    as_arrow: bool


_LOADED: dict[str, Any] = {}
"""What a process of the pool has loaded, once, before its first chunk."""


def write_generated(
    config: GeneratorConfig,
    count: int,
    path: Path,
    *,
    processes: int = 1,
    progress: Callable[[int], None] = lambda _: None,
) -> Path:
    """Writes records 0 to `count` of a configuration to `path`, at once or not at all.

    A name that ends in `.arrow` makes it an Arrow stream. `progress` is told how many records are written.
    Raises `TranscriptError`.
    """
    source = load_source(config.split, config.transcripts)
    work = Work(config=asdict(config), as_arrow=path.suffix == ".arrow")
    chunks = [range(start, min(start + CHUNK, count)) for start in range(0, count, CHUNK)]
    payloads: Iterator[bytes]
    if processes == 1:
        payloads = (_payload(config, source, numbers, as_arrow=work.as_arrow) for numbers in chunks)
    else:
        payloads = _by_processes(work, chunks, processes)
    told = _told(payloads, chunks, progress)
    if work.as_arrow:
        _write_arrow(path, told)
    else:
        with replaced(path) as file:
            file.writelines(told)
    return path


def _payload(config: GeneratorConfig, source: Source, numbers: range, *, as_arrow: bool) -> bytes:
    """Some records as they go to the file: lines of JSON, or one Arrow batch."""
    records = generate(config, source, numbers.start, len(numbers))
    if not as_arrow:
        return "".join(record_to_json(record) + "\n" for record in records).encode()
    # pyarrow, which nothing that writes JSONL needs.
    from buzz_parser.data.interchange.arrow import batch_of  # noqa: PLC0415

    payload: bytes = batch_of(list(records)).serialize().to_pybytes()
    return payload


def _by_processes(work: Work, chunks: Sequence[range], processes: int) -> Iterator[bytes]:
    # Spawned, not forked: the thread of a progress bar may hold a lock that a forked child would wait for.
    context = multiprocessing.get_context("spawn")
    waiting: deque[Future[bytes]] = deque()
    with ProcessPoolExecutor(
        min(processes, len(chunks) or 1), mp_context=context, initializer=_load, initargs=(work,)
    ) as pool:
        try:
            for numbers in chunks:
                # A bounded number of chunks in flight: the pool would else run ahead of the disk.
                waiting.append(pool.submit(_work, numbers))
                if len(waiting) > 3 * processes:
                    yield waiting.popleft().result()
            while waiting:
                yield waiting.popleft().result()
        finally:
            pool.shutdown(cancel_futures=True)


def _load(work: Work) -> None:
    config = generator_config(work.config)
    source = load_source(config.split, config.transcripts)
    _LOADED.update(config=config, source=source, as_arrow=work.as_arrow)


def _work(numbers: range) -> bytes:
    return _payload(_LOADED["config"], _LOADED["source"], numbers, as_arrow=_LOADED["as_arrow"])


def _told(
    payloads: Iterator[bytes], chunks: Sequence[range], progress: Callable[[int], None]
) -> Iterator[bytes]:
    for payload, numbers in zip(payloads, chunks, strict=True):
        yield payload
        progress(numbers.stop)


def _write_arrow(path: Path, payloads: Iterator[bytes]) -> None:
    import pyarrow as arrow  # type: ignore[import-untyped]  # noqa: PLC0415

    from buzz_parser.data.interchange.arrow import schema, write_batches  # noqa: PLC0415

    columns = schema()
    write_batches(path, (arrow.ipc.read_record_batch(payload, columns) for payload in payloads))
