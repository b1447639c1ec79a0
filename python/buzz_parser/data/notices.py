"""What a harness writes into a result: that it was cut, what the call's state is, where one stands in a file.

Such lines often look like markers and open nothing: they belong to the result in which they stand.
"""

from collections.abc import Sequence
from dataclasses import replace
from random import Random

from buzz_parser.data.dialects.model import Item

CUT = (
    "[TRUNCATED]",
    "[truncated]",
    "[... {n} lines omitted ...]",
    "... [{n} more lines] ...",
    "[{n} characters omitted]",
    "[Output cut off: {n} of {m} characters shown]",
    "[WARNING] Output too long. Only the first {k} lines follow.",
    "[NOTICE]\nThe result was shortened to {k} lines because of its size ({m} bytes in all).",
    "[CONTENT CLIPPED]\nOnly the beginning is shown, {n} lines are left out.",
    "<truncated: {n} lines>",
    "<response clipped><NOTE>Only a part of this file is shown to save context.</NOTE>",
    "<output_truncated/>",
    "(truncated)",
    "({n} more rows)",
    "(Output exceeded {m} characters and was cut.)",
    "... (output truncated, {n} lines hidden)",
    "…",
    "…[+{n} lines]",
    "--- snip ---",
    "-- {n} lines skipped --",
    "--- MIDDLE PART REMOVED ({n} LINES) ---",
    "==== {n} lines elided ====",
    "### Output truncated ###",
    "*** TRUNCATED after {k} lines ***",
    "**Note:** only the first {k} of {n} results are shown.",
    "Note: the result has been shortened. Ask for a smaller range to see the rest.",
    "Showing {k} of {n} results.",
    "Result too large ({m} tokens), the rest was dropped.",
    "NOTE: max output length reached, {n} characters were removed from the middle",
    "The output is too large to be displayed in full. It was saved to /tmp/out_{k}.txt",
    "{n} lines truncated",
    "[…]",
    "[Ausgabe gekürzt: {n} von {m} Zeichen]",
    "(gekürzt, {n} weitere Zeilen)",
    "[sortie tronquée : {n} lignes omises]",
    "[salida truncada, faltan {n} líneas]",
    "[saída truncada]\nForam mostrados {k} de {n} registros.",
    "[output troncato dopo {k} righe]",
    "[вывод обрезан: показано {k} из {n} строк]",
    "[输出已截断，省略 {n} 行]",
    "（以下省略，共 {n} 行）",
    "（{n} 行省略）",
    "[출력이 잘렸습니다: {n}줄 생략]",
)
"""Notices that something is left out."""

STATE = (
    "[exit code: {c}]",
    "[Exit code {c}]",
    "exit code: {c}",
    "Exit status: {c}",
    "[The command completed with exit code {c}.]",
    "[Command finished with exit code {c}]",
    "[Current working directory: /srv/app]",
    "[cwd: /home/dev/project]",
    "[Python Interpreter: /usr/bin/python3]",
    "[Process exited with status {c}]",
    "(exit {c}, {k} ms)",
    "[took {k} ms]",
    "[Finished in 1.{k}s]",
    "Elapsed: 0.{k} s",
    "<exit_code>{c}</exit_code>",
    "<status>success</status>",
    "<system>Tool ran without output or errors</system>",
    "[ERROR]\nProcess returned {c}.",
    "[stderr]\nwarning: {k} deprecated calls",
    "STDERR: (empty)",
    "stderr:",
    "[STDERR]",
    "[SUCCESS]",
    "[done]",
    "[System reminder: stay within the working directory.]",
    "[INFO] cached result, age {k} s",
    "Warning: this tool will be removed in version {c}.",
    "Hint: use --verbose to see more.",
    "[retry {c} of 3]",
    "[request id: {m}]",
)
"""What is said about how a call ended."""

PLACE = (
    "[File: src/main.py ({n} lines total)]",
    "[File: /etc/app/config.yaml]",
    "({k} more lines above)",
    "({n} more lines below)",
    "[Page {c} of {k}]",
    "Page {c}/{k}. Use `page` to see the others.",
    "[viewing lines {k}-{n}]",
    "Here's the result of running `cat -n` on the file:",
    "Viewport position: {k} of {n}",
    "[next cursor: {m}]",
    "Total: {n} entries",
    "URL: https://example.org/{k}",
    "Open file: n/a",
    "(Open file: /srv/app/run.sh)",
)
"""Where in a longer whole the shown part lies."""


def notify(items: list[Item], rng: Random) -> bool:
    """Writes one or two notices into a result, mostly at its end; whether there is a result."""
    places = [i for i, item in enumerate(items) if item.kind == "response" and item.body.strip()]
    if not places:
        return False
    at = rng.choice(places)
    body = items[at].body
    for _ in range(rng.choice((1, 1, 1, 2))):
        body = _with_notice(body, rng)
    items[at] = replace(items[at], body=body)
    return True


def _with_notice(body: str, rng: Random) -> str:
    draw = rng.random()
    if draw < 0.5:
        cut = body[: rng.randint(len(body) // 2, len(body))].rstrip() if draw < 0.3 else body
        return (cut or body) + _joint(rng) + _notice(CUT, rng)
    if draw < 0.75:
        return body + _joint(rng) + _notice(STATE, rng)
    if draw < 0.85:
        return _notice(PLACE, rng) + _joint(rng) + body
    if draw < 0.9:
        return body + _joint(rng) + _notice(PLACE, rng)
    lines = body.split("\n")
    middle = rng.randint(0, len(lines))
    return "\n".join((*lines[:middle], _notice(CUT, rng), *lines[middle:]))


def _joint(rng: Random) -> str:
    return rng.choice(("\n", "\n", "\n\n", "\n\n", "\n\n\n"))


def _notice(pool: Sequence[str], rng: Random) -> str:
    """A notice with numbers of its own."""
    k = rng.randint(2, 500)
    n = k + rng.randint(1, 20_000)
    return rng.choice(pool).format(k=k, n=n, m=n * rng.randint(2, 90), c=rng.choice((0, 0, 1, 2)))
