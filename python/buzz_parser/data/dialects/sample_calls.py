"""Drawn ways to write calls: envelope, grouping, payload, blocks of code."""

from collections.abc import Callable, Sequence
from random import Random

from buzz_parser.data.dialects import blocks, payloads, words
from buzz_parser.data.dialects.brackets import BRACKETS, TOKENS
from buzz_parser.data.dialects.markers import labelled, paired, word
from buzz_parser.data.dialects.model import Block, CallForm, Payload, Wrap


def sample_call(
    rng: Random, theme: str, brackets: tuple[str, str], shape: str | None = None
) -> tuple[CallForm, bool]:
    """How the calls of a dialect are written; the theme decides between labels and envelopes.

    Also says whether code stands in fences that look like those of an answer.
    """
    block, bare = _block(rng, theme, brackets)
    return _form(rng, theme, brackets, shape, block), bare


def _form(
    rng: Random, theme: str, brackets: tuple[str, str], shape: str | None, block: Block | None
) -> CallForm:
    draw = rng.uniform(0.3, 0.83) if theme == "blocks" else rng.random()
    if theme in ("labels", "code") or (theme == "mixed" and draw < 0.4):
        return _labelled_call(rng, block, shape)
    if draw < 0.1:
        return CallForm(payload=_payload(rng), block=block, joint=rng.choice(("\n", "\n\n", "; ")))
    wrap = paired(rng, words.CALL_TAGS, brackets)
    if draw < 0.3:
        wrap = Wrap("<tool_call>\n", "\n</tool_call>")
    if draw > 0.93:
        wrap = Wrap(wrap.open, "")
        return CallForm(payload=rng.choice(CLOSED_PAYLOADS)(rng), wrap=wrap, block=block)
    if draw > 0.83:
        return CallForm(
            payload=rng.choice((_json_payload, _json_payload, _python_payload))(rng),
            group="list",
            section=wrap,
            joint=rng.choice((", ", ",\n")),
            block=block,
        )
    if draw > 0.75:
        inner = paired(rng, words.CALL_TAGS, brackets)
        return CallForm(
            payload=_payload(rng), wrap=inner, group="section", section=wrap, block=block
        )
    return CallForm(
        payload=_payload(rng), wrap=wrap, joint=rng.choice(("\n", "\n", "", "\n\n")), block=block
    )


def _labelled_call(rng: Random, block: Block | None, shape: str | None) -> CallForm:
    label = labelled(rng, words.CALL_LABELS, shape)
    draw = rng.random()
    if draw < 0.35:
        second = rng.choice(words.INPUT_LABELS)
        ending = f"{second}: " if rng.random() < 0.8 else f"{second}:\n"
        if shape is not None and rng.random() < 0.6:
            ending = shape.format(second)
        rest = rng.choice((payloads.json_arguments(), payloads.json_arguments(indent=2)))
        apart = rng.choice(("\n", "\n", "\n", "\n\n"))
        return CallForm(
            payload=payloads.name_then(rest, joint=apart + ending), wrap=Wrap(label), block=block
        )
    if draw < 0.55:
        ticks = rng.choice(
            ("```json\n", "```\n", "```tool\n", "```tool_call\n", "```function\n", "```action\n")
        )
        label = label if rng.random() < 0.6 else ""
        return CallForm(
            payload=_json_payload(rng),
            wrap=Wrap(label.rstrip() + ("\n" if label else "") + ticks, "\n```"),
            block=block,
        )
    left, right = rng.choice(AROUND) if draw > 0.85 else ("", "")
    return CallForm(
        payload=rng.choice(CLOSED_PAYLOADS)(rng), wrap=Wrap(label + left, right), block=block
    )


def _block(rng: Random, theme: str, brackets: tuple[str, str]) -> tuple[Block | None, bool]:
    """How commands, code and edits stand on their own, and whether in bare fences; `None`: as functions."""
    draw = rng.random()
    if draw < 0.35:
        return None, False
    opener, closer = rng.choice(BRACKETS[:4] if rng.random() < 0.7 else BRACKETS)
    if theme == "blocks":
        opener, closer = brackets
    inner = rng.choice(("\n", "\n", "\n", " "))

    def marks(pool: Sequence[str]) -> Wrap:
        name = word(rng, pool)
        return Wrap(opener.format(name) + inner, inner + closer.format(name))

    edit = rng.choice(
        (
            blocks.search_replace(),
            blocks.search_replace(path_inside=True),
            blocks.search_replace(fenced=False),
            blocks.begin_patch,
            blocks.unified_diff,
        )
    )
    if theme in ("labels", "code") and draw < 0.7:
        language = rng.choice((None, None, "", "tool_code", "execute", "run", "action"))
        return blocks.first_of(blocks.fence(language), edit), not language
    tags = blocks.tags(marks(words.SHELL_TAGS), marks(words.CODE_TAGS))
    return blocks.first_of(tags, edit), False


def _payload(rng: Random) -> Payload:
    return rng.choice(ALL_PAYLOADS)(rng)


def _json_payload(rng: Random) -> Payload:
    return payloads.json_call(
        name_key=rng.choice(words.NAME_KEYS),
        args_key=rng.choice(words.ARGS_KEYS),
        indent=rng.choice((None, None, None, 2, 4)),
        compact=rng.random() < 0.2,
        as_string=rng.random() < 0.08,
        python=rng.random() < 0.06,
        ascii_only=rng.random() < 0.2,
        args_first=rng.random() < 0.06,
        id_key=rng.choice(("", "", "", "", "id", "tool_call_id", "call_id")),
        extra=rng.choice((None, None, None, None, {"type": "function"}, {"type": "tool_use"})),
    )


