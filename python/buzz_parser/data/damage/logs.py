"""Foreign lines between segments: log prefixes, timestamps, ANSI codes, boxes, spinners."""

from collections.abc import Callable, Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import blank, closed, gap_after, marked, turn_follows
from buzz_parser.data.records import Span

ESCAPE = "\x1b"
LEVELS = ("INFO", "DEBUG", "WARN", "INFO", "TRACE")
SOURCES = (
    "agent.runner",
    "executor",
    "tools",
    "httpx",
    "mcp.client",
    "scheduler",
    "langchain",
    "worker-3",
    "root",
)
EVENTS = (
    "dispatch id={}", "done id={}", "POST /v1/tools 200 {}ms", "tool started", "tool finished in {}ms",
    "retry {}", "queue length {}", "cache miss", "exit code 0", "connected", "took {} ms", "pid {}",
)  # fmt: skip
FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
DOING = ("running", "working", "executing", "waiting", "loading", "calling the tool")


def foreign_lines(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Lines that no one said, between two segments or behind the last: outside of all segments."""
    places = [i for i in range(len(spans)) if _may_stand(text, spans, i)]
    if not places:
        return None
    after_calls = [i for i in places if spans[i].label == "TOOLCALL"]
    index = rng.choice(after_calls if after_calls and rng.random() < 0.8 else places)
    lines = rng.choice(KINDS)(rng)
    end = spans[index].end
    tail = gap_after(text, spans, index)
    close = "" if tail.startswith("\n") or (not tail and index + 1 == len(spans)) else "\n"
    return edited(text, spans, [Edit(end, end, f"\n{lines}{close}", None)])


def _log(rng: Random) -> str:
    clock = f"{rng.randrange(24):02}:{rng.randrange(60):02}"
    day = f"20{rng.randint(23, 26)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}"
    shape = rng.choice((
        "{day}T{clock}:{s:02}Z {level} {source} {event}",
        "{day} {clock}:{s:02},{ms:03} - {source} - {level} - {event}",
        "[{clock}:{s:02}] {level}: {event}", "{level}[{s:04}] {event}",
        "[{day} {clock}:{s:02}] [{level}] [{source}] {event}",
        "{level}:{source}:{event}",
    ))  # fmt: skip
    lines = []
    for _ in range(rng.randint(1, 4)):
        number = rng.randint(2, 4_000)
        lines.append(
            shape.format(
                day=day,
                clock=clock,
                s=rng.randrange(60),
                ms=rng.randrange(1000),
                level=rng.choice(LEVELS),
                source=rng.choice(SOURCES),
                event=rng.choice(EVENTS).format(number),
            )
        )
    return "\n".join(lines)


def _spinner(rng: Random) -> str:
    colour, doing = rng.choice((33, 36, 2, 90)), rng.choice(DOING)
    start, count = rng.randrange(6), rng.randint(1, 4)
    joint = rng.choice(("\n", "\n", "\r"))
    frames = [f"{ESCAPE}[{colour}m{frame} {doing}…{ESCAPE}[0m" for frame in FRAMES[start:][:count]]
    done = f"{ESCAPE}[32m✔ done in {rng.randint(1, 99) / 10} s{ESCAPE}[0m"
    return joint.join(frames) + (f"\n{done}" if rng.random() < 0.5 else "")


def _rule(rng: Random) -> str:
    line = rng.choice("─━═-=*·") * rng.choice((12, 24, 40, 60, 80))
    if rng.random() < 0.4 or line[0] in "-=*·":
        return f"{ESCAPE}[2m{line}{ESCAPE}[0m"
    return line


def _box(rng: Random) -> str:
    said = rng.choice((
        f"tool: {rng.randint(1, 3)} of {rng.randint(3, 5)}", f"step {rng.randint(1, 30)}",
        "tool call", f"{rng.randint(5, 900)} tokens",
        "approved automatically", f"elapsed {rng.randint(1, 59)} s",
    ))  # fmt: skip
    bar = "─" * (len(said) + 2)
    corners = rng.choice(("╭╮╰╯", "┌┐└┘"))
    return f"{corners[0]}{bar}{corners[1]}\n│ {said} │\n{corners[2]}{bar}{corners[3]}"


def _codes(rng: Random) -> str:
    return rng.choice(
        (f"{ESCAPE}[0m", f"{ESCAPE}[2K{ESCAPE}[1G", f"{ESCAPE}[?25h", f"{ESCAPE}[0m{ESCAPE}[K")
    )


def _progress(rng: Random) -> str:
    done = rng.randint(1, 20)
    bar = rng.choice(("█░", "#.", "━ ", "▓░"))
    return f"[{bar[0] * done}{bar[1] * (20 - done)}] {done * 5:3}% {rng.randint(0, 59):02}:{rng.randint(0, 59):02}"


KINDS: tuple[Callable[[Random], str], ...] = (_log, _log, _spinner, _rule, _box, _codes, _progress)
"""What such lines are."""


def _may_stand(text: str, spans: Sequence[Span], index: int) -> bool:
    """Whether the segment's end is seen without the line, and the begin of the next one too."""
    if not closed(text, spans[index]):
        return False
    if turn_follows(text, spans, index):
        return True
    if index + 1 == len(spans) or not blank(gap_after(text, spans, index)):
        return False
    return marked(text, spans[index + 1])
