"""What is to be asked: one task a question to one teacher, known by what it asks."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from buzz_parser.data.teachers.client import Message
from buzz_parser.data.teachers.config import Teacher

Value = TypeVar("Value")


@dataclass(frozen=True, kw_only=True)
class Task:
    """A question to a teacher about an item, which is an index into what the stage works on."""

    id: str
    teacher: Teacher
    item: int


@dataclass(frozen=True, kw_only=True)
class Prompt:
    """What a task asks before anything has come back; `answer_tokens` is about what the answer needs."""

    messages: tuple[Message, ...]
    answer_tokens: int
    temperature: float | None
    json_only: bool


@dataclass(frozen=True, kw_only=True)
class Stage(Generic[Value]):
    """All tasks of a run, the prompt of each, and what an answer's text is worth.

    `judge` is a pure function that raises `AnswerRejected`, so that a ledger can be judged again.
    """

    tasks: tuple[Task, ...]
    prompt: Callable[[Task], Prompt]
    judge: Callable[[Task, str], Value]


def task_id(teacher: Teacher, prompt: Prompt, item: str) -> str:
    """16 hex digits that are the same exactly for the same question to the same model.

    `item` tells apart what is meant to be asked again in the same words.
    """
    question = [teacher.name, teacher.model, prompt.temperature, list(prompt.messages), item]
    return hashlib.sha256(json.dumps(question).encode()).hexdigest()[:16]
