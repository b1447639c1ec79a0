"""Label Studio: tasks with the segments as pre-annotations out, what a person made of them in.

Offsets are code points, as newer versions store them. Older ones counted UTF-16 units, which is noticed where
a region tells its own text.
"""

import json
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.files import replaced
from buzz_parser.data.interchange.lines import InterchangeError, Rejects, checked
from buzz_parser.data.interchange.words import tidied
from buzz_parser.data.records import Record, Span

_COLOURS = ("#9b59b6", "#27ae60", "#2980b9", "#d68910")


def label_config() -> str:
    """The labelling interface that fits the tasks, for a project's settings."""
    labels = "\n".join(
        f'    <Label value="{label}" background="{colour}" hotkey="{number}"/>'
        for number, (label, colour) in enumerate(zip(SEGMENT_TYPES, _COLOURS, strict=True), start=1)
    )
    return (
        f'<View>\n  <Labels name="label" toName="text">\n{labels}\n  </Labels>\n'
        '  <Text name="text" value="$text" granularity="symbol"/>\n</View>\n'
    )


def write_label_studio(path: Path, records: Iterable[Record], *, model: str = "buzz-parser") -> int:
    """Writes a JSON list of tasks; `model` is the name that the pre-annotations go by. Returns how many."""
    count = 0
    with replaced(path) as file:
        for record in records:
            task = json.dumps(_task(record, model), ensure_ascii=False)
            file.write((",\n" if count else "[\n").encode() + task.encode())
            count += 1
        file.write(b"\n]\n" if count else b"[]\n")
    return count


def read_label_studio(path: Path, rejects: Rejects) -> list[Record]:
    """The messages of an export with what persons marked: trimmed, in order, neighbouring prose merged.

    Tasks without a finished annotation, or with several that differ, are rejects.
    """
    try:
        tasks = json.loads(path.read_bytes())
    except (ValueError, RecursionError) as cause:
        raise InterchangeError(f"{path}: expected a JSON list of tasks, found {cause}") from cause
    if not isinstance(tasks, list):
        found = type(tasks).__name__
        raise InterchangeError(f"{path}: expected a JSON list of tasks, found {found}")
    records = []
    for number, task in enumerate(tasks, start=1):
        try:
            records.append(_record(task, f"{path.stem}-{number}"))
        except ValueError as error:
            rejects.add(f"task {number}", error, json.dumps(task, ensure_ascii=False))
    return records


def _task(record: Record, model: str) -> dict[str, Any]:
    result = [
        {
            "id": f"segment-{index}",
            "from_name": "label",
            "to_name": "text",
            "type": "labels",
            "value": {
                "start": span.start,
                "end": span.end,
                "text": record.text[span.start : span.end],
                "labels": [span.label],
            },
        }
        for index, span in enumerate(record.segments)
    ]
    return {
        "data": {"text": record.text, "id": record.id, "meta": dict(record.meta)},
        "predictions": [{"model_version": model, "result": result}],
    }


def _record(task: Any, identity: str) -> Record:
    data = task.get("data") if isinstance(task, dict) else None
    if not isinstance(data, dict) or not isinstance(data.get("text"), str):
        raise InterchangeError("data.text: expected a string, found none")
    text, meta = data["text"], data.get("meta", {})
    if not isinstance(meta, dict):
        raise InterchangeError(f"data.meta: expected an object, found {type(meta).__name__}")
    own = task.get("annotations")
    finished = [
        one
        for one in (own if isinstance(own, list) else [])
        if isinstance(one, dict) and not one.get("was_cancelled")
    ]
    if not finished:
        raise InterchangeError("annotations: expected one that is finished, found none")
    readings = {_spans(text, annotation.get("result")) for annotation in finished}
    if len(readings) > 1:
        found = f"{len(finished)} that differ"
        raise InterchangeError(f"annotations: expected one, or several that agree, found {found}")
    people = [str(one["completed_by"]) for one in finished if "completed_by" in one]
    noted = {**meta, "annotators": people} if people else meta
    return checked(
        Record(id=str(data.get("id") or identity), text=text, segments=readings.pop(), meta=noted)
    )


def _spans(text: str, result: Any) -> tuple[Span, ...]:
    if not isinstance(result, list):
        raise InterchangeError(f"result: expected a list, found {type(result).__name__}")
    regions = [
        region for region in result if isinstance(region, dict) and region.get("type") == "labels"
    ]
    drawn = [_region(index, region.get("value")) for index, region in enumerate(regions)]
    return tidied(text, _placed(text, drawn))


def _region(index: int, value: Any) -> tuple[Span, str | None]:
    where = f"result[{index}].value"
    if not isinstance(value, dict):
        raise InterchangeError(f"{where}: expected an object, found {type(value).__name__}")
    labels = value.get("labels")
    if not isinstance(labels, list) or len(labels) != 1 or not isinstance(labels[0], str):
        raise InterchangeError(f"{where}.labels: expected one, found {labels!r}")
    for key in ("start", "end"):
        if not isinstance(value.get(key), int):
            raise InterchangeError(f"{where}.{key}: expected an integer, found {value.get(key)!r}")
    said = value.get("text")
    return Span(labels[0], value["start"], value["end"]), said if isinstance(said, str) else None


def _placed(text: str, drawn: Sequence[tuple[Span, str | None]]) -> list[Span]:
    """The spans in code points, whichever unit they were counted in."""
    if all(
        said is None or (span.end <= len(text) and _says(text[span.start : span.end], said))
        for span, said in drawn
    ):
        return [span for span, _ in drawn]
    points = [0]
    for index, character in enumerate(text):
        points += [index + 1] * (2 if ord(character) > 0xFFFF else 1)
    found = []
    for index, (span, said) in enumerate(drawn):
        if span.end >= len(points) or span.start < 0:
            bounds = f"[{span.start}, {span.end})"
            raise InterchangeError(f"result[{index}]: expected bounds in the text, found {bounds}")
        moved = Span(span.label, points[span.start], points[span.end])
        if not _says(text[moved.start : moved.end], said):
            raise InterchangeError(
                f"result[{index}]: expected the text {str(said)[:40]!r}, "
                f"found {text[span.start : span.end][:40]!r}"
            )
        found.append(moved)
    return found


def _says(found: str, said: str | None) -> bool:
    # Regions may tell the line breaks of their text as `\n` in two characters.
    return said is None or found == said or found == said.replace("\\n", "\n")
