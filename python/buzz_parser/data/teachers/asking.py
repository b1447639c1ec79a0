"""Asks all open tasks of a stage, each teacher at its own pace, every step on the ledger before the next."""

import asyncio
import random
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any, Generic

import openai

from buzz_parser.data.teachers.budget import Budget, Limiter
from buzz_parser.data.teachers.client import (
    Answer,
    Message,
    Request,
    RequestFailed,
    ask,
    estimate_input,
    open_client,
)
from buzz_parser.data.teachers.config import Retry, Settings, Teacher
from buzz_parser.data.teachers.ledger import Entry, Ledger
from buzz_parser.data.teachers.standing import Book, Standing, note_answer, note_asked, note_end
from buzz_parser.data.teachers.tasks import Stage, Value


@dataclass(kw_only=True)
class Lane:
    """One teacher's side of a run: its open tasks, its pace, and why it stopped early, if it did."""

    teacher: Teacher
    client: openai.AsyncOpenAI
    limiter: Limiter
    queue: deque[Standing]
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    stopped: str | None = None
    given_up_in_a_row: int = 0

    def halt(self, reason: str) -> None:
        """Sends nothing more to the teacher; the first reason stands."""
        self.stopped = self.stopped or reason
        self.stop.set()


@dataclass(frozen=True, kw_only=True)
class Run(Generic[Value]):
    """What all lanes of a run share; `failures` says of tasks given up for this run why."""

    stage: Stage[Value]
    retry: Retry
    budget: Budget
    ledger: Ledger
    book: Book
    failures: dict[str, str]
    notify: Callable[[Book], None]


@dataclass(frozen=True, kw_only=True)
class Ended:
    """How a run ended: of tasks given up why, and what stopped it or a teacher early."""

    failures: dict[str, str]
    stopped: tuple[str, ...]


async def ask_all(
    stage: Stage[Value],
    settings: Settings,
    keys: Mapping[str, str],
    ledger: Ledger,
    book: Book,
    notify: Callable[[Book], None],
) -> Ended:
    """Asks what is open in the book until nothing is, the budget is spent or all teachers are halted.

    `keys` are by teacher's name; `notify` is called with the book whenever it has changed.
    """
    budget = Budget(requests=settings.budget_requests, tokens=settings.budget_tokens)
    budget.requests = sum(spending.requests for spending in book.spending.values())
    budget.tokens = sum(spending.tokens for spending in book.spending.values())
    run = Run(
        stage=stage,
        retry=settings.retry,
        budget=budget,
        ledger=ledger,
        book=book,
        failures={},
        notify=notify,
    )
    async with AsyncExitStack() as clients:
        lanes = [
            await _open_lane(clients, teacher, keys[teacher.name], book)
            for teacher in settings.teachers
            if teacher.name in keys
        ]
        try:
            async with asyncio.TaskGroup() as workers:
                for lane in lanes:
                    for _ in range(min(lane.teacher.concurrency, len(lane.queue))):
                        workers.create_task(_work(run, lane, lanes))
        except BaseExceptionGroup as group:
            raise group.exceptions[0] from group
    stopped = [f"{budget.spent_out} is spent"] if budget.spent_out else []
    stopped += [f"teacher {lane.teacher.name}: {lane.stopped}" for lane in lanes if lane.stopped]
    return Ended(failures=run.failures, stopped=tuple(stopped))


def request_for(stage: Stage[Value], standing: Standing, last: Mapping[str, Any] | None) -> Request:
    """What to ask next: the prompt, and after an answer that was not accepted, that answer and the reason.

    After an answer that was cut off, the same as before with room for twice the tokens. `last` is the last
    answer's event.
    """
    prompt, teacher = stage.prompt(standing.task), standing.task.teacher
    messages: tuple[Message, ...] = prompt.messages
    if last is not None and last["text"].strip() and last["finish"] != "length":
        complaint = (
            f"This was not accepted: {standing.reason}. Answer again, from the beginning and in full, in the form "
            "that was asked for."
        )
        messages += (
            {"role": "assistant", "content": last["text"]},
            {"role": "user", "content": complaint},
        )
    room = max(teacher.min_tokens, prompt.answer_tokens) * 2**standing.cuts
    return Request(
        messages=messages,
        max_tokens=min(teacher.max_tokens, room),
        temperature=prompt.temperature,
        json_only=prompt.json_only,
    )


def backoff(retry: Retry, task: str, failures: int) -> float:
    """Seconds to wait after a task's `failures`-th failure: doubled each time, half of it by chance."""
    longest = min(retry.longest_wait, retry.first_wait * 2.0 ** min(failures - 1, 40))
    return longest * random.Random(f"{task}:{failures}").uniform(0.5, 1.0)


