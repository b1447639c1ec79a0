"""A message in a dialect: pieces in order, spans by construction."""

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from buzz_parser.data.assembly import Piece, outside
from buzz_parser.data.dialects import words
from buzz_parser.data.dialects.model import Call, CallForm, Dialect, Item, Wrap

LONG_THOUGHT = 240
"""From so many bytes on, a deliberation shows by its voice."""

SELF_TALK = re.compile(
    r"(?i)\b(?:the user|the customer|(?:she|he|they) (?:wants?|asks?|needs?)|I should|should I|let me think|"
    r"hm+|wait|okay,? so|not sure|I wonder|must ?n.t|must not|don.t (?:tell|mention|say)|better (?:ask|check)|"
    r"could be|probably|maybe)\b|Nutzer|Kund(?:e|in)\b|utilisateur|usuari[oa]|utente|usuário|пользовател|"
    r"用户|ユーザ|사용자|也许|かも|vielleicht|peut-être|quizás|forse|talvez|наверно"
)
"""What prose to a reader seldom holds."""

_LABELS = {
    *words.THOUGHT_LABELS, *words.CALL_LABELS, *words.RESPONSE_LABELS, *words.TEXT_LABELS
} - {*words.EVERYDAY_LABELS}  # fmt: skip
LABELLED_LINE = re.compile(
    r"(?mi)^[*#>\- ]*(?:" + "|".join(sorted(map(re.escape, _LABELS))) + r")[*_ ]{0,3}[:：]"
)
"""A line that starts as a segment of its own would."""

NUMBERS = re.compile(r"[-+\d.,:/%€$£ ]+")

CALL, THOUGHT, TEXT, RESPONSE = "TOOLCALL", "THOUGHT", "TEXT", "TOOLRESPONSE"


@dataclass(frozen=True, kw_only=True)
class Rendered:
    """An item as pieces; whether a marker shows its begin, and whether one shows its end."""

    item: Item
    pieces: tuple[Piece, ...]
    opens: bool
    closes: bool


def render(
    items: Sequence[Item], dialect: Dialect, rng: Random, *, lead: bool = False, ended: bool = False
) -> list[Piece]:
    """The pieces of a message; `lead` writes the first turn's header, `ended` closes the last turn.

    A result that only its turn's header shows always has it.
    Items whose bounds or types no reader could know are left out: an unmarked thought beside unmarked prose,
    whatever would follow a result that nothing closes, a result that neither a marker nor a turn shows, and
    data on its own, which may be an answer or a result.
    """
    if dialect.whole is not None and (shape := dialect.whole(items, rng)) is not None:
        return shape
    parts = [_rendered(item, items, dialect) for item in _kept(items, dialect)]
    shown = _decidable(parts, dialect)
    lead |= bool(shown) and shown[0].item.kind == "response" and not shown[0].opens
    pieces: list[Piece] = []
    turns = dialect.turns
    last_turn = ""
    for index, part in enumerate(shown):
        turn = "tool" if part.item.kind == "response" and turns.tool is not None else "assistant"
        wrap = turns.tool if turn == "tool" and turns.tool else turns.assistant
        own_turn = turn == "tool" and not turns.shared
        if turn != last_turn or own_turn:
            if last_turn:
                before = shown[index - 1].item
                pieces.append(outside(before.slots.fill(_wrap_of(dialect, last_turn).close)))
            if last_turn or lead:
                pieces.append(outside(part.item.slots.fill(wrap.open)))
        else:
            pieces.append(outside(_gap(shown[index - 1].item, part.item, dialect)))
        pieces += part.pieces
        last_turn = turn
    if shown and ended:
        pieces.append(outside(shown[-1].item.slots.fill(_wrap_of(dialect, last_turn).close)))
    return pieces


def render_calls(calls: Sequence[Call], form: CallForm) -> list[Piece]:
    """The calls of one round: one segment each, or one around all, as the form says."""
    pieces: list[Piece] = []
    functions: list[Call] = []
    for call in calls:
        found = form.block(call) if form.block is not None and call.kind != "function" else None
        if found is None:
            functions.append(call)
            continue
        _append(pieces, _function_pieces(functions, form), form.joint)
        functions = []
        _append(pieces, [Piece(CALL, found)], form.joint)
    _append(pieces, _function_pieces(functions, form), form.joint)
    return pieces


def _append(pieces: list[Piece], more: list[Piece], joint: str) -> None:
    if pieces and more:
        pieces.append(outside(joint if joint.isspace() else "\n"))
    pieces += more


