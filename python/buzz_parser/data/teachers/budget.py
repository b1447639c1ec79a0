"""What may still be spent: requests and tokens of all runs on one ledger, and a minute's worth of a teacher."""

import asyncio
import time
from collections import deque
from collections.abc import Awaitable, Callable

MINUTE = 60.0


class Budget:
    """Requests and tokens spent, over all runs; a limit of 0 is none.

    Tokens are reserved before a request is sent and settled when it has ended, so that requests in flight
    cannot break the limit together.
    """

    def __init__(self, *, requests: int, tokens: int) -> None:
        self.limit_requests, self.limit_tokens = requests, tokens
        self.requests = self.tokens = self.reserved = 0
        self.spent_out: str | None = None
        self._settled = asyncio.Condition()

    async def reserve(self, tokens: int) -> bool:
        """Takes a request and its tokens out of the budget, waiting for those in flight if need be.

        `False` says that the budget is spent, for this request and for all after it: `spent_out` says why.
        """
        async with self._settled:
            while self.spent_out is None:
                if self.limit_requests and self.requests >= self.limit_requests:
                    self.spent_out = f"budget of {self.limit_requests} requests"
                elif (
                    not self.limit_tokens
                    or self.tokens + self.reserved + tokens <= self.limit_tokens
                ):
                    self.requests += 1
                    self.reserved += tokens
                    return True
                elif self.reserved == 0:
                    self.spent_out = f"budget of {self.limit_tokens} tokens"
                else:
                    await self._settled.wait()
            self._settled.notify_all()
            return False

    async def settle(self, reserved: int, spent: int) -> None:
        """Replaces what a request had reserved by what it has spent."""
        async with self._settled:
            self.reserved -= reserved
            self.tokens += spent
            self._settled.notify_all()


class Limiter:
    """A teacher's requests and tokens in any 60 seconds, and the moment before which it wants no more."""

    def __init__(
        self,
        *,
        requests: int,
        tokens: int,
        clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self.requests, self.tokens = requests, tokens
        self.clock, self.sleep = clock, sleep
        self.not_before = 0.0
        self._admitted: deque[tuple[float, int]] = deque()
        self._turn = asyncio.Lock()

    async def admit(self, tokens: int) -> None:
        """Returns when a request of so many tokens may be sent.

        Requests are admitted in the order in which they come. One that alone has more tokens than a minute
        allows is admitted into a minute of its own.
        """
        async with self._turn:
            while (wait := self.wait(self.clock(), tokens)) > 0:
                await self.sleep(wait)
            self._admitted.append((self.clock(), tokens))

    def hold(self, seconds: float) -> None:
        """Admits nothing for so many seconds: the server said so."""
        self.not_before = max(self.not_before, self.clock() + seconds)

    def wait(self, now: float, tokens: int) -> float:
        """Seconds from `now` until a request of so many tokens fits; 0.0 if it does."""
        while self._admitted and self._admitted[0][0] + MINUTE <= now:
            self._admitted.popleft()
        free_at = max(now, self.not_before)
        requests, used = len(self._admitted), sum(size for _, size in self._admitted)
        for at, size in self._admitted:
            if requests < self.requests and (used + tokens <= self.tokens or requests == 0):
                break
            free_at = max(free_at, at + MINUTE)
            requests, used = requests - 1, used - size
        return free_at - now
