"""The create stage: a teacher writes a message as labelled pieces, or a transcript; spans are exact by construction."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from buzz_parser.contract.labels import SEGMENT_TYPES
from buzz_parser.data.assembly import Piece, assemble
from buzz_parser.data.records import Record, Span
from buzz_parser.data.teachers.checks import AnswerRejected, refuse_bad_segments, shortened
from buzz_parser.data.teachers.choose import choose
from buzz_parser.data.teachers.config import Settings
from buzz_parser.data.teachers.prompts import (
    EXAMPLE,
    answer_tokens,
    asked,
    create_messages,
    draw_brief,
)
from buzz_parser.data.teachers.tasks import Prompt, Stage, Task, task_id
from buzz_parser.data.transcripts import Transcript, TranscriptError, parse_transcripts, violations


@dataclass(frozen=True, kw_only=True)
class TaughtTranscript:
    """A transcript and the metadata that a record of it would have."""

    transcript: Transcript
    meta: Mapping[str, Any]


Created = Record | TaughtTranscript

_THINKING = re.compile(r"\s*<think>.*?</think>\s*(?=[{`=])", re.DOTALL)
_FENCE = re.compile(r"\s*```[a-z]*\n(.*?)\n?```\s*", re.DOTALL)
_EXAMPLE_TEXT = "".join(text for _, text in EXAMPLE)


def create_stage(settings: Settings, *, seed: int, count: int) -> Stage[Created]:
    """The stage that creates the messages and transcripts of the indices below `count` of a seed."""

    def prompt(index: int, temperature: float | None) -> Prompt:
        brief = draw_brief(seed, index, settings.transcript_share)
        return Prompt(
            messages=create_messages(brief),
            answer_tokens=answer_tokens(brief),
            temperature=temperature,
            json_only=brief.kind == "message",
        )

    def task(index: int) -> Task:
        teacher = choose(settings.teachers, seed, str(index), 1)[0]
        question = prompt(index, teacher.create_temperature)
        name = task_id(teacher, question, f"{seed}:{index}")
        return Task(id=name, teacher=teacher, item=index)

    def judge(task: Task, answer: str) -> Created:
        brief = draw_brief(seed, task.item, settings.transcript_share)
        meta = {
            "source": "teacher",
            "stage": "create",
            "teacher": task.teacher.name,
            "model": task.teacher.model,
            "seed": seed,
            "index": task.item,
            "asked": asked(brief),
        }
        if brief.kind == "transcript":
            return TaughtTranscript(transcript=read_transcript(answer, task.id), meta=meta)
        text, spans = read_pieces(answer)
        return Record(id=f"teacher-{task.id}", text=text, segments=spans, meta=meta)

    return Stage(
        tasks=tuple(task(index) for index in range(count)),
        prompt=lambda task: prompt(task.item, task.teacher.create_temperature),
        judge=judge,
    )


def read_pieces(answer: str) -> tuple[str, tuple[Span, ...]]:
    """Text and spans of an answer `{"segments": [{"label", "text"}, …]}`; raises `AnswerRejected`.

    Thinking in tags, a fence and words before the object are let pass, anything behind it is not.
    """
    text, spans = assemble(_pieces(_json_object(answer)))
    if text.split() == _EXAMPLE_TEXT.split():
        raise AnswerRejected("expected a message of your own, found the example")
    refuse_bad_segments(text, spans)
    return text, spans


def read_transcript(answer: str, task: str) -> Transcript:
    """The one transcript of an answer, its id made unique by the task's; raises `AnswerRejected`."""
    text = _unwrapped(answer).strip() + "\n"
    if not text.startswith("=== "):
        found = shortened(text.partition("\n")[0])
        raise AnswerRejected(f"expected a line that starts with '=== ' first, found {found}")
    try:
        transcripts = parse_transcripts(text, "answer")
    except TranscriptError as cause:
        raise AnswerRejected(str(cause)) from cause
    if len(transcripts) != 1:
        raise AnswerRejected(f"expected one transcript, found {len(transcripts)}")
    (transcript,) = transcripts
    for complaint in violations(transcript):
        raise AnswerRejected(complaint)
    if transcript.steps[0].kind != "user":
        raise AnswerRejected(f"expected a step 'user' first, found {transcript.steps[0].kind!r}")
    return replace(transcript, id=f"{transcript.id}-{task[:8]}")


def _json_object(answer: str) -> object:
    text = _unwrapped(answer)
    start = text.find("{")
    if start < 0:
        raise AnswerRejected(f"expected a JSON object, found {shortened(text)}")
    try:
        # Raw line breaks in strings are let pass: what they mean is plain.
        value, end = json.JSONDecoder(strict=False).raw_decode(text, start)
    except json.JSONDecodeError as cause:
        place = f"line {cause.lineno}, column {cause.colno}"
        raise AnswerRejected(
            f"expected valid JSON, found an error at {place}: {cause.msg}"
        ) from cause
    except (ValueError, RecursionError) as cause:
        raise AnswerRejected("expected valid JSON, found numbers or nesting without end") from cause
    behind = text[end:].strip()
    if behind not in ("", "```"):
        raise AnswerRejected(f"expected nothing behind the JSON object, found {shortened(behind)}")
    return value


def _unwrapped(answer: str) -> str:
    """An answer without thinking in tags before it and without the fence around all of it."""
    thinking = _THINKING.match(answer)
    if thinking:
        answer = answer[thinking.end() :]
    fence = _FENCE.fullmatch(answer)
    return fence[1] if fence else answer


def _pieces(value: object) -> list[Piece]:
    listed = value.get("segments") if isinstance(value, dict) else None
    if not isinstance(listed, list) or not listed:
        raise AnswerRejected('expected an object with the list "segments", found another')
    pieces = []
    for index, piece in enumerate(listed):
        label, text = (
            (piece.get("label"), piece.get("text")) if isinstance(piece, dict) else (None, None)
        )
        if not isinstance(label, str) or label not in (*SEGMENT_TYPES, "O"):
            expected = ", ".join((*SEGMENT_TYPES, "O"))
            found = shortened(str(label))
            raise AnswerRejected(f"segments[{index}].label: expected {expected}, found {found}")
        if not isinstance(text, str):
            found = type(text).__name__
            raise AnswerRejected(f"segments[{index}].text: expected a string, found {found}")
        pieces.append(Piece(None if label == "O" else label, text))
    return pieces