def _function_pieces(calls: Sequence[Call], form: CallForm) -> list[Piece]:
    if not calls:
        return []
    wrapped = [form.wrap.around(form.payload(call), call.slots) for call in calls]
    first = calls[0].slots
    if form.group == "list":
        return [Piece(CALL, form.section.around(f"[{form.joint.join(wrapped)}]", first))]
    if form.group == "section":
        return [Piece(CALL, form.section.around(form.joint.join(wrapped), first))]
    if not form.wrap.open and not form.wrap.close:
        return [Piece(CALL, form.joint.join(wrapped))]
    pieces: list[Piece] = []
    for index, text in enumerate(wrapped):
        if index:
            pieces.append(outside(form.joint))
        pieces.append(Piece(CALL, text))
    return pieces


def _rendered(item: Item, items: Sequence[Item], dialect: Dialect) -> Rendered:
    if item.kind == "calls":
        pieces = render_calls(item.calls, dialect.call)
        return Rendered(item=item, pieces=tuple(pieces), opens=True, closes=dialect.call.delimited)
    if item.kind == "thought":
        label, wrap, body = THOUGHT, dialect.thought, dialect.thought_body(item.body)
    elif item.kind == "response":
        label, wrap, body = RESPONSE, dialect.response, dialect.response_body(item.body)
    else:
        is_last = item is items[-1]
        label, wrap, body = TEXT, dialect.final if is_last else dialect.text, item.body
    return Rendered(
        item=item,
        pieces=(Piece(label, wrap.around(body, item.slots)),),
        opens=bool(wrap.open.strip()),
        closes=bool(wrap.close.strip()),
    )


def _kept(items: Sequence[Item], dialect: Dialect) -> list[Item]:
    """Without the thoughts that only voice would part from the prose beside them."""
    if dialect.thought.open.strip() and dialect.thought.close.strip():
        return list(items)
    kept = []
    for index, item in enumerate(items):
        after = items[index + 1].kind if index + 1 < len(items) else ""
        before = items[index - 1].kind if index else ""
        if item.kind == "thought":
            if not _marked(dialect.thought) and not deliberates(item.body):
                continue
            ends = (
                dialect.thought.close
                or after != "text"
                or _text_opens(dialect, index + 2 == len(items))
            )
            begins = dialect.thought.open or before != "text" or dialect.text.close
            if not (ends and begins):
                continue
        kept.append(item)
    return kept


def _marked(wrap: Wrap) -> bool:
    return bool(wrap.open.strip() or wrap.close.strip())


def deliberates(body: str) -> bool:
    """Whether prose can be known for a thought by its voice alone: a plain sentence may be a preamble (rule 8)."""
    return len(body.encode()) >= LONG_THOUGHT or SELF_TALK.search(body) is not None


def _text_opens(dialect: Dialect, is_last: bool) -> bool:
    return bool((dialect.final if is_last else dialect.text).open.strip())


def _decidable(shown: Iterable[Rendered], dialect: Dialect) -> list[Rendered]:
    """The parts up to the first one whose begin or type nothing shows, without such ones at the start."""
    kept: list[Rendered] = []
    for part in shown:
        if kept and not _parted(kept[-1], part, dialect):
            break
        typed = part.opens or _typed(part, dialect, is_first=not kept)
        if not typed or _bounds_hidden(part):
            if kept:
                break
            continue
        kept.append(part)
    return kept


def _parted(before: Rendered, after: Rendered, dialect: Dialect) -> bool:
    """Whether the boundary between two parts can be known from the text."""
    if before.closes or after.opens or before.item.kind == after.item.kind:
        return True
    responds = (before.item.kind == "response") != (after.item.kind == "response")
    return responds and dialect.turns.bound_results


def _typed(part: Rendered, dialect: Dialect, *, is_first: bool) -> bool:
    """Whether a part without an opening marker shows its type, by its turn's header or as prose does."""
    if part.item.kind == "response":
        return dialect.turns.tool is not None and bool(dialect.turns.tool.open.strip())
    return not (is_first and part.item.kind == "text" and is_data(part.item.body))


def _bounds_hidden(part: Rendered) -> bool:
    """Whether a line in prose that nothing closes starts with a label, which would end it."""
    prose = part.item.kind in ("thought", "response") and not part.closes
    return prose and LABELLED_LINE.search(part.item.body, int(part.opens)) is not None


def is_data(body: str) -> bool:
    """Whether a text is a JSON object or list, or numbers alone."""
    if NUMBERS.fullmatch(body):
        return True
    try:
        return isinstance(json.loads(body), dict | list)
    except (ValueError, RecursionError):
        return False


def _wrap_of(dialect: Dialect, turn: str) -> Wrap:
    return dialect.turns.tool if turn == "tool" and dialect.turns.tool else dialect.turns.assistant


def _gap(before: Item, after: Item, dialect: Dialect) -> str:
    gaps = dialect.gaps
    chosen: str | None = None
    if after.kind == "response":
        chosen = gaps.before_response
    elif after.kind == "calls":
        chosen = gaps.before_call
    if chosen is None and before.kind == "thought":
        chosen = gaps.after_thought
    return gaps.default if chosen is None else chosen
