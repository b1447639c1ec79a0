"""What opens and closes a segment, seen from inside of it: tags, tokens, brackets, fences, labels."""

import re
from collections.abc import Sequence
from random import Random
from typing import NamedTuple

from buzz_parser.contract.segments import WHITESPACE
from buzz_parser.data.dialects import words
from buzz_parser.data.records import Span

SPACE = "".join(WHITESPACE)

OPENER = re.compile(
    r"<<[^<>\n/][^<>\n]{0,60}>>|<(?![/\s\d=<-])[^<>\n]{1,100}>|\[\[[^\[\]\n/][^\[\]\n]{0,60}\]\]"
    r"|\{\{[A-Za-z_][^{}\n]{0,60}\}\}|\[[A-Za-z_][\w .:|-]{1,40}\]|[【«◁][^】»▷\n/][^】»▷\n]{0,60}[】»▷]"
    r"|(?:###|===|---) [^\n]{1,60} (?:###|===|---)(?=\n)|%%[^%\n/][^%\n]{0,60}%%|@@\w[^\n]{0,50}(?=\n)"
    r"|BEGIN \w[^\n]{0,50}(?=\n)|[\w:.|-]+_START(?=\s)|\\[\w:.|-]+\{|(?:`{3,}|~{3,})[^\n`]{0,40}\n"
)
"""A marker that opens a segment, at its start."""

CLOSER = re.compile(
    r"(?:<<?[^<>\n]{1,100}>>?|\[\[?/[^\[\]\n]{1,60}\]\]?|\{\{/[^{}\n]{1,60}\}\}|[【«◁]/[^】»▷\n]{1,60}[】»▷]"
    r"|(?:###|===|---) end[^\n]{0,60} ?(?:###|===|---)|%%/[^%\n]{1,60}%%|\\end[\w:.|-]+\}|@@end"
    r"|\bEND \w[^\n]{0,50}|[\w:.|-]+_END|(?<=\n)(?:`{3,}|~{3,}))\Z"
)
"""A marker that closes a segment, at its end."""

LABEL = re.compile(
    r"(?P<before>(?:[*_~#>•🔹@(\[-]{1,3} ?)?)(?P<word>[^\W\d][\w '’-]{0,36}?)"
    r"(?P<number> ?#?\d{1,2})?(?P<after>[*_~\])]{0,2}) ?(?P<colon>[:：])(?P<bold>\*{0,2})"
)
"""A word with a colon that says what the line is."""

TURN = re.compile(
    r"\s*(?:<(?!<)|\[/?INST|###|(?:assistant|user|tool|human|ai|system|model)\b)", re.IGNORECASE
)
"""The begin of a turn marker in a gap."""

HIDES = re.compile(
    r"<[\w|｜!:/▁=-]{2,}|\{\s*[\"'](?:name|tool|func|action|command|type|recipient|method|op|id|api|call|fn|skill)"
    r"|^\s*(?:`{3}|~{3}|\*\*\* |@@|<<)|^[*#>\s]*\w[\w ]{1,24}[:：]|\{\{?/?[A-Za-z_]{3,}\}"
    r"|[\[【«◁]/?[A-Za-z_ ]{3,}[\]】»▷]|_START\b|^BEGIN |^[\w.]+\(|^(?:###|===|---) ",
    re.MULTILINE,
)
"""What might be a call or a label inside a body: too cautious rather than too bold."""

STRUCTURED = re.compile(
    r"\s*(?:[\[{]\s*[\"'{]|[\w.]+\(|<[\w|｜:-]+[^<>\n]*>|[\w.-]+\s*(?:<[\w|｜:-]|\{\s*\"))"
)
"""A body that shows by itself that it is a call."""

LABEL_WORDS = frozenset(
    label.lower()
    for label in (
        *words.THOUGHT_LABELS,
        *words.CALL_LABELS,
        *words.RESPONSE_LABELS,
        *words.TEXT_LABELS,
        *words.INPUT_LABELS,
        "Here is my response",
        "Here's my response",
        "Here is my thought process",
        "Here's my thought process",
        "Here are my reasoning steps",
        "Intermediate answer",
        "Follow up",
        "Tool response",
        "Function response",
    )
)
"""The words of labels in lower case."""

JSON = re.compile(r"\s*[\[{]\s*[\"'{]")
"""The begin of a JSON object, or of a list of them."""

FENCES = "`~"
"""What a fence begins with; its closer says nothing of the type."""

_NOT_CORE = re.compile(r"[\W_]|begin|start|end")
_TAIL = 130


