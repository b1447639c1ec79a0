"""The configuration: read strictly, defaults as documented, and never a key in it."""

import re
import tomllib
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from buzz_parser.data.teachers.config import TeacherError, key_of, parse_settings, read_settings
from tests.conftest import ROOT
from tests.teacher_server import KEY, configuration

EXAMPLE = ROOT / "docs" / "teachers.example.toml"


def test_the_example_is_one() -> None:
    settings = read_settings(EXAMPLE, {})
    assert [teacher.name for teacher in settings.teachers] == ["large", "local"]
    assert settings.budget_requests == 2000
    assert settings.teachers[0].price_output == 10.0
    assert key_of(settings.teachers[1], {}) == "keyless"


def test_the_example_states_the_defaults() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    stated = re.sub(r"^# (\w+ = )", r"\1", text, flags=re.MULTILINE)
    assert len(tomllib.loads(stated)["teacher"][0]) == 17
    assert len(stated) < len(text) - 25
    assert parse_settings("x", tomllib.loads(stated), {}) == read_settings(EXAMPLE, {})
    bare = {"teacher": [{"name": "large", "base_url": "http://x/v1", "model": "m"}]}
    found = parse_settings("x", bare, {})
    for line in re.findall(r"^(\w+ = .*?)\s+# ([\d._]+|false)(?:;.*| .*)?$", text, re.MULTILINE):
        (name, default) = line[0].split(" = ")[0], tomllib.loads(f"x = {line[1]}")["x"]
        if name not in ("teachers", "requests", "tokens"):
            assert getattr(found.teachers[0], name) == default, name
    assert found.budget_requests == found.budget_tokens == 0


def test_the_environment_wins() -> None:
    environment = {
        "BUZZ_TEACHER_MY_TEACHER_BASE_URL": "https://other/v1",
        "BUZZ_TEACHER_MY_TEACHER_MODEL": "other",
        "BUZZ_TEACHER_MY_TEACHER_API_KEY": KEY,
    }
    content = configuration("http://x/v1", "my-teacher")
    (teacher,) = parse_settings("x", content, environment).teachers
    assert (teacher.base_url, teacher.model) == ("https://other/v1", "other")
    assert key_of(teacher, environment) == KEY
    assert key_of(replace(teacher, api_key_env="MINE"), {"MINE": " k \n"}) == "k"
    assert KEY not in repr(teacher)


def test_a_missing_key_is_named() -> None:
    (teacher,) = parse_settings("x", configuration("http://x/v1"), {}).teachers
    with pytest.raises(TeacherError) as caught:
        key_of(teacher, {"BUZZ_TEACHER_A_API_KEY": "  "})
    assert str(caught.value) == (
        "teacher a: expected a key in the environment variable BUZZ_TEACHER_A_API_KEY, found none"
    )


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"teacher": []}, "teacher: expected one table [[teacher]] or more, found nothing"),
        ({"colour": 1}, "colour: expected no such setting, found one"),
        ({"retry": {"attempts": 0}}, "retry.attempts: expected an integer from 1 to 20, found 0"),
        ({"retry": {"wait": 1}}, "retry.wait: expected no such setting, found one"),
        ({"budget": 5}, "budget: expected a table, found 5"),
        (
            {"label": {"teachers": 2}},
            "label.teachers: expected an integer from 1 to 1, found 2",
        ),
        ({"model": ""}, 'teacher[0].model: expected a string of 1 to 400 characters, found ""'),
        ({"timeout": "1"}, 'teacher[0].timeout: expected a number from 0.001 to 86400, found "1"'),
        ({"keyless": 1}, "teacher[0].keyless: expected true or false, found 1"),
        (
            {"base_url": "ftp://x"},
            'teacher[0].base_url: expected an http or https URL, found "ftp://x"',
        ),
        (
            {"base_url": f"https://user:{KEY}@x/v1"},
            "teacher[0].base_url: expected a URL without user, password or query, found one",
        ),
        (
            {"base_url": f"https://x/v1?key={KEY}"},
            "teacher[0].base_url: expected a URL without user, password or query, found one",
        ),
        (
            {"api_key": KEY},
            "teacher[0].api_key: expected no key in the file, found one; put it in an environment "
            "variable and name that in api_key_env",
        ),
        (
            {"token_parameter": "n"},
            'teacher[0].token_parameter: expected max_tokens or max_completion_tokens, found "n"',
        ),
    ],
)
def test_a_wrong_setting_is_named(changes: dict[str, Any], message: str) -> None:
    content = configuration("http://x/v1")
    if changes.keys() <= {"teacher", "retry", "budget", "label", "colour"}:
        content |= changes
    else:
        content["teacher"][0] |= changes
    with pytest.raises(TeacherError) as caught:
        parse_settings("t.toml", content, {})
    assert str(caught.value) == f"t.toml: {message}"
    assert KEY not in str(caught.value)


def test_two_teachers_do_not_share_variables() -> None:
    with pytest.raises(TeacherError, match=r"teacher\[1\].name: expected a name unlike the others"):
        parse_settings("x", configuration("http://x/v1", "a-b", "a_b"), {})


def test_a_file_that_is_none_is_refused_without_its_content(tmp_path: Path) -> None:
    path = tmp_path / "t.toml"
    with pytest.raises(TeacherError, match="expected a readable file, found No such file"):
        read_settings(path, {})
    path.write_text(f"[[teacher]]\nkey = {KEY}\n")
    with pytest.raises(TeacherError) as caught:
        read_settings(path, {})
    assert (
        str(caught.value)
        == f"{path}: expected UTF-8 TOML, found something else at line 2, column 7"
    )
    path.write_bytes(b"\xff")
    with pytest.raises(TeacherError, match=r"expected UTF-8 TOML, found something else$"):
        read_settings(path, {})
