"""Who the teachers are and what they may spend: a TOML file, and what the environment overrides in it."""

import os
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from buzz_parser.contract.manifest import describe

TOKEN_PARAMETERS = ("max_tokens", "max_completion_tokens")
"""How an API calls the limit of an answer's tokens."""


class TeacherError(ValueError):
    """The teachers cannot be asked: a wrong setting, a missing key, a ledger that is in use or damaged."""


@dataclass(frozen=True, kw_only=True)
class Teacher:
    """One model behind an OpenAI-compatible API; the key is not part of it and stays in the environment.

    Limits are a minute's requests and tokens and the requests in flight; `timeout` is seconds for a whole
    answer; prices are for a million tokens.
    """

    name: str
    base_url: str
    model: str
    api_key_env: str
    keyless: bool
    weight: float
    requests_per_minute: int
    tokens_per_minute: int
    concurrency: int
    timeout: float
    min_tokens: int
    max_tokens: int
    token_parameter: str
    json_mode: bool
    create_temperature: float | None
    label_temperature: float | None
    price_input: float
    price_output: float


@dataclass(frozen=True, kw_only=True)
class Retry:
    """How often a task is asked, and the seconds between: `first_wait`, doubled, up to `longest_wait`.

    `attempts` bounds the answers of a task, over all runs, and apart from them its failures, in one run. A
    teacher is halted for the run when `patience` of its tasks have been given up in a row.
    """

    attempts: int
    first_wait: float
    longest_wait: float
    patience: int


@dataclass(frozen=True, kw_only=True)
class Settings:
    """A configuration, checked: teachers by the order of the file, what may be spent, and both stages.

    `budget_requests` and `budget_tokens` bound all runs on one ledger together; 0 is no bound. `tolerance`
    is the share of a message's characters that may differ in a label's answer; `teachers_a_message` are
    asked to label each message, of whom `needed` must be accepted.
    """

    teachers: tuple[Teacher, ...]
    budget_requests: int
    budget_tokens: int
    retry: Retry
    transcript_share: float
    tolerance: float
    teachers_a_message: int
    needed: int


def read_settings(path: Path, environment: Mapping[str, str] = os.environ) -> Settings:
    """The settings of a TOML file under an environment; raises `TeacherError` that names file and field.

    `BUZZ_TEACHER_NAME_BASE_URL` and `BUZZ_TEACHER_NAME_MODEL` override the file, NAME being the teacher's
    name in upper case with `_` for every other character.
    """
    try:
        content = tomllib.loads(path.read_bytes().decode("utf-8"))
    except OSError as cause:
        found = cause.strerror or "something else"
        raise TeacherError(f"{path}: expected a readable file, found {found}") from cause
    except ValueError as cause:  # bytes that are no UTF-8, or text that is no TOML
        # The cause's own words may quote the line, and with it a key that was pasted there.
        where = re.search(r"at line \d+, column \d+", str(cause))
        found = f"something else {where[0]}" if where else "something else"
        raise TeacherError(f"{path}: expected UTF-8 TOML, found {found}") from None
    return parse_settings(str(path), content, environment)


def parse_settings(path: str, content: object, environment: Mapping[str, str]) -> Settings:
    """The settings in a TOML document; `path` is used in messages only."""
    fields = _Fields(path, "", content)
    tables = fields.take("teacher", [])
    if not isinstance(tables, list) or not tables:
        fields.refuse("teacher", "one table [[teacher]] or more", tables or _ABSENT)
    teachers = [
        _teacher(_Fields(path, f"teacher[{index}]", table), environment)
        for index, table in enumerate(tables)
    ]
    names = [_variable(teacher.name) for teacher in teachers]
    for index, name in enumerate(names):
        if name in names[:index]:
            place = f"{path}: teacher[{index}].name"
            raise TeacherError(f"{place}: expected a name unlike the others, found {name!r}")
    budget, retry = fields.table("budget"), fields.table("retry")
    create, label = fields.table("create"), fields.table("label")
    asked = label.integer("teachers", min(2, len(teachers)), 1, len(teachers))
    settings = Settings(
        teachers=tuple(teachers),
        budget_requests=budget.integer("requests", 0, 0),
        budget_tokens=budget.integer("tokens", 0, 0),
        retry=Retry(
            attempts=retry.integer("attempts", 4, 1, 20),
            first_wait=retry.number("first_wait", 1.0, 0.0, 600.0),
            longest_wait=retry.number("longest_wait", 60.0, 0.0, 3600.0),
            patience=retry.integer("patience", 5, 1),
        ),
        transcript_share=create.number("transcript_share", 0.5, 0.0, 1.0),
        tolerance=label.number("tolerance", 0.01, 0.0, 0.1),
        teachers_a_message=asked,
        needed=label.integer("needed", asked, 1, asked),
    )
    for table in (budget, retry, create, label, fields):
        table.refuse_the_rest()
    return settings


def key_of(teacher: Teacher, environment: Mapping[str, str]) -> str:
    """The key of a teacher from the environment; raises `TeacherError` that names the missing variable."""
    if teacher.keyless:
        return "keyless"
    key = environment.get(teacher.api_key_env, "").strip()
    if not key:
        raise TeacherError(
            f"teacher {teacher.name}: expected a key in the environment variable "
            f"{teacher.api_key_env}, found none"
        )
    return key


