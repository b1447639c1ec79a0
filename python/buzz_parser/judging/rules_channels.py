"""Channels: messages whose header says what they are and for whom, with their tokens or stripped of them."""

import re

from buzz_parser.data.records import Span
from buzz_parser.judging.rules_draft import Draft
from buzz_parser.judging.rules_scan import next_turn

HARMONY = re.compile(
    r"(?:<\|start\|>(?P<role>[\w.-]+(?: (?!to=)[\w.-]+)?))?(?P<gap>[ ]?)(?P<to>to=[\w.-]+)?"
    r"(?P<channels>(?:[ ]?<\|channel\|>[^<\n]*)*)(?:<\|constrain\|>[^<\n]*)?<\|message\|>"
)
HARMONY_END = re.compile(r"<\|(?:end|call|return|start|eom|eot)\|>")
STRIPPED = re.compile(
    r"(?:\A|(?<=assistant))(?P<channel>analysis|commentary|final)(?=[^a-z\s.,:;]| to=)"
)


def read_channel(draft: Draft, match: re.Match[str]) -> int | None:
    """A message with a channel header, the role before it outside."""
    spans, end = channel_spans(draft.text, match)
    role = match["role"]
    if role is not None:
        role_end = match.end("role")
        draft.turns(match.start(), role_end, None)
        draft.start = min(spans[0].start, len(draft.text))
    for span in spans:
        draft.put(*span)
    return end


def read_stripped(draft: Draft, match: re.Match[str]) -> int | None:
    """A channel whose tokens were stripped: only its name is left, glued to the role before and the body."""
    role = "assistant" if match.start() else ""
    draft.flush(match.start() - len(role))
    draft.start = match.start()
    if draft.text.startswith(" to=", match.end()):
        end = next_turn(draft.text, match.end())
        draft.put("TOOLCALL", match.start(), end)
        return end
    draft.open("THOUGHT" if match["channel"] == "analysis" else "TEXT", match.start())
    return match.end()


def channel_spans(text: str, match: re.Match[str]) -> tuple[list[Span], int]:
    """The segment of one message with a channel header, and where its body ends."""
    found = HARMONY_END.search(text, match.end())
    end = found.start() if found else len(text)
    start = match.start("to") if match["to"] else match.start("channels")
    role = (match["role"] or "assistant").split()[0]
    if role not in ("assistant", "user", "system", "developer"):
        first = match.start("channels") if match["channels"] else match.end()
        return [Span("TOOLRESPONSE", first, end)], end
    if role != "assistant":
        return [Span("TEXT", match.end(), end)], end
    label = _channel_label(match["to"] or "", match["channels"])
    return [Span(label, start if start < match.end() else match.end(), end)], end


def _channel_label(to: str, channels: str) -> str:
    recipient = re.search(r"to=([\w.-]+)", to + channels)
    if recipient is not None:
        known = {"self": "THOUGHT", "user": "TEXT", "all": "TEXT"}
        return known.get(recipient.group(1), "TOOLCALL")
    names = set(re.findall(r"<\|channel\|>\s*(\w+)", channels))
    if names - {"analysis", "commentary", "final"}:
        return "TOOLCALL"
    return "THOUGHT" if "analysis" in names else "TEXT"