def _pattern(tags: Sequence[str]) -> re.Pattern[str]:
    """One of these words in the core of a marker, but for words that may stand for text too."""
    cores = {_NOT_CORE.sub("", tag.lower()) for tag in tags if tag not in words.TEXT_TAGS}
    return re.compile("|".join(sorted(re.escape(core) for core in cores if len(core) > 3)))


_TELLING = {
    "THOUGHT": _pattern(words.THOUGHT_TAGS),
    "TOOLCALL": _pattern((*words.CALL_TAGS, *words.SHELL_TAGS, *words.CODE_TAGS)),
    "TOOLRESPONSE": _pattern(words.RESPONSE_TAGS),
}


class Edges(NamedTuple):
    """Where a segment's opening marker ends and where its closing marker starts."""

    open_end: int
    close_start: int


def opener(text: str, span: Span) -> int | None:
    """Where the opening marker ends, or `None`; a label is no marker here."""
    match = OPENER.match(text, span.start, span.end)
    return match.end() if match else None


def paired(text: str, span: Span) -> Edges | None:
    """The edges of a segment that begins with a marker and ends with the marker's closer."""
    first = OPENER.match(text, span.start, span.end)
    if first is None:
        return None
    last = CLOSER.search(text, max(first.end(), span.end - _TAIL), span.end)
    if last is None or not text[first.end() : last.start()].strip(SPACE):
        return None
    opens, closes = first[0], last[0]
    if (opens[0] in "`~") != (closes[0] in "`~"):
        return None
    if opens[0] not in "`~":
        core = _NOT_CORE.sub("", opens.lower())
        if opens.lower() == closes.lower() or not core.startswith(
            _NOT_CORE.sub("", closes.lower())
        ):
            return None
    return Edges(first.end(), last.start())


def tells(closer: str, label: str) -> bool:
    """Whether a closing marker alone says of which type the segment is that it closes."""
    pattern = _TELLING.get(label)
    return pattern is not None and pattern.search(_NOT_CORE.sub("", closer.lower())) is not None


def labelled(text: str, span: Span) -> re.Match[str] | None:
    """The label at a segment's start, if its word is a known one."""
    match = LABEL.match(text, span.start, min(span.end, span.start + 60))
    if match and match["word"].lower() in LABEL_WORDS:
        return match
    return None


def marked(text: str, span: Span) -> bool:
    """Whether a marker or a known label opens the segment."""
    return opener(text, span) is not None or labelled(text, span) is not None


def structured(text: str, start: int, end: int) -> bool:
    """Whether a body shows by its form that it is a call."""
    return STRUCTURED.match(text, start, end) is not None


def closed(text: str, span: Span) -> bool:
    """Whether the segment's end is seen: by its closing marker, or by the end of bare JSON."""
    if paired(text, span) is not None:
        return True
    bare = text[span.start] in "{[" and opener(text, span) is None
    return bare and text[span.end - 1] == {"{": "}", "[": "]"}[text[span.start]]


def hides(text: str, start: int, end: int) -> bool:
    """Whether a body may hold a call or a label that would count if the body were open."""
    return HIDES.search(text, start, end) is not None


def gap_after(text: str, spans: Sequence[Span], index: int) -> str:
    """What stands between a segment and the next one, or the end; index -1 is the begin of the text."""
    start = spans[index].end if index >= 0 else 0
    end = spans[index + 1].start if index + 1 < len(spans) else len(text)
    return text[start:end]


def blank(gap: str) -> bool:
    """Whether a gap has nothing but whitespace."""
    return not gap.strip(SPACE)


def turn_follows(text: str, spans: Sequence[Span], index: int) -> bool:
    """Whether a turn marker or the end of the text follows the segment."""
    gap = gap_after(text, spans, index)
    if index + 1 == len(spans) and not gap.strip(SPACE):
        return True
    return TURN.match(gap) is not None


def stands_free(text: str, spans: Sequence[Span]) -> bool:
    """Whether nothing but whitespace and turn markers stands between the segments (no JSON around them)."""
    gaps = (gap_after(text, spans, index) for index in range(-1, len(spans)))
    return all(blank(gap) or TURN.match(gap) for gap in gaps)


def of_type(spans: Sequence[Span], label: str) -> list[int]:
    """The indices of the segments of one type."""
    return [index for index, span in enumerate(spans) if span.label == label]


def some(rng: Random, candidates: Sequence[int]) -> list[int]:
    """One of the candidates, or, at times, all."""
    if len(candidates) > 1 and rng.random() < 0.3:
        return list(candidates)
    return [rng.choice(candidates)] if candidates else []