def _python_payload(rng: Random) -> Payload:
    return payloads.python_call(
        prefix=rng.choice(
            ("", "", "", "functions.", "tools.", "default_api.", "await ", "result = ", "api.")
        ),
        quote=rng.choice("'\""),
        equals=rng.choice(("=", "=", "=", " = ", ": ")),
        literals=rng.choice(("python", "python", "json")),
    )


def _xml_payload(rng: Random) -> Payload:
    value = rng.choice(("%value%", "%value%", "\n%value%\n"))
    head, tail = rng.choice(
        (
            ('<invoke name="%name%">', "</invoke>"),
            ("<function=%name%>", "</function>"),
            ('<function name="%name%">', "</function>"),
            ("<%name%>", "</%name%>"),
            ("<name>%name%</name>", ""),
            ("<tool_name>%name%</tool_name>\n<parameters>", "</parameters>"),
            ("%name%", ""),
        )
    )
    field = rng.choice(
        (
            f'<parameter name="%key%">{value}</parameter>',
            f"<parameter=%key%>{value}</parameter>",
            f"<%key%>{value}</%key%>",
            f'<arg name="%key%">{value}</arg>',
            "<arg_key>%key%</arg_key>\n<arg_value>%value%</arg_value>",
            f'<param name="%key%" type="%type%">{value}</param>',
            f"<key>%key%</key><value>{value}</value>",
        )
    )
    return payloads.fields_call(
        head=head, field=field, tail=tail, joint=rng.choice(("\n", "\n", ""))
    )


def _lines_payload(rng: Random) -> Payload:
    field = rng.choice(
        (
            "%key%: %value%",
            "%key% = %value%",
            "  %key%: %value%",
            "- %key%: %value%",
            "--%key%=%value%",
            "%key%=%value%",
        )
    )
    head = rng.choice(
        (
            "%name%",
            "tool: %name%",
            "name: %name%",
            "[%name%]",
            "name: %name%\narguments:",
            "%name%:",
        )
    )
    return payloads.fields_call(head=head, field=field, tail="", strings="json")


SEPARATORS = (
    "sep",
    "args",
    "arg_begin",
    "argument",
    "params",
    "input",
    "json",
    "call_sep",
    "body",
    "with",
)
FIELDS = (
    ("key", "val"),
    ("arg_key", "arg_value"),
    ("k", "v"),
    ("param", "is"),
    ("name", "value"),
    ("field", "="),
)


def _separated_payload(rng: Random) -> Payload:
    """Name, call id and arguments parted by tokens of one style, or each argument in tokens of its own."""
    token = rng.choice(TOKENS).format if rng.random() < 0.5 else "<|{}|>".format
    head = rng.choice(("", "", "", "%id%", "functions.", "call:", "function", "%index%"))
    if head in ("%id%", "function", "%index%"):
        head += token(rng.choice(("sep", "name", "fn", "tool_sep", "call")))
    draw = rng.random()
    if draw < 0.5:
        rest = payloads.json_arguments(indent=2 if draw < 0.1 else None, compact=draw < 0.2)
        joint = rng.choice(("", "", "\n")) + token(rng.choice(SEPARATORS)) + rng.choice(("", "\n"))
        return payloads.name_then(rest, joint=joint, name=f"{head}%name%")
    key, value = map(token, rng.choice(FIELDS))
    ending = rng.choice(("", "", token(rng.choice(("end", "/val", "arg_end")))))
    field = f"{key}%key%{value}%value%{ending}"
    return payloads.fields_call(
        head=f"{head}%name%", field=field, tail="", joint=rng.choice(("", "\n"))
    )


AROUND = (
    ("[", "]"),
    ("[", "]"),
    ("(", ")"),
    ("`", "`"),
    ("<", ">"),
    ("{", "}"),
    ("«", "»"),
    ("|", "|"),
)
"""What may stand around a labelled call, closing it on its line."""

Factory = Callable[[Random], Payload]
CLOSED_PAYLOADS: tuple[Factory, ...] = (
    _json_payload,
    _json_payload,
    _python_payload,
    lambda _: payloads.keyed_call(),
    lambda rng: payloads.name_then(
        payloads.json_arguments(), joint=rng.choice(("\n", " ", "", ": ", "\n\n"))
    ),
    lambda rng: payloads.bracket_call(*rng.choice(("[]", "()", "{}", "<>"))),
    lambda _: payloads.name_then(lambda call: f"({payloads.dump(call.arguments)})", joint=""),
    lambda _: payloads.command_line(),
    lambda rng: payloads.lisp_call(keyword=rng.choice((":", ""))),
)
"""Payloads whose end is seen without a closing marker."""

ALL_PAYLOADS: tuple[Factory, ...] = (
    *CLOSED_PAYLOADS,
    _json_payload,
    _json_payload,
    _xml_payload,
    _xml_payload,
    _xml_payload,
    _lines_payload,
    lambda rng: payloads.braces_call(
        rng.choice(('"', "'", "<|q|>", "<esc>", "`")), prefix=rng.choice(("", "call:", "fn:"))
    ),
    lambda rng: payloads.name_then(
        payloads.json_arguments(indent=2), joint=rng.choice(("\n", "<|sep|>", "\n---\n", " | "))
    ),
    _separated_payload,
    _separated_payload,
)
