"""Where each task stands, by what the ledger says happened, and what all of it has cost."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, Literal

from buzz_parser.data.teachers.checks import AnswerRejected
from buzz_parser.data.teachers.config import Teacher, TeacherError
from buzz_parser.data.teachers.ledger import Entry, Ledger
from buzz_parser.data.teachers.tasks import Stage, Task, Value

Outcome = Literal["open", "accepted", "rejected"]


@dataclass(kw_only=True)
class Standing:
    """One task: requests sent, answers that came, of which so many in a row were cut off, and the last one.

    `offset` is that of the last answer in the ledger; `reason` says why it was not accepted.
    """

    task: Task
    requests: int = 0
    answers: int = 0
    cuts: int = 0
    offset: int | None = None
    outcome: Outcome = "open"
    reason: str | None = None


@dataclass(kw_only=True)
class Spending:
    """What a teacher has cost: requests, tokens in and out, tokens of requests that brought no answer.

    `interrupted` are requests that a killed run left without an end; their tokens count as `lost`.
    """

    requests: int = 0
    input: int = 0
    output: int = 0
    lost: int = 0
    interrupted: int = 0

    @property
    def tokens(self) -> int:
        """All tokens that count against the budget."""
        return self.input + self.output + self.lost

    def cost(self, teacher: Teacher) -> float:
        """The price of the answers, in the currency of the teacher's prices."""
        return (self.input * teacher.price_input + self.output * teacher.price_output) / 1e6


@dataclass(kw_only=True)
class Book:
    """The standings of a stage's tasks by id, and the spending of every teacher that the ledger names.

    `outcomes` counts the standings by outcome.
    """

    standings: dict[str, Standing]
    outcomes: Counter[Outcome]
    spending: dict[str, Spending] = field(default_factory=dict)

    def of(self, teacher: str) -> Spending:
        """The spending of a teacher, by name."""
        return self.spending.setdefault(teacher, Spending())


def read_book(stage: Stage[Value], attempts: int, entries: Iterable[Entry]) -> Book:
    """The book after all events of a ledger; tasks that are not of the stage count as spending only."""
    standings = {task.id: Standing(task=task) for task in stage.tasks}
    book = Book(standings=standings, outcomes=Counter({"open": len(standings)}))
    in_flight: dict[str, dict[str, Any]] = {}
    for entry in entries:
        event = entry.event
        if event["event"] == "asked":
            _charge_interrupted(book, in_flight.pop(event["task"], None))
            in_flight[event["task"]] = event
            note_asked(book, event)
        else:
            asked = in_flight.pop(event["task"], None)
            if asked is None:
                raise TeacherError(
                    f"ledger, byte {entry.offset}: expected a request before its end, found none "
                    f"of task {event['task']}"
                )
            note_end(book, asked["teacher"], event)
            if event["event"] == "answered":
                standing = book.standings.get(event["task"])
                if standing is not None:
                    note_answer(stage, book, standing, attempts, entry)
    for event in in_flight.values():
        _charge_interrupted(book, event)
    return book


def note_asked(book: Book, event: dict[str, Any]) -> None:
    """Takes an `asked` event into the book."""
    book.of(event["teacher"]).requests += 1
    standing = book.standings.get(event["task"])
    if standing is not None:
        standing.requests = event["number"] + 1


def note_end(book: Book, teacher: str, event: dict[str, Any]) -> None:
    """Takes the tokens of an `answered` or `failed` event into the book."""
    spending = book.of(teacher)
    if event["event"] == "answered":
        spending.input += event["input"]
        spending.output += event["output"]
    else:
        spending.lost += event["tokens"]


def note_answer(
    stage: Stage[Value], book: Book, standing: Standing, attempts: int, entry: Entry
) -> None:
    """Judges an answer: the task is accepted, rejected for good, or open for another attempt."""
    event = entry.event
    book.outcomes[standing.outcome] -= 1
    standing.answers += 1
    standing.offset = entry.offset
    standing.cuts = standing.cuts + 1 if event["finish"] == "length" else 0
    try:
        judged(stage, standing.task, event)
    except AnswerRejected as rejection:
        standing.reason = str(rejection)
        longest = event["finish"] == "length" and event["limit"] >= standing.task.teacher.max_tokens
        standing.outcome = "rejected" if longest or standing.answers >= attempts else "open"
    else:
        standing.outcome, standing.reason = "accepted", None
    book.outcomes[standing.outcome] += 1


def judged(stage: Stage[Value], task: Task, event: dict[str, Any]) -> Value:
    """What an `answered` event is worth; raises `AnswerRejected`."""
    if event["finish"] == "length":
        raise AnswerRejected(
            f"expected a whole answer, found it cut off at {event['limit']} tokens"
        )
    if event["finish"] == "content_filter":
        raise AnswerRejected("expected an answer, found the server's content filter")
    if not event["text"].strip():
        raise AnswerRejected("expected an answer, found an empty one")
    return stage.judge(task, event["text"])


def accepted(
    stage: Stage[Value], ledger: Ledger, standings: Iterable[Standing]
) -> Iterator[tuple[Standing, Value]]:
    """What the accepted answers are worth, read again from the ledger one by one."""
    for standing in standings:
        if standing.outcome == "accepted" and standing.offset is not None:
            yield standing, judged(stage, standing.task, ledger.read(standing.offset))


def _charge_interrupted(book: Book, event: dict[str, Any] | None) -> None:
    if event is not None:
        spending = book.of(event["teacher"])
        spending.interrupted += 1
        spending.lost += event["tokens"]
