"""The known formats' markers as data: what opens a segment or a turn, what it is, and how its end is found."""

import re
from collections.abc import Callable
from typing import Literal, NamedTuple

from buzz_parser.judging.rules_scan import TURN_TOKEN, balanced_end, line_bounds, next_turn

Kind = Literal["turn", "thought", "call", "response", "label", "action"]
FindEnd = Callable[[str, re.Match[str]], int | None]


class Form(NamedTuple):
    """A marker: its kind, its pattern, the label it opens, and, where it is an envelope, how its end is found.

    A `turn` names a role in the group `role`. A `label` opens prose that lasts until the next marker.
    `token` says that the marker is no word of any language and counts anywhere on a line.
    """

    kind: Kind
    label: str
    pattern: str
    find_end: FindEnd | None = None
    token: bool = False


def any_bars(pattern: str) -> str:
    """The pattern with the bars of its tokens in any of their forms: models double them, or change their width."""
    if "(?<=" in pattern:
        return pattern
    opened = pattern.replace(r"<\|", "<[|｜]{1,2}").replace("<｜", "<[|｜]{1,2}")
    return opened.replace(r"\|>", "[|｜]{1,2}>").replace("｜>", "[|｜]{1,2}>")


def closed_by(closer: str, *, required: bool = False) -> FindEnd:
    """An end at the closer, which may use the opener's groups; without one, at the next turn or opener."""

    def find_end(text: str, match: re.Match[str]) -> int | None:
        pattern = closer
        for key, value in match.groupdict("").items():
            pattern = pattern.replace(f"{{{key}}}", re.escape(value))
        wanted = re.compile(any_bars(pattern), re.IGNORECASE | re.MULTILINE)
        found = wanted.search(text, match.end())
        if found is not None:
            return found.end()
        if required:
            return None
        again = text.find(match.group().strip(), match.end())
        return min(next_turn(text, match.end()), len(text) if again < 0 else again)

    return find_end


def value_after(closer: str = "(?!)") -> FindEnd:
    """An end behind the bracketed value that follows the marker, and behind the closer if there is one."""

    def find_end(text: str, match: re.Match[str]) -> int | None:
        name = _NAME.match(text, match.end())
        opened = match.end() if name is None else name.end()
        end = balanced_end(text, opened) if opened < len(text) and text[opened] in "[{(" else None
        if end is None:
            return next_turn(text, match.end())
        tail = re.compile(rf"\s*(?:{closer})", re.IGNORECASE).match(text, end)
        return tail.end() if tail else end

    return find_end


def to_turn(text: str, match: re.Match[str]) -> int:
    """An end at the next turn token."""
    return next_turn(text, match.end())


def to_line_end(text: str, match: re.Match[str]) -> int:
    """An end at the end of the line, or at a turn token before it."""
    return min(line_bounds(text, match.end())[1], next_turn(text, match.end()))


_NAME = re.compile(r"[^\n\[{(]{0,80}\n?[^\n\[{(]{0,80}")

LINE = r"(?:^|(?<=\|>)|(?<=｜>)|(?<=INST\])|(?<=(?i:assistant: ))|(?<=(?i:user: ))|(?<=(?i:tool: )))[ \t]*"
LT, GT = r"(?:<|&lt;)", r"(?:>|&gt;)"
BOLD = r"\*{0,2}"
COLON = rf"{BOLD}[ \t]*[:：]{BOLD}"

_THINK = r"(?:[a-z]+[:_])?(?:think(?:ing)?|thoughts?|scratch_?pad|reasoning|reflection|inner_monologue)(?::\w+)?"
_IFM = r"ifm\|think\w*"
_NAMESPACE = r"(?:[｜|]{1,2}\w+[｜|]{1,2} ?|[a-z]+[:|])?"
_CALL = (
    rf"{_NAMESPACE}(?:[a-z0-9]+_)??(?:tool_?calls?|function_?calls?|tool_uses?|tool_code)(?::\w+)?"
)
_EXECUTED = r"execute(?:_\w+)?|code|command|search|bash|python|shell|action|api_call|finish"
_RESULT = r"(?:ifm\|)?(?:tool|function)_(?:responses?|results?|outputs?)(?::\w+)?|observations?|information|results"

