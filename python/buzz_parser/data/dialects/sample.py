"""Dialects that nobody has named: recombined parts, invented markers, other languages."""

from dataclasses import replace
from random import Random

from buzz_parser.data.dialects import payloads, words
from buzz_parser.data.dialects.brackets import BRACKETS, drawn_brackets, shared_end
from buzz_parser.data.dialects.framework_steps import evident, reshaped
from buzz_parser.data.dialects.framework_steps import paired as each_answered
from buzz_parser.data.dialects.line_labels import NUMBERED_SHAPES, THOUGHT_LINES, label_shape
from buzz_parser.data.dialects.markers import labelled, paired, word
from buzz_parser.data.dialects.model import Body, Dialect, Gaps, Turns, Wrap, same
from buzz_parser.data.dialects.sample_calls import sample_call
from buzz_parser.data.dialects.sample_channels import sample_channels
from buzz_parser.data.dialects.turns import TURNS, invented_turns

THEMES = (
    "tags",
    "tags",
    "labels",
    "labels",
    "tokens",
    "tokens",
    "mixed",
    "mixed",
    "code",
    "channels",
    "blocks",
)
"""What the markers of a dialect are, one that stands twice drawn twice as often. In `blocks` every segment has
an opening marker of its own and all have the same end."""

INLINE = 0.08
"""The share of labelled dialects whose results stand on the line of their call."""

ARROWS = (
    "->",
    "->",
    " -> ",
    " => ",
    "=>",
    " → ",
    "→",
    " = ",
    " ==> ",
    " >> ",
    " |-> ",
    " ⇒ ",
    " returns ",
)
"""What opens a result on the line of its call."""


def sample_dialect(rng: Random) -> Dialect:
    """A dialect drawn from the whole space; its family says `invented`."""
    theme = rng.choice(THEMES)
    if theme == "channels":
        return sample_channels(rng)
    brackets = _brackets(rng, theme)
    shape = _label_shape(rng)
    turns = _turns(rng)
    thought = _thought(rng, theme, brackets, shape)
    response = _response(rng, theme, brackets, shape)
    text, final = _texts(rng, theme, brackets, shape, thought, response, turns)
    call, bare = sample_call(rng, theme, brackets, shape)
    inline = theme == "labels" and not bare and rng.random() < INLINE
    if inline:
        response, call = Wrap(rng.choice(ARROWS)), replace(call, block=None)
    dialect = Dialect(
        name="invented",
        family="invented",
        call=call,
        thought=thought,
        thought_body=_thought_body(rng),
        text=text,
        final=final,
        response=response,
        response_body=_response_body(rng),
        turns=turns,
        gaps=Gaps(
            default=rng.choice(("\n", "\n", "\n\n")),
            after_thought=rng.choice(
                (None, None, "\n\n", "\n", "" if thought.close.strip() else "\n")
            ),
            before_call=rng.choice((None, None, "\n", "\n\n")),
            before_response="" if inline else rng.choice((None, None, "\n")),
        ),
    )
    if inline:
        return reshaped(dialect, each_answered)
    return evident(dialect, replace(call, block=None)) if bare else dialect


def _brackets(rng: Random, theme: str) -> tuple[str, str]:
    if theme == "blocks":
        return shared_end(rng)
    if theme == "tags" and rng.random() < 0.6:
        return BRACKETS[0]
    return drawn_brackets(rng) if rng.random() < 0.5 else rng.choice(BRACKETS)


def _label_shape(rng: Random) -> str | None:
    """One shape for all labels of a dialect, as most have it; `None` for each its own."""
    draw = rng.random()
    if draw < 0.35:
        return None
    return rng.choice(NUMBERED_SHAPES) if draw < 0.45 else label_shape(rng)


def _turns(rng: Random) -> Turns:
    draw = rng.random()
    if draw < 0.55:
        return Turns()
    return rng.choice(TURNS) if draw < 0.72 else invented_turns(rng)


