"""Calls that are only shown: what makes a fence or an envelope documentation and not something to run (rule 7)."""

import re

from buzz_parser.judging.rules_json import read_json
from buzz_parser.judging.rules_scan import TURN_TOKEN, line_bounds

CALL_FENCES = re.compile(
    r"tool_?(?:code|call)s?|tool|\w*bash_command|function_?calls?|action|execute|json_tool", re.I
)
RESPONSE_FENCES = re.compile(
    r"tool_(?:outputs?|results?|response)|observation|output_of_tool", re.I
)
CODE_FENCES = frozenset({"", "bash", "sh", "shell", "python", "py", "json", "xml"})

_CUES = re.compile(
    r"(?i)\b(?:like (?:this|so)|for (?:example|instance)|e\.g\.|such as|of the form|in this form|example|"
    r"looks like|would (?:write|be|send)|shape|template|format|instead|documentation|the log|writes?|writing|"
    r"called|calls a|schema|described|functions I was given|I have just)\b"
)
_PLACEHOLDER = re.compile(r'<function-name>|<args-json|"tool_name"\s*,|"your_|\{\.\.\.\}|\{…\}|: …')
_NEXT_AGENT = re.compile(
    r"\s*(?:\Z|```|(?:assistant|user|tool|human|ai)[:\n]|\*{0,2}(?:observation|tool response|thought)\b"
    r"|<(?:returncode|tool_re|function_re|observation)|EXECUTION RESULT|\[\w+ for )",
    re.IGNORECASE,
)
_OBSERVED = re.compile(r"(?mi)^(?:observation|execution result of|<returncode>)\b")
_PATH = re.compile(r"[\w./-]*\w\.\w+|[\w.-]+/[\w./-]+")


def is_shown(text: str, start: int, end: int) -> bool:
    """Whether prose around an envelope shows it: placeholders, or words like "for example" and prose after."""
    if _PLACEHOLDER.search(text, start, end):
        return True
    return follows_prose(text, end) and _has_cue(text, start)


def follows_prose(text: str, end: int) -> bool:
    """Whether the same turn goes on in prose behind a position."""
    return not (_NEXT_AGENT.match(text, end) or TURN_TOKEN.match(text, _skip_space(text, end)))


def _has_cue(text: str, start: int) -> bool:
    """Whether the line before a position, blank lines skipped, announces something that is shown."""
    before = text[max(0, start - 300) : start].rstrip()
    line_start, _ = line_bounds(before, len(before))
    return _CUES.search(before[line_start:][-160:]) is not None


def path_line_before(text: str, start: int) -> int | None:
    """Where the line right before a position starts if it is nothing but a file's path."""
    if start == 0:
        return None
    first, last = line_bounds(text, start - 1)
    return first if _PATH.fullmatch(text[first:last].strip()) else None


def fence_label(
    text: str, start: int, language: str, body: tuple[int, int], end: int
) -> str | None:
    """TOOLCALL or TOOLRESPONSE if a fence is one, else `None`; `body` is what stands between its lines."""
    content = text[body[0] : body[1]].strip()
    if RESPONSE_FENCES.fullmatch(language):
        return "TOOLRESPONSE"
    if CALL_FENCES.fullmatch(language) or _is_edit(language, content):
        return "TOOLCALL"
    if follows_prose(text, end) or _has_cue(text, start) or language.lower() not in CODE_FENCES:
        return None
    if content.startswith(("{", "[")):
        read = read_json(content, 0)
        whole = read is not None and not content[read.end :].strip()
        called = read is not None and all(span.label == "TOOLCALL" for span in read.spans)
        return "TOOLCALL" if whole and called else None
    if re.match(r"<(?:\w+:)?(?:tool_calls?|function_calls?|invoke|function=)", content):
        return "TOOLCALL"
    return None


def runs_fences(text: str, end: int) -> bool:
    """Whether a code fence that ends at `end` is run: a result stands right behind it."""
    return _OBSERVED.match(text, _skip_space(text, end)) is not None


def _is_edit(language: str, content: str) -> bool:
    if re.search(r"^<{5,} SEARCH|^-{5,} SEARCH", content, re.M):
        return True
    return language == "diff" and content.startswith("--- ") and "\n+++ " in content


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
