"""How a word becomes an opening and a closing marker: fixed pairs, and pairs drawn from parts."""

from random import Random

BRACKETS: tuple[tuple[str, str], ...] = (
    ("<{}>", "</{}>"),
    ("<{}>", "</{}>"),
    ("<{}>", "</{}>"),
    ("<{}>", "</{}>"),
    ("[{}]", "[/{}]"),
    ("<|{}|>", "<|/{}|>"),
    ("<|{}_start|>", "<|{}_end|>"),
    ("<|begin_{}|>", "<|end_{}|>"),
    ("<|{}:begin|>", "<|{}:end|>"),
    ("<start_{}>", "<end_{}>"),
    ("<<{}>>", "<</{}>>"),
    ("[[{}]]", "[[/{}]]"),
    ("{{{{{}}}}}", "{{{{/{}}}}}"),
    ("«{}»", "«/{}»"),
    ("【{}】", "【/{}】"),
    ("◁{}▷", "◁/{}▷"),
    ("<｜{}｜>", "<｜/{}｜>"),
    ("<!-- {} -->", "<!-- /{} -->"),
    ("### {} ###", "### end {} ###"),
    ("<|{}>", "<{}|>"),
    ("=== {} ===", "=== end ==="),
    ("--- {} ---", "--- end {} ---"),
    ("%%{}%%", "%%/{}%%"),
    ("\\{}{{", "\\end{}}}"),
    ("@@{}", "@@end"),
    ("BEGIN {}", "END {}"),
    ("{}_START", "{}_END"),
    ("<|start|>{}<|sep|>", "<|stop|>{}<|sep|>"),
    ("<|BEGIN_{}|>", "<|FINISH_{}|>"),
    ("<|{}_OPENS_HERE|>", "<|{}_ENDS_HERE|>"),
    ("<{}:pub>", "</{}:pub>"),
    ("<{}:in>", "<{}:out>"),
    ("[[begin:{}]]", "[[end:{}]]"),
    ("⟦{}⟧", "⟦/{}⟧"),
    ("‹{}›", "‹/{}›"),
    ("<~{}~>", "<~/{}~>"),
    ("(({}))", "((/{}))"),
    ("::{}::", "::/{}::"),
    ("<?{}?>", "<?/{}?>"),
    ("^^{}^^", "^^/{}^^"),
    ("<+{}+>", "<-{}->"),
    ("[{}>", "<{}]"),
    ("★{}★", "★end★"),
    ("<{} type=block>", "</{}>"),
    ('<seg kind="{}">', "</seg>"),
    ("<|kind|>{}<|body|>", "<|fin|>"),
)
"""How a word becomes an opening and a closing marker."""

TOKENS: tuple[str, ...] = (
    "<|{}|>", "<|{}|>", "<|{}|>", "<|{}|>", "<|{}|>", "<|{}|>", "<{}>", "<{}>", "[{}]", "<｜{}｜>", "<<{}>>",
    "[[{}]]", "{{{{{}}}}}", "⟦{}⟧", "‹{}›",
    "【{}】", "◁{}▷", "<@{}@>", "<#{}#>", "[|{}|]", "<|[{}]|>", "<+{}+>", "({})", "<%{}%>", "<||{}||>", "«{}»",
    "|{}|", "<${}$>",
)  # fmt: skip
"""How a special token is written."""

WORD_PAIRS: tuple[tuple[str, str], ...] = (
    ("{}", "/{}"), ("{}", "/{}"), ("{}", "{}_end"), ("{}_start", "{}_end"), ("{}_begin", "{}_end"),
    ("begin_{}", "end_{}"), ("{}:begin", "{}:end"), ("{}:start", "{}:end"), ("START_{}", "END_{}"),
    ("open {}", "close {}"), ("bo_{}", "eo_{}"), ("+{}", "-{}"), ("{}>", "<{}"), ("{}.open", "{}.close"),
    ("begin of {}", "end of {}"), ("{}", "end"), ("{}", "end_block"), ("start:{}", "stop:{}"), ("#{}", "/#{}"),
    ("{}:", ":{}"), ("{}", "!{}"), ("in:{}", "out:{}"), ("{}_open", "{}_close"),
    ("begin_of_{}", "end_of_{}"), ("begin_of_{}", "end_of_{}"), ("beginof{}", "endof{}"), ("{}", "endof{}"),
    ("{}", "end_of_{}"), ("{}_begins", "{}_ends"), ("start_of_{}", "end_of_{}"), ("enter_{}", "leave_{}"),
)  # fmt: skip
"""What stands in the opening and in the closing token."""

OPENS = (
    "open",
    "begin",
    "start",
    "push",
    "enter",
    "block",
    "seg",
    "section",
    "channel",
    "kind",
    "type",
    "part",
    "mode",
)
CLOSES = (
    "close",
    "end",
    "stop",
    "pop",
    "leave",
    "endblock",
    "fin",
    "endsection",
    "done",
    "/block",
    "/seg",
    "eob",
    "end_of_block",
    "block_end",
    "endseg",
    "end_segment",
    "endpart",
    "end_of_part",
    "end_section",
    "end_span",
    "end_content",
    "close_block",
)
MIDDLES = (
    "sep",
    "body",
    "content",
    "is",
    "text",
    "msg",
    "message",
    "begins",
    "then",
    "data",
    "split",
    "in",
)
"""The words of tokens around a word that stands outside of them."""


def shared_end(rng: Random) -> tuple[str, str]:
    """Brackets whose closing marker is the same for every word: a block's end, which is no turn's."""
    token = rng.choice(TOKENS)
    return token, token.replace("{}", rng.choice(CLOSES))


def drawn_brackets(rng: Random) -> tuple[str, str]:
    """An opening and a closing marker of one style, of one to three parts; `{}` is the word."""
    token = rng.choice(TOKENS)
    draw = rng.random()
    if draw < 0.5:
        opening, closing = rng.choice(WORD_PAIRS)
        return _in(token, opening), _in(token, closing)
    opened, closed, middle = (token.format(rng.choice(pool)) for pool in (OPENS, CLOSES, MIDDLES))
    opened, closed, middle = (
        part.replace("{", "{{").replace("}", "}}") for part in (opened, closed, middle)
    )
    if draw < 0.65:
        return opened + "{}" + middle, closed + "{}" + middle
    if draw < 0.85:
        return opened + "{}" + middle, closed
    return _in(token, "{}") + middle, closed


def _in(token: str, words: str) -> str:
    """A token around words that still hold the slot."""
    return token.replace("{}", words)