def _teacher(fields: "_Fields", environment: Mapping[str, str]) -> Teacher:
    if "api_key" in fields.value:
        # Not even the kind of the value is shown.
        raise TeacherError(
            f"{fields.path}: {fields.dotted('api_key')}: expected no key in the file, found one; "
            "put it in an environment variable and name that in api_key_env"
        )
    name = fields.string("name")
    prefix = f"BUZZ_TEACHER_{_variable(name)}"
    for key in ("base_url", "model"):
        override = environment.get(f"{prefix}_{key.upper()}")
        if override:
            fields.value[key] = override
    max_tokens = fields.integer("max_tokens", 16_384, 16)
    teacher = Teacher(
        name=name,
        base_url=_base_url(fields),
        model=fields.string("model"),
        api_key_env=fields.string("api_key_env", f"{prefix}_API_KEY"),
        keyless=fields.boolean("keyless", False),
        weight=fields.number("weight", 1.0, 1e-6, 1e6),
        requests_per_minute=fields.integer("requests_per_minute", 60, 1),
        tokens_per_minute=fields.integer("tokens_per_minute", 100_000, 1),
        concurrency=fields.integer("concurrency", 4, 1, 256),
        timeout=fields.number("timeout", 180.0, 0.001, 86_400.0),
        min_tokens=fields.integer("min_tokens", min(1024, max_tokens), 1, max_tokens),
        max_tokens=max_tokens,
        token_parameter=fields.choice("token_parameter", TOKEN_PARAMETERS),
        json_mode=fields.boolean("json_mode", False),
        create_temperature=fields.temperature("create_temperature", 1.0),
        label_temperature=fields.temperature("label_temperature", 0.0),
        price_input=fields.number("price_input", 0.0, 0.0),
        price_output=fields.number("price_output", 0.0, 0.0),
    )
    fields.refuse_the_rest()
    return teacher


def _base_url(fields: "_Fields") -> str:
    url = fields.string("base_url")
    parts = urlsplit(url)
    # A user, a password or a query in it would be a key that ends up in logs; so it is not shown either.
    if parts.username is not None or parts.query or "@" in parts.netloc:
        place = f"{fields.path}: {fields.dotted('base_url')}"
        raise TeacherError(f"{place}: expected a URL without user, password or query, found one")
    if parts.scheme not in ("http", "https") or not parts.netloc:
        fields.refuse("base_url", "an http or https URL", url)
    return url


def _variable(name: str) -> str:
    return re.sub("[^A-Z0-9]", "_", name.upper())


_ABSENT = object()


class _Fields:
    """One table of the file, with the checks that its fields share; what was not taken is refused."""

    def __init__(self, path: str, name: str, value: object) -> None:
        self.path, self.name = path, name
        if not isinstance(value, dict):
            raise TeacherError(f"{path}: {name}: expected a table, found {describe(value)}")
        self.value: dict[str, object] = dict(value)
        self.taken: set[str] = set()

    def refuse(self, key: str, expected: str, found: object) -> NoReturn:
        shown = "nothing" if found is _ABSENT else describe(found)
        raise TeacherError(f"{self.path}: {self.dotted(key)}: expected {expected}, found {shown}")

    def refuse_the_rest(self) -> None:
        for key in self.value:
            if key not in self.taken:
                place = f"{self.path}: {self.dotted(key)}"
                raise TeacherError(f"{place}: expected no such setting, found one")

    def dotted(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def take(self, key: str, default: object) -> object:
        self.taken.add(key)
        return self.value.get(key, default)

    def table(self, key: str) -> "_Fields":
        return _Fields(self.path, self.dotted(key), self.take(key, {}))

    def string(self, key: str, default: object = _ABSENT) -> str:
        value = self.take(key, default)
        if not isinstance(value, str) or not 1 <= len(value) <= 400:
            self.refuse(key, "a string of 1 to 400 characters", value)
        return value

    def choice(self, key: str, choices: tuple[str, ...]) -> str:
        value = self.take(key, choices[0])
        if value not in choices:
            self.refuse(key, " or ".join(choices), value)
        return str(value)

    def integer(self, key: str, default: int, least: int, most: int = 10**15) -> int:
        value = self.take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            self.refuse(key, f"an integer from {least} to {most}", value)
        return value

    def number(self, key: str, default: float, least: float, most: float = 1e9) -> float:
        value = self.take(key, default)
        if (
            not isinstance(value, int | float)
            or isinstance(value, bool)
            or not least <= value <= most
        ):
            self.refuse(key, f"a number from {least:g} to {most:g}", value)
        return float(value)

    def boolean(self, key: str, default: bool) -> bool:
        value = self.take(key, default)
        if not isinstance(value, bool):
            self.refuse(key, "true or false", value)
        return value

    def temperature(self, key: str, default: float) -> float | None:
        """A temperature, or `None` for `"unset"`: some models refuse to be told one."""
        if self.value.get(key) == "unset":
            self.taken.add(key)
            return None
        return self.number(key, default, 0.0, 2.0)
