"""All damages by name, and the draw of one to three of them."""

from collections.abc import Sequence
from random import Random

from buzz_parser.data.damage import (
    arguments,
    cuts,
    envelopes,
    escapes,
    fences,
    identifiers,
    labels,
    logs,
    repeats,
    spacing,
    tags,
    thoughts,
    tokens,
)
from buzz_parser.data.damage.edits import Damage
from buzz_parser.data.records import Span

DAMAGES: dict[str, Damage] = {
    "M01-opener-missing": envelopes.opener_missing,
    "M02-closer-missing": envelopes.closer_missing,
    "M03-call-inside-thought": thoughts.call_inside_thought,
    "M04-call-interrupts-thought": thoughts.call_interrupts_thought,
    "M05-stray-closer": thoughts.stray_closer,
    "M06-leaked-call": envelopes.stray_word,
    "M07-changed-bars": tokens.changed_bars,
    "M08-harmony-header": tokens.harmony_header,
    "M09-stripped-tokens": tokens.stripped_tokens,
    "M10-mixed-dialects": tags.mixed_dialects,
    "M11-crossed-brackets": arguments.crossed_brackets,
    "M12-broken-json": arguments.broken_json,
    "M13-empty-arguments": arguments.empty_arguments,
    "M14-python-literals": arguments.python_literals,
    "M15-stringified-arguments": arguments.stringified,
    "M16-named-children": tags.named_children,
    "M17-wrong-closer": tags.wrong_closer,
    "M18-foreign-id": identifiers.foreign_id,
    "M19-unclosed-fence": fences.unclosed_fence,
    "M20-drifting-labels": labels.drifting_labels,
    "M21-escaped-markup": escapes.escaped_markup,
    "M22-duplicated-call": repeats.duplicated_call,
    "M23-repeated-instructions": repeats.repeated_instructions,
    "M24-foreign-lines": logs.foreign_lines,
    "X01-cut-off": cuts.cut_off,
    "X02-beginning-lost": cuts.beginning_lost,
    "X03-one-line": spacing.one_line,
    "X04-doubled-newlines": spacing.doubled_newlines,
    "X05-missing-whitespace": spacing.missing_whitespace,
    "X06-trailing-spaces": spacing.trailing_spaces,
    "X07-windows-newlines": spacing.windows_newlines,
    "X08-typographic-quotes": arguments.typographic_quotes,
}
"""M1 to M24 of the catalogue of formats, and eight more."""

LATER = {
    "M23-repeated-instructions": 2.5,
    "X01-cut-off": 1.5,
    "X03-one-line": 2.5,
    "X04-doubled-newlines": 4.0,
    "X06-trailing-spaces": 3.0,
    "X07-windows-newlines": 4.0,
}
"""Damages that apply to almost any message are tried later than the others, that these get their share."""

ADDED_BEHIND = {"M23-repeated-instructions", "M24-foreign-lines"}
"""What nobody adds to a message that was cut off."""


def damage(
    text: str, spans: Sequence[Span], rng: Random, strength: float
) -> tuple[str, tuple[Span, ...], tuple[str, ...]]:
    """The message after one to three damages that apply to it, with their names in order.

    `strength`, 0 to 1, is how likely more than one is. Without a segment, or where none of the damages
    applies, the message comes back as it was.
    """
    kept = tuple(spans)
    wanted = 1 + (rng.random() < 0.6 * strength) + (rng.random() < 0.4 * strength)
    done: list[str] = []
    if not kept:
        return text, kept, ()
    for name in sorted(DAMAGES, key=lambda name: rng.random() * LATER.get(name, 1.0)):
        if name in ADDED_BEHIND and "X01-cut-off" in done:
            continue
        found = DAMAGES[name](text, kept, rng)
        if found is not None:
            text, kept = found.text, found.spans
            done.append(name)
            if len(done) == wanted:
                break
    return text, kept, tuple(done)
