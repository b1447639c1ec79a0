"""A parsed message for human eyes: one block a segment, coloured by type, controls made visible."""

from rich.console import Console
from rich.text import Text

from buzz_parser.reading.trace import ParseResult

STYLES = {
    "THOUGHT": "magenta",
    "TOOLCALL": "bold green",
    "TEXT": "cyan",
    "TOOLRESPONSE": "yellow",
    "O": "dim",
}
"""A style for each type; a label stands beside the text, so that nothing hangs on colour alone."""

GUTTER = max(map(len, STYLES))


def print_result(console: Console, result: ParseResult, *, scores: bool = True) -> None:
    """Prints a message segment by segment, what is outside of all segments included."""
    position = 0
    for segment in result.segments:
        _print_block(console, "O", result.text[position : segment.start], "")
        note = f"{segment.score:.3f}" if scores else ""
        _print_block(console, segment.label, segment.text, note)
        position = segment.end
    _print_block(console, "O", result.text[position:], "")


def legend() -> Text:
    """The names of the types in their colours."""
    names = (Text(label, style=style) for label, style in STYLES.items())
    return Text("  ").join(names)


def visible(text: str) -> str:
    """The text with control characters as symbols, so that no message can steer the terminal."""
    return "".join(_visible_character(character) for character in text)


def _visible_character(character: str) -> str:
    code = ord(character)
    if character == "\n":
        return character
    if character == "\t":
        return "    "
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if 0x80 <= code < 0xA0 or 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069:
        return f"\\u{code:04x}"
    return character


def _print_block(console: Console, label: str, text: str, note: str) -> None:
    body = visible(text.strip("\n") if label == "O" else text)
    if label == "O" and not body.strip():
        return
    style = STYLES[label]
    for number, line in enumerate(body.split("\n")):
        name = label if number == 0 else ""
        row = Text(f"{name:>{GUTTER}} ", style=style)
        row.append("│ ", style="dim")
        row.append(line, style=style)
        if number == 0 and note:
            row.append(f"  {note}", style="dim")
        console.print(row)