THOUGHTS = (
    Form("thought", "THOUGHT", rf"{LT}(?P<tag>(?i:{_THINK}|{_IFM})){GT}", closed_by("(?:<|&lt;)/{tag}(?:>|&gt;)")),
    Form("thought", "THOUGHT", r"\[THINK\]", closed_by(r"\[/THINK\]"), token=True),
    Form("thought", "THOUGHT", "◁think▷", closed_by("◁/think▷"), token=True),
    Form("thought", "THOUGHT", r"<\|START_THINKING\|>", closed_by(r"<\|END_THINKING\|>"), token=True),
    Form("thought", "THOUGHT", r"<\|inner_prefix\|>", closed_by(r"<\|inner_suffix\|>"), token=True),
    Form("thought", "THOUGHT", r"<\|thought_start\|>", closed_by(r"<\|thought_end\|>"), token=True),
    Form("thought", "THOUGHT", r"<\|channel>thought", closed_by("<channel\\|>"), token=True),
    Form("thought", "THOUGHT", r"<\|open\|>think<\|sep\|>", closed_by(r"<\|close\|>think<\|sep\|>"), token=True),
    Form("thought", "THOUGHT", r'<details type="reasoning"', closed_by("</details>"), token=True),
)  # fmt: skip
"""Openers of thoughts that have a closer."""

THOUGHT_CLOSERS = re.compile(
    rf"(?:{LT}/(?i:{_THINK}|{_IFM}){GT}|\[/THINK\]|◁/think▷|<\|END_THINKING\|>|<\|inner_suffix\|>"
    r"|<\|thought_end\|>|<\|close\|>think<\|sep\|>)"
)
CALL_CLOSERS = re.compile(
    rf"{LT}/(?i:{_CALL}){GT}|<｜tool▁calls▁end｜>|<\|tool_calls?_(?:section_)?end\|>|</function>?"
)

