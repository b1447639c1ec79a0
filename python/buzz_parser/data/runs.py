"""How runs of real agents go: round and round when they are stuck, and to an end by a call."""

import re
from collections.abc import Sequence
from dataclasses import replace
from random import Random

from buzz_parser.data.dialects.framework_steps import answer_as_call
from buzz_parser.data.dialects.model import Item
from buzz_parser.data.dialects.render import is_data

SENTENCE_END = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])\s*|\n+")

WORDY = re.compile(r"[^\W\d_]{3}|[\u3040-\u9fff\uac00-\ud7a3]{2}")
"""What tells a sentence from a rule of dashes or a lone number."""

LONGEST_FINISH = 400
SHORT = 0.25
"""The share of borrowed prose of which only one sentence or line is taken: real results are often terse."""

TERSE_RESULTS = 20
FINISH_NAMES = (
    "finish", "Finish", "final_answer", "submit", "respond", "answer", "done", "complete_task", "Terminate",
    "attempt_completion", "stop", "return_answer",
)  # fmt: skip
FINISH_RESULTS = (
    *(
        f"{what} {ended}{score}"
        for what in ("Run", "Session", "Game", "Attempt", "Task", "Trial", "Rollout")
        for ended in ("ended", "over", "complete", "closed", "done", "stopped")
        for score in (".", "", ", score 0", ", score = 1", ": 0.5 points", "; correct: true", " (result: pass)")
    ),
) + TERSE_RESULTS * (
    "Done.", "Task complete.", "ok", "True", "Answer recorded.",
    "The session is closed.", "correct", "Submitted for review.", "{}", "null", "Answer is INCORRECT",
    "Accepted", "0", "1", "finished after 4 steps",
)  # fmt: skip
"""What a harness says to the call that ends a run; the terse ones weigh as much as all of the others."""

MOST_LOOPS = 6
LONGEST_LOOPED = 500
NOTHING_FOUND = (
    "Nothing found.", "No matches.", "[]", "No results for this query.", "None", "Error: timed out", "{}",
    "Not found", "404", "No such entry.", "(no output)", "null", "Keine Treffer.", "Sin resultados.", "没有结果。",
    "Permission denied", "unknown command", "There is nothing more to show.",
)  # fmt: skip
"""What an agent that goes round in circles is told."""


def sentence(body: str, rng: Random) -> str:
    """A sentence or line of a text that holds words; all of it where none does, or where it is data."""
    found = [part for part in SENTENCE_END.split(body) if WORDY.search(part)]
    return rng.choice(found).strip() if found and not is_data(body) else body


def finish(items: list[Item], rng: Random) -> bool:
    """The last text, where it is short, as the call that ends the run; the harness may say a word to it."""
    if len(items) < 2 or items[-2].kind not in ("thought", "response") or items[-1].kind != "text":
        return False
    if len(items[-1].body) > LONGEST_FINISH:
        return False
    if rng.random() < SHORT:
        items[-1] = replace(items[-1], body=sentence(items[-1].body, rng))
    key = rng.choice(("answer", "text", "result", "message"))
    items[:] = answer_as_call(rng.choice(FINISH_NAMES), key)(items, rng)
    if rng.random() < 0.6:
        items.append(Item(kind="response", body=rng.choice(FINISH_RESULTS), slots=items[-1].slots))
    return True


def loop(items: list[Item], rng: Random) -> bool:
    """A thought, its call and its result several times, numbered on, most often without success."""
    at = next((at for at in range(len(items) - 2) if _is_short_round(items[at : at + 3])), None)
    if at is None:
        return False
    thought, call, response = items[at : at + 3]
    fruitless = rng.choice(NOTHING_FOUND) if rng.random() < 0.7 else response.body
    rounds: list[Item] = []
    times = rng.randint(2, MOST_LOOPS)
    for further in range(times):
        body = fruitless if further < times - 1 else response.body
        round_ = (thought, call, replace(response, body=body))
        rounds += [_later(item, further) for item in round_]
    items[at : at + 3] = rounds
    items[at + len(rounds) :] = [_later(item, times - 1) for item in items[at + len(rounds) :]]
    return True


def _is_short_round(items: Sequence[Item]) -> bool:
    kinds = [item.kind for item in items] == ["thought", "calls", "response"]
    length = sum(len(item.body) + sum(len(call.body) for call in item.calls) for item in items)
    return kinds and length <= LONGEST_LOOPED


def _later(item: Item, rounds: int) -> Item:
    """An item so many rounds further on."""
    slots = replace(item.slots, k=item.slots.k + rounds)
    calls = tuple(replace(c, slots=replace(c.slots, k=c.slots.k + rounds)) for c in item.calls)
    return replace(item, slots=slots, calls=calls)
