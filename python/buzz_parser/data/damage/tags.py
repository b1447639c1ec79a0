"""Tags inside of a call that are not what they should be: names, closers, another family's syntax."""

import re
from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage.edits import Damaged, Edit, edited
from buzz_parser.data.damage.markers import of_type, opener, paired
from buzz_parser.data.records import Span

WRONG_NAMES = (
    "function",
    "parameter",
    "parameters",
    "param",
    "value",
    "argument",
    "arg_key",
    "input",
)

FOREIGN = (
    "</arg_value>\n<arg_key>timeout</arg_key>\n<arg_value>20",
    "</arg_value>\n<arg_key>%s</arg_key>\n<arg_value>true",
    "</parameter>\n<parameter=%s>\n",
    "</parameter>\n<parameter name=\"%s\">1",
    "<arg_key>%s</arg_key><arg_value>",
    "</arg_value>",
    "</parameter>",
    "\", \"%s\": \"",
    "<|tool_call_argument_begin|>{\"%s\": ",
    "[ARGS]{\"%s\": \"",
    "\nAction Input: {\"%s\": 1",
    "</param>\n<param name=\"%s\">",
)  # fmt: skip
"""Another dialect's syntax, as it turns up inside an argument."""

ARGUMENT_WORDS = (
    "timeout",
    "path",
    "limit",
    "cwd",
    "description",
    "replace_all",
    "offset",
    "query",
    "mode",
)

_CHILD = re.compile(
    r"<(?P<tag>(?:\w+:)?(?:parameter|param|arg|argument))(?:=| name=\")(?P<name>[\w.-]+)\"?[^<>\n]*>"
)
_INNER_CLOSER = re.compile(r"</([\w:.-]+)>")
_VALUE_END = re.compile(
    r"(?<=[\w.,;)/ ])\"(?=\s*[,}\]])|(?=\s*</(?:parameter|arg_value|param|arg|value)>)"
)


def named_children(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Child tags are named after the argument: `<command>…</command>` instead of a parameter of that name."""
    found = [i for i in of_type(spans, "TOOLCALL") if _CHILD.search(text, *spans[i][1:])]
    if not found:
        return None
    index = rng.choice(found)
    span = spans[index]
    edits = []
    for match in _CHILD.finditer(text, span.start, span.end):
        closer = f"</{match['tag']}>"
        at = text.find(closer, match.end(), span.end)
        if at >= 0:
            edits.append(Edit(match.start(), match.end(), f"<{match['name']}>", index))
            edits.append(Edit(at, at + len(closer), f"</{match['name']}>", index))
    return edited(text, spans, _disjoint(edits))


def wrong_closer(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """An inner element is closed by the wrong tag; the outermost closer stays."""
    candidates = []
    for index in of_type(spans, "TOOLCALL"):
        edges = paired(text, spans[index])
        if edges is not None:
            outer = text[edges.close_start : spans[index].end]
            inner = _INNER_CLOSER.finditer(text, edges.open_end, edges.close_start)
            candidates += [(index, match, outer) for match in inner]
    if not candidates:
        return None
    index, match, outer = rng.choice(candidates)
    names = [n for n in WRONG_NAMES if f"</{n}>" != outer and n != match[1]]
    return edited(text, spans, [Edit(match.start(1), match.end(1), rng.choice(names), index)])


def mixed_dialects(text: str, spans: Sequence[Span], rng: Random) -> Damaged | None:
    """Inside an argument, the syntax of another dialect goes on."""
    candidates = []
    for index in of_type(spans, "TOOLCALL"):
        span = spans[index]
        edges = paired(text, span)
        start = opener(text, span) or span.start
        if edges is None and text[start : start + 1] not in ("{", "["):
            continue
        end = edges.close_start if edges else span.end - 1
        candidates += [(index, m.start()) for m in _VALUE_END.finditer(text, start, end)]
    if not candidates:
        return None
    index, at = rng.choice(candidates)
    foreign = rng.choice(FOREIGN).replace("%s", rng.choice(ARGUMENT_WORDS))
    return edited(text, spans, [Edit(at, at, foreign, index)])


def _disjoint(edits: list[Edit]) -> list[Edit]:
    """Without edits that lie in another one, as where a value quotes a tag."""
    kept: list[Edit] = []
    for edit in sorted(edits, key=lambda e: e.start):
        if not kept or edit.start >= kept[-1].end:
            kept.append(edit)
    return kept