CALLS = (
    Form("call", "TOOLCALL", rf"(?P<ns>\]<\]minimax\[>\[)?{LT}(?P<tag>(?i:{_CALL})){GT}",
         closed_by("(?:{ns})?(?:<|&lt;)/{tag}(?:>|&gt;)")),
    Form("call", "TOOLCALL", r"<function(?:=[^\s<>]+>| name=)", closed_by(r"</function>?")),
    Form("call", "TOOLCALL", rf"<(?P<ns>{_NAMESPACE})invoke(?: name=|>)", closed_by("</{ns}invoke>")),
    Form("call", "TOOLCALL", r"<tool>", closed_by("</tool_input>|(?=<observation>)|(?<=</tool>)(?!\\s*<tool_input>)")),
    Form("call", "TOOLCALL", rf"<(?P<tag>{_EXECUTED})>", closed_by("</{tag}>?")),
    Form("call", "TOOLCALL", r"<(?P<tag>boltArtifact|boltAction)\b", closed_by("</{tag}>")),
    Form("call", "TOOLCALL", r"^[ \t]*<(?P<tag>[a-z][a-z0-9]*(?:_[a-z0-9]+)+)>(?=\s*<\w+>)", closed_by("</{tag}>")),
    Form("call", "TOOLCALL", r"^[\w.-]+\n?(?=<arg_key>)", closed_by(f"</(?:{_CALL})>")),
    Form("call", "TOOLCALL", "<｜tool▁calls▁begin｜>|<｜tool▁call▁begin｜>", closed_by("<｜tool▁calls▁end｜>"), token=True),
    Form("call", "TOOLCALL", "<｜tool_calls_begin｜>", closed_by("<｜tool_calls_end｜>"), token=True),
    Form("call", "TOOLCALL",
         r"<\|tool_calls_section_begin\|>",
         closed_by(r"<\|tool_calls_section_end\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|tool_call_begin\|>", closed_by(r"<\|tool_call_end\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|tool_call_start\|>", closed_by(r"<\|tool_call_end\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|tools_prefix\|>", closed_by(r"<\|tools_suffix\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|START_ACTION\|>", closed_by(r"<\|END_ACTION\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|action_start\|>", closed_by(r"<\|action_end\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|python_start\|>", closed_by(r"<\|python_end\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|tool_call>", closed_by(r"<tool_call\|>"), token=True),
    Form("call", "TOOLCALL", r"<start_function_call>", closed_by("<end_function_call>"), token=True),
    Form("call", "TOOLCALL", r"<\|START_OF_FUNCTION_CALL\|>", closed_by(r"<\|END_OF_FUNCTION_CALL\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|open\|>tools<\|sep\|>", closed_by(r"<\|close\|>tools<\|sep\|>"), token=True),
    Form("call", "TOOLCALL",
         r"<\|tool_calls\|>|<\|tool_call:begin\|>",
         closed_by(r"<\|tool_call:end\|>(?=<\|calls\|>|\Z)"), token=True),
    Form("call", "TOOLCALL", r"\[TOOL_CALLS\](?:[\w.-]+(?:\[CALL_ID\]\w+)?\[ARGS\])?", value_after(), token=True),
    Form("call", "TOOLCALL", r"<\|tool_call\|>", value_after(r"<\|/tool_call\|>"), token=True),
    Form("call", "TOOLCALL", r"<\|function_call\|>", value_after(), token=True),
    Form("call", "TOOLCALL", r"functools(?=\[)", value_after(), token=True),
    Form("call", "TOOLCALL", r">>>(?!all\b)[\w.]+\n", value_after(), token=True),
    Form("call", "TOOLCALL", r"<\|reserved_special_token_249\|>", value_after(), token=True),
    Form("call", "TOOLCALL", r"[\w.]+<\|content_invoke_tool_json\|>", value_after(), token=True),
    Form("call", "TOOLCALL", r"✿FUNCTION✿[:：]", value_after(), token=True),
    Form("call", "TOOLCALL", r"<\|recipient\|>(?!all\n)[^\n]+\n<\|content\|>", to_turn, token=True),
    Form("call", "TOOLCALL", r"<\|python_tag\|>", to_turn, token=True),
    Form("call", "TOOLCALL", r"(?<=<\|assistant\|>)\w+\n```python\n", closed_by("```"), token=True),
    Form("call", "TOOLCALL", r"^\*\*\* Begin Patch", closed_by(r"^\*\*\* End Patch"), token=True),
    Form("call", "TOOLCALL", r"^\*{5} Suggested (?:tool|function) call", closed_by(r"\n\*{10,}"), token=True),
    Form("call", "TOOLCALL", r"^=== Calling Function ===\n", value_after(), token=True),
    Form("call", "TOOLCALL", r"^⏺ \w+(?=\()", value_after(), token=True),
    Form("call", "TOOLCALL", r"^Call:[ \t]*(?=[\w.]+\()", value_after()),
    Form("call", "TOOLCALL", r"^tool_code = ", to_line_end),
    Form("call", "TOOLCALL", r"^#E\d+ = (?=[\w.:/-]+\[)", value_after(), token=True),
    Form("call", "TOOLCALL", r"^Follow up:", to_line_end),
    Form("call", "TOOLCALL", r"^Code:\s*\n```", closed_by("```")),
    Form("call", "TOOLCALL", r"^<<<(?:api_call|code)>>>:", to_line_end, token=True),
    Form("call", "TOOLCALL", r"\{\{(?=\w+ )", lambda text, match: balanced_end(text, match.start())),
)  # fmt: skip
"""Openers of calls."""

RESPONSES = (
    Form("response", "TOOLRESPONSE",
         rf"{LT}(?P<tag>(?i:{_RESULT}))\b[^<>\n]{{0,80}}?{GT}",
         closed_by("(?:<|&lt;)/{tag}(?:>|&gt;)")),
    Form("response", "TOOLRESPONSE", r"<(?P<tag>response|result|output)>", closed_by("</{tag}>")),
    Form("response", "TOOLRESPONSE", r"<returncode>", closed_by(r"</returncode>\s*(?:<output>[\s\S]*?</output>)?")),
    Form("response", "TOOLRESPONSE", r"\[TOOL_RESULTS\]", closed_by(r"\[/TOOL_RESULTS\]"), token=True),
    Form("response", "TOOLRESPONSE", "<｜tool▁outputs▁begin｜>", closed_by("<｜tool▁outputs▁end｜>"), token=True),
    Form("response", "TOOLRESPONSE", "<｜tool▁output▁begin｜>", closed_by("<｜tool▁output▁end｜>"), token=True),
    Form("response", "TOOLRESPONSE", r"<\|START_TOOL_RESULT\|>", closed_by(r"<\|END_TOOL_RESULT\|>"), token=True),
    Form("response", "TOOLRESPONSE", r"<\|tool_response>", closed_by(r"<tool_response\|>"), token=True),
    Form("response", "TOOLRESPONSE", r"<start_function_response>", closed_by("<end_function_response>"), token=True),
    Form("response", "TOOLRESPONSE", r"<\|tool_response(?::begin)?\|>|<\|function_output\|>", to_turn, token=True),
    Form("response", "TOOLRESPONSE",
         r"(?<=<\|tools_suffix\|>)\[",
         lambda text, match: balanced_end(text, match.start()), token=True),
    Form("response", "TOOLRESPONSE", r"^\*{5} Response from calling (?:tool|function)", closed_by(r"\n\*{10,}"), token=True),
    Form("response", "TOOLRESPONSE", r"^(?:Got output:|=== Function Output ===)", closed_by(r"\n={10,}"), token=True),
    Form("response", "TOOLRESPONSE", r"(?<=\n)[ \t]*⎿", closed_by(r"(?=\n\s*\n|\n⏺|\Z)"), token=True),
)  # fmt: skip
"""Openers of tool results."""

_NUMBER = r"(?:[ \t]*\d+)?"
LABELS = (
    Form("label", "THOUGHT", rf"{LINE}{BOLD}(?i:thoughts?|plan|reasoning|思考|想法){_NUMBER}(?:{COLON}|(?<=\d)[ \t]*-[ \t])"),
    Form("label", "THOUGHT", rf"{LINE}Are follow up questions needed here:"),
    Form("label", "THOUGHT", rf"{LINE}DISCUSSION[ \t]*$"),
    Form("label", "THOUGHT", rf"{LINE}(?i:here(?: is|'s) my thought process|here are my reasoning steps):"),
    Form("label", "THOUGHT", r"<\|think\|>|<\|content_thinking\|>|^<<<explanation>>>:", token=True),
    Form("label", "THOUGHT", r"^✻ Thinking", token=True),
    Form("label", "TOOLRESPONSE", rf"{LINE}{BOLD}(?i:observation|tool response|function response|tool result|api output|观察){_NUMBER}{COLON}"),
    Form("label", "TOOLRESPONSE", rf"{LINE}EXECUTION RESULT of \["),
    Form("label", "TOOLRESPONSE", rf"{LINE}Intermediate answer:"),
    Form("label", "TOOLRESPONSE", rf"{LINE}Command \w+ returned:"),
    Form("label", "TOOLRESPONSE", rf"{LINE}\[\w+ for '[^\n]*\] Result:"),
    Form("label", "TOOLRESPONSE", r"(?<=\|>)## Return of "),
    Form("label", "TOOLRESPONSE", "✿RESULT✿[:：]", token=True),
    Form("label", "TEXT", rf"{LINE}{BOLD}(?i:final answer|最终答案){COLON}"),
    Form("label", "TEXT", rf"{LINE}So the final answer is:"),
    Form("label", "TEXT", rf"{LINE}(?i:here(?: is|'s) my response):"),
    Form("label", "TEXT", r"\[BEGIN FINAL RESPONSE\]|✿RETURN✿[:：]|^>>>all\n|(?:<\|recipient\|>all\n)?<\|content(?:_text)?\|>|<\|open\|>response<\|sep\|>"
         r"|<\|START_(?:RESPONSE|TEXT)\|>", token=True),
    Form("label", "TEXT", r"^⏺ (?!\w+\()", token=True),
    Form("label", "TEXT", r"<(?:answer|final_answer|solution)>"),
    Form("action", "TOOLCALL", rf"{LINE}{BOLD}(?i:action|动作|行动){_NUMBER}{COLON}"),
)  # fmt: skip
"""Labels that open prose or a result; what follows is theirs until the next marker."""

_ROLE = r"(?P<role>[\w .=<|>-]*?)"
TURNS = (
    Form("turn", "O", rf"<\|(?:im_start|start_of_role|start_header_id|header_start)\|>{_ROLE}(?:<\|(?:end_of_role|end_header_id|header_end)\|>\s*|\n|(?=<\|im_end\|>)|\Z)", token=True),
    Form("turn", "O", rf"<\|im_(?:assistant|system|user)\|>{_ROLE}<\|im_middle\|>", token=True),
    Form("turn", "O", r'<\|open\|>message role="(?P<role>\w+)"[^<]*<\|sep\|>', token=True),
    Form("turn", "O", r"<\|close\|>message<\|sep\|>|<\|end_of_msg\|>", token=True),
    Form("turn", "O", r"<\|begin\|>(?P<role>\w+?)(?=<\||\Z)", token=True),
    Form("turn", "O", r"<\|from\|>(?P<role>[\w.]+)\n", token=True),
    Form("turn", "O", r"^(?P<role>assistant|function call|function result|user|system)<\|role_sep\|>\n?", token=True),
    Form("turn", "O", r"<beginning_of_sentence>(?P<role>\w+) name=\w+\n", token=True),
    Form("turn", "O", r"<seed:bos>(?P<role>\w+)\n", token=True),
    Form("turn", "O", r"\]~b\](?P<role>\w+)\n", token=True),
    Form("turn", "O", r"<start_of_turn>(?P<role>\w+)\n|<\|turn>\w+\n", token=True),
    Form("turn", "O", r"<SPECIAL_1[0-9]>(?P<role>Assistant|User|System|Tool)?\n?", token=True),
    Form("turn", "O", r"<role>(?P<role>\w+)</role>", token=True),
    Form("turn", "O", r"<sep>(?:(?P<role>\w+):[ \t]?)?", token=True),
    Form("turn", "O", r"<\|(?P<role>observation|Tool|begin_tool_result|tool|function)\|>", token=True),
    Form("turn", "O", r"^</?(?P<role>assistant|user)>|</assistant>|</user>", token=True),
    Form("turn", "O", r"^[ \t]*(?P<role>AI|ASSISTANT|Assistant|assistant|USER|User|Human|TOOL|Tool|SYSTEM|System):[ \t]*"),
    Form("turn", "O", r"^(?P<role>assistant|user|tool|system)(?: \(to \w+\):)?$\n", token=True),
    Form("turn", "O", r"^<<<(?!explanation|api_call|code)\w+>>>:[^\n]*\n?", token=True),
    Form("turn", "O", r"^(?P<role>function) name=\w+:\n", token=True),
    Form("turn", "O", TURN_TOKEN.pattern.replace("|</s>", "|</?s>"), token=True),
    Form("turn", "O",
         r"<(?:\||｜)(?!close\||sep\||END_RESPONSE|END_TEXT|recipient\||content\|)[A-Za-z_0-9▁: ]{2,40}(?:\||｜)>",
         token=True),
)  # fmt: skip
"""What says who speaks."""

ASSISTANT_ROLES = frozenset({"", "assistant", "model", "ai", "bot", "function call", "chatbot"})
OTHER_ROLES = frozenset({"user", "human", "system", "developer"})


def label_of_role(role: str) -> str | None:
    """TOOLRESPONSE for the turn of a tool, whatever its name; `None` for all that speak."""
    name = role.strip().lower()
    known = name in ASSISTANT_ROLES or name in OTHER_ROLES
    return None if known else "TOOLRESPONSE"
