"""Limits, budget and ledger: never more than allowed, and nothing that was written is lost."""

import asyncio
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from buzz_parser.data.teachers.asking import backoff
from buzz_parser.data.teachers.budget import MINUTE, Budget, Limiter
from buzz_parser.data.teachers.client import retry_after
from buzz_parser.data.teachers.config import Retry, TeacherError
from buzz_parser.data.teachers.ledger import Ledger

RETRY = Retry(attempts=4, first_wait=1.0, longest_wait=60.0, patience=5)


class VirtualTime:
    """A clock that sleeping moves."""

    def __init__(self) -> None:
        self.now = 0.0

    def clock(self) -> float:
        """Seconds."""
        return self.now

    async def sleep(self, seconds: float) -> None:
        """Returns at once, later."""
        assert seconds > 0
        self.now += seconds


def admitted(
    requests: int, tokens: int, arrivals: list[tuple[float, int]], hold: float = 0.0
) -> list[tuple[float, int]]:
    """When requests are admitted that come one after the other, so many seconds apart."""
    time = VirtualTime()
    limiter = Limiter(requests=requests, tokens=tokens, clock=time.clock, sleep=time.sleep)
    times = []

    async def run() -> None:
        limiter.hold(hold)
        for apart, size in arrivals:
            time.now += apart
            await limiter.admit(size)
            times.append((time.now, size))

    asyncio.run(run())
    return times


arrivals = st.lists(st.tuples(st.integers(0, 40).map(float), st.integers(1, 50)), max_size=25)


@given(st.integers(1, 5), st.integers(1, 120), arrivals)
def test_no_minute_has_more_than_its_limits(
    requests: int, tokens: int, coming: list[tuple[float, int]]
) -> None:
    times = admitted(requests, tokens, coming)
    for index, (at, size) in enumerate(times):
        minute = [other for when, other in times[: index + 1] if at - MINUTE < when]
        assert len(minute) <= requests
        assert sum(minute) <= tokens or minute == [size]
    # None waits longer than for all before it to be over.
    for (before, _), (at, _), (apart, _) in zip(times, times[1:], coming[1:], strict=False):
        assert at <= before + max(MINUTE, apart)


def test_a_server_that_asks_to_wait_is_obeyed() -> None:
    assert admitted(9, 999, [(1.0, 5), (1.0, 5)], hold=30.0) == [(30.0, 5), (31.0, 5)]


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "soon"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "-4"}, 0.0),
        ({"retry-after": "7"}, 7.0),
        ({"retry-after": "7", "retry-after-ms": "250"}, 0.25),
        ({"retry-after": "Thu, 01 Jan 1970 00:00:30 GMT"}, 10.0),
    ],
)
def test_retry_after_in_all_its_forms(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, 20.0) == seconds


def test_waits_double_up_to_the_longest() -> None:
    for failures, most in enumerate((1, 2, 4, 8, 16, 32, 60, 60), start=1):
        assert most / 2 <= backoff(RETRY, "task", failures) <= most
    assert backoff(RETRY, "task", 3) == backoff(RETRY, "task", 3) != backoff(RETRY, "other", 3)
    assert backoff(RETRY, "task", 5000) <= 60.0


def test_a_budget_waits_for_requests_in_flight_before_it_says_no() -> None:
    async def run() -> list[object]:
        budget = Budget(requests=0, tokens=100)
        seen: list[object] = [await budget.reserve(60)]
        waiting = asyncio.ensure_future(budget.reserve(60))
        await asyncio.sleep(0)
        seen.append(waiting.done())
        await budget.settle(60, 10)
        seen.append(await waiting)
        await budget.settle(60, 60)
        seen += [await budget.reserve(31), budget.spent_out, await budget.reserve(1)]
        return seen

    found = asyncio.run(run())
    assert found == [True, False, True, False, "budget of 100 tokens", False]


@given(
    st.integers(0, 12),
    st.integers(0, 300),
    st.lists(st.tuples(st.integers(1, 60), st.integers(0, 60))),
)
def test_a_budget_is_never_broken(
    requests: int, tokens: int, wanted: list[tuple[int, int]]
) -> None:
    async def run() -> Budget:
        budget = Budget(requests=requests, tokens=tokens)

        async def one(reserved: int, spent: int) -> None:
            if await budget.reserve(reserved):
                await asyncio.sleep(0)
                await budget.settle(reserved, min(spent, reserved))

        await asyncio.gather(*(one(*want) for want in wanted))
        return budget

    budget = asyncio.run(run())
    assert budget.reserved == 0
    assert not requests or budget.requests <= requests
    assert not tokens or budget.tokens <= tokens
    assert (budget.spent_out is None) == (budget.requests == len(wanted))


def events(path: Path) -> list[object]:
    """What a ledger says."""
    with Ledger(path) as ledger:
        return [entry.event for entry in ledger.entries()]


def written(path: Path, count: int) -> list[dict[str, object]]:
    """Events, written to a ledger."""
    source = random.Random(count)
    all_events = []
    with Ledger(path) as ledger:
        for number in range(count):
            reason = "".join(source.choices('é漢\n"\\👍x', k=source.randrange(30)))
            event = {
                "event": "failed",
                "task": "t",
                "number": number,
                "reason": reason,
                "tokens": 1,
            }
            offset = ledger.append(**event)
            assert ledger.read(offset) == event
            all_events.append(event)
    return all_events


def test_a_ledger_can_be_cut_anywhere(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "ledger.jsonl"
    all_events = written(path, 8)
    content = path.read_bytes()
    for end in range(len(content) + 1):
        path.write_bytes(content[:end])
        whole = content[:end].count(b"\n")
        assert events(path) == all_events[:whole]
        assert path.read_bytes() == content[: content[:end].rfind(b"\n") + 1]


def test_a_torn_line_may_be_longer_than_a_block(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    (event,) = written(path, 1)
    with path.open("ab") as file:
        file.write(b'{"event": "' + b"x" * 200_000)
    assert events(path) == [event]


def test_a_second_run_is_kept_out(tmp_path: Path) -> None:
    path = tmp_path / "ledger.jsonl"
    with Ledger(path), pytest.raises(TeacherError) as caught:
        Ledger(path)
    assert str(caught.value) == f"{path}: expected no other run on it, found one"
    assert events(path) == []


@pytest.mark.parametrize("line", ["nonsense", "7", "{}", '{"event": "asked"}', '{"event": []}'])
def test_a_line_that_is_no_event_is_named(tmp_path: Path, line: str) -> None:
    path = tmp_path / "ledger.jsonl"
    written(path, 1)
    end = path.stat().st_size
    path.write_bytes(path.read_bytes() + line.encode() + b"\n")
    with pytest.raises(TeacherError) as caught:
        events(path)
    found = repr(line + "\n")
    assert str(caught.value) == f"{path}: byte {end}: expected an event, found {found}"