def _thought(rng: Random, theme: str, brackets: tuple[str, str], shape: str | None) -> Wrap:
    draw = 1.0 if theme == "blocks" else rng.random()
    if draw < 0.2:
        return Wrap()
    if theme in ("labels", "code") or (theme == "mixed" and draw < 0.5):
        if draw < 0.3:
            return Wrap(rng.choice(THOUGHT_LINES), "")
        return Wrap(labelled(rng, words.THOUGHT_LABELS, shape), "")
    if draw < 0.45:
        return rng.choice(
            (
                Wrap("<think>\n", "\n</think>"),
                Wrap("<think>", "</think>"),
                Wrap("<thinking>\n", "\n</thinking>"),
            )
        )
    return paired(rng, words.THOUGHT_TAGS, brackets)


def _thought_body(rng: Random) -> Body:
    draw = rng.random()
    if draw < 0.03:
        return lambda body: "\n".join(f"> {line}".rstrip() for line in body.split("\n"))
    if draw < 0.08:
        return lambda body: " ".join(body.split("\n"))
    return same


def _response(rng: Random, theme: str, brackets: tuple[str, str], shape: str | None) -> Wrap:
    draw = 1.0 if theme == "blocks" else rng.random()
    if theme in ("labels", "code") or (theme == "mixed" and draw < 0.5):
        if draw < 0.12:
            return Wrap(
                rng.choice(("```output\n", "```tool_output\n", "```result\n", "```\n")), "\n```"
            )
        if draw < 0.2:
            return Wrap(
                rng.choice(
                    (
                        "EXECUTION RESULT of [%name%]:\n",
                        "Result of %name%: ",
                        "%name% returned:\n",
                        "[%name%] Result:\n",
                        "=> ",
                        "→ ",
                        "<- ",
                        "## Return of %id%\n",
                        "%name% -> ",
                        "tool result: ",
                        "[%name% output]\n",
                        "Output from %call%:\n",
                        ">>> ",
                        "<< ",
                        "function name=%name%:\n",
                        "OUTPUT (%name%):\n",
                    )
                ),
                "",
            )
        return Wrap(labelled(rng, words.RESPONSE_LABELS, shape), "")
    if draw < 0.15:
        name = word(rng, words.RESPONSE_TAGS)
        return Wrap(f'<{name} name="%name%">\n', f"\n</{name}>")
    if draw < 0.3:
        return Wrap("<tool_response>\n", "\n</tool_response>")
    return paired(rng, words.RESPONSE_TAGS, brackets)


def _response_body(rng: Random) -> Body:
    draw = rng.random()
    if draw < 0.05:
        return lambda body: payloads.dump({"result": body})
    if draw < 0.08:
        return lambda body: payloads.dump({"status": "ok", "output": body}, indent=2)
    if draw < 0.11:
        return lambda body: "\n".join(f"  {line}" for line in body.split("\n"))
    return same


def _texts(
    rng: Random,
    theme: str,
    brackets: tuple[str, str],
    shape: str | None,
    thought: Wrap,
    response: Wrap,
    turns: Turns,
) -> tuple[Wrap, Wrap]:
    """The wrap of texts and of the last one; marked where else nothing would part it from its neighbour."""
    open_before = bool(thought.open and not thought.close)
    open_before |= not response.close and not turns.marked
    if theme == "blocks":
        final = paired(rng, words.TEXT_TAGS, brackets)
        return final if rng.random() < 0.6 else paired(rng, words.TEXT_TAGS, brackets), final
    draw = rng.random()
    if draw < 0.55 and not (open_before and draw < 0.45):
        return Wrap(), Wrap()
    if theme in ("labels", "code") or draw < 0.7:
        final = Wrap(labelled(rng, words.TEXT_LABELS, shape), "")
    else:
        final = paired(rng, words.TEXT_TAGS, brackets)
    return (final if rng.random() < 0.3 else Wrap()), final
