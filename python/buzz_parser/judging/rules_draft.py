"""What the rules have read so far: pieces put down, prose still open, and how open prose is closed."""

import re
from dataclasses import dataclass, field

from buzz_parser.contract.segments import trim
from buzz_parser.data.records import Span

_STAMP = r"\d{4}-\d\d-\d\dT\S+ (?:INFO|DEBUG|WARN|ERROR)\b"
_NOISE = rf"[ \t]*(?:(?:\x1b\[|[╭╰│╮╯─━═]|-{{20,}}|>{{6,}} |\*{{20,}}[ \t]*$|{_STAMP})[^\n]*)"
_LEADING_NOISE = re.compile(rf"(?:\s*^{_NOISE}$)+", re.MULTILINE)
_NOISE_LINE = re.compile(rf"^{_NOISE}$", re.MULTILINE)
_STRAY_WORD = re.compile(r"(?:\A|\n[ \t]*\n)\s*([a-z]{2,12})[ \t]*\n?\Z")
_FINISHED = re.compile(
    r"^(?:\[[^\n]*(?:exit code|finished)[^\n]*\]|\(?[\w./-]*bash-\$\)?|Last output from code snippet:\n[^\n]*)$",
    re.MULTILINE,
)
_TO_ONESELF = re.compile(
    r"(?i)(?:(?:okay|ok|alright|hmm|so|well|right|first)[,.]?\s+)*"
    r"(?:the (?:user|customer|human) (?:wants|asks|is|needs|has|said|wrote|gave|would|seems|just|also|might)\b"
    r"|(?:they|he|she) (?:wants?|asks?|is asking|needs?)\b|i(?:'m| am) (?:being asked|supposed to)\b"
    r"|we (?:need|should|have|must|can) (?:to )?\w+|i (?:should|need to|must|have to) (?!ask|know|tell|say)\w+)"
)


@dataclass(kw_only=True)
class Draft:
    """The state of one reading.

    Open prose runs from `start`; `mode` is its type, `None` where nothing but the default says so. `by_role`:
    a tool's turn is open, `by_word` if no token but a word like `Tool:` opened it. `unclosed`: a thought whose
    closer is nowhere. `turn`: how many pieces stood before this turn, which began at `turn_start`. `bare_end`:
    where the last call without an envelope ended.
    """

    text: str
    pieces: list[Span] = field(default_factory=list)
    start: int = 0
    turn_start: int = 0
    mode: str | None = None
    by_role: bool = False
    by_word: bool = False
    unclosed: bool = False
    turn: int = 0
    bare_end: int = -1

    def open(self, label: str | None, start: int, *, unclosed: bool = False) -> None:
        """Closes the prose before `start` and opens prose of a type there."""
        self.flush(start)
        self.mode, self.unclosed, self.by_role = label, unclosed, False

    def turns(self, start: int, end: int, label: str | None) -> None:
        """Puts a turn marker; what follows is of the type that the role says."""
        self.flush(start)
        self.start = self.turn_start = end
        self.mode, self.unclosed, self.by_role = label, False, label is not None
        self.turn = len(self.pieces)

    def put(self, label: str, start: int, end: int, *, before: str | None = None) -> None:
        """Closes the prose before a segment, as `before` if nothing else says what it is, and puts it."""
        if label == "TOOLCALL" and self.mode is None:
            stray = _STRAY_WORD.search(self.text[self.start : start])
            if stray is not None:
                self.flush(self.start + stray.start(1), default=before)
        else:
            stray = None
        if stray is None:
            self.flush(start, default=before)
        self.pieces.append(Span(label, start, end))
        self.start = end
        if not self.by_role:
            self.mode, self.unclosed = None, False

    def flush(self, end: int, *, default: str | None = None) -> None:
        """Closes open prose at `end`, without the noise of logs at its edges."""
        start, text = self.start, self.text
        self.start = max(self.start, end)
        if start >= end:
            return
        body = text[start:end]
        label = self.mode or default or ("THOUGHT" if _TO_ONESELF.match(body.lstrip()) else "TEXT")
        if self.mode == "TOOLRESPONSE" and not self.by_role:
            self._flush_result(start, end)
            return
        self._append(label, start, end)

    def _flush_result(self, start: int, end: int) -> None:
        """A result under a label may be over before the next marker: at an exit line, or at a log's noise."""
        found = _FINISHED.search(self.text, start, end)
        first = self.text.find("\n", start, end)
        if first >= 0 and self.text[start:first].rstrip().endswith(":"):
            first = self.text.find(
                "\n", first + 1, end
            )  # a rule right below the label is part of it
        noise = _NOISE_LINE.search(self.text, first, end) if first >= 0 else None
        cut = min((m for m in (found, noise) if m), key=lambda m: m.start(), default=None)
        if cut is None or cut.start() <= start:
            self._append("TOOLRESPONSE", start, end)
            return
        last = cut.end() if cut is found else cut.start()
        self._append("TOOLRESPONSE", start, last)
        self._append("TEXT", last, end)

    def _append(self, label: str, start: int, end: int) -> None:
        leading = _LEADING_NOISE.match(self.text, start, end)
        if leading is not None:
            start = leading.end()
        while True:
            start, end = trim(self.text, start, end)
            last = self.text.rfind("\n", start, end) + 1
            if last > start and _NOISE_LINE.fullmatch(self.text, last, end):
                end = last
                continue
            break
        if start < end:
            self.pieces.append(Span(label, start, end))
