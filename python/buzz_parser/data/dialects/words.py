"""The words from which dialects are made: names of thoughts, calls, results and answers, in many languages."""

import tomllib
from importlib.resources import files

_WORDS: dict[str, list[str]] = tomllib.loads(
    (files("buzz_parser.data.dialects") / "words.toml").read_text(encoding="utf-8")
)

THOUGHT_TAGS = _WORDS["thought_tags"]
CALL_TAGS = _WORDS["call_tags"]
RESPONSE_TAGS = _WORDS["response_tags"]
TEXT_TAGS = _WORDS["text_tags"]
CODE_TAGS = _WORDS["code_tags"]
SHELL_TAGS = _WORDS["shell_tags"]
THOUGHT_LABELS = _WORDS["thought_labels"]
CALL_LABELS = _WORDS["call_labels"]
INPUT_LABELS = _WORDS["input_labels"]
RESPONSE_LABELS = _WORDS["response_labels"]
TEXT_LABELS = _WORDS["text_labels"]
EVERYDAY_LABELS = _WORDS["everyday_labels"]
"""Those labels that also start lines of ordinary prose, of code and of logs."""

PREFIXES = _WORDS["prefixes"]
"""Namespaces of invented tags."""

SYLLABLES = _WORDS["syllables"]
"""For tag words that mean nothing in any language."""

NAME_KEYS = _WORDS["name_keys"]
ARGS_KEYS = _WORDS["args_keys"]