async def _open_lane(clients: AsyncExitStack, teacher: Teacher, key: str, book: Book) -> Lane:
    standings = book.standings.values()
    mine = (s for s in standings if s.task.teacher.name == teacher.name and s.outcome == "open")
    limiter = Limiter(requests=teacher.requests_per_minute, tokens=teacher.tokens_per_minute)
    return Lane(
        teacher=teacher,
        client=await clients.enter_async_context(open_client(teacher, key)),
        limiter=limiter,
        queue=deque(mine),
    )


async def _work(run: Run[Value], lane: Lane, lanes: Sequence[Lane]) -> None:
    while lane.queue and not lane.stop.is_set():
        await _pursue(run, lane, lane.queue.popleft())
        if run.budget.spent_out:
            for other in lanes:
                other.stop.set()


async def _pursue(run: Run[Value], lane: Lane, standing: Standing) -> None:
    """Asks a task until it is accepted or rejected, given up for this run, or its lane stops."""
    failures = 0
    while standing.outcome == "open":
        last = run.ledger.read(standing.offset) if standing.offset is not None else None
        request = request_for(run.stage, standing, last)
        reserved = estimate_input(request.messages) + request.max_tokens
        if not await _unless(lane.stop, lane.limiter.admit(reserved)):
            return
        if not await run.budget.reserve(reserved):
            return
        try:
            await _send(run, lane, standing, request, reserved)
            lane.given_up_in_a_row = 0
        except RequestFailed as failure:
            failures += 1
            wait = _after_failure(run, lane, standing, failure, failures)
            if wait is None or not await _unless(lane.stop, asyncio.sleep(wait)):
                return


async def _send(
    run: Run[Value], lane: Lane, standing: Standing, request: Request, reserved: int
) -> None:
    """One request, with its beginning and its end on the ledger; raises `RequestFailed`."""
    task, number, teacher = standing.task.id, standing.requests, lane.teacher
    asked = {"event": "asked", "task": task, "number": number, "teacher": teacher.name}
    asked["tokens"] = reserved
    run.ledger.append(**asked)
    note_asked(run.book, asked)
    try:
        answer = await ask(lane.client, teacher, request)
    except RequestFailed as failure:
        spent = reserved if failure.billed else 0
        failed = {"event": "failed", "task": task, "number": number, "reason": failure.reason}
        failed["tokens"] = spent
        run.ledger.append(**failed)
        note_end(run.book, teacher.name, failed)
        await run.budget.settle(reserved, spent)
        run.notify(run.book)
        raise
    event = _answered(task, number, answer, request.max_tokens)
    offset = run.ledger.append(**event)
    note_end(run.book, teacher.name, event)
    entry = Entry(offset=offset, event=event)
    note_answer(run.stage, run.book, standing, run.retry.attempts, entry)
    await run.budget.settle(reserved, answer.input + answer.output)
    run.notify(run.book)


def _answered(task: str, number: int, answer: Answer, limit: int) -> dict[str, Any]:
    return {
        "event": "answered",
        "task": task,
        "number": number,
        "text": answer.text,
        "finish": answer.finish,
        "limit": limit,
        "input": answer.input,
        "output": answer.output,
        "estimated": answer.estimated,
    }


def _after_failure(
    run: Run[Value], lane: Lane, standing: Standing, failure: RequestFailed, failures: int
) -> float | None:
    """The seconds to wait before the next try; `None` if there is none in this run."""
    if failure.then == "halt":
        lane.halt(failure.reason)
        return None
    asked_for = failure.wait or 0.0
    if asked_for > run.retry.longest_wait:
        lane.halt(
            f"{failure.reason}, asks to wait {asked_for:.0f} s, which is more than longest_wait"
        )
        return None
    if asked_for:
        lane.limiter.hold(asked_for)
    if failure.then == "task" or failures >= run.retry.attempts:
        run.failures[standing.task.id] = failure.reason
        lane.given_up_in_a_row += 1
        if lane.given_up_in_a_row >= run.retry.patience:
            lane.halt(
                f"{run.retry.patience} tasks in a row given up, the last one for: {failure.reason}"
            )
        return None
    return max(asked_for, backoff(run.retry, standing.task.id, failures))


async def _unless(stop: asyncio.Event, waiting: Coroutine[Any, Any, None]) -> bool:
    """Waits, unless `stop` is set first; whether the wait came to its end."""
    wait, stopper = asyncio.ensure_future(waiting), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait((wait, stopper), return_when=asyncio.FIRST_COMPLETED)
        return wait.done() and not stop.is_set()
    finally:
        wait.cancel()
        stopper.cancel()
