"""The configuration of a training run: a TOML file, every value written down."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from buzz_parser.contract.windows import WindowParameters
from buzz_parser.data.enrich import EnrichmentShares
from buzz_parser.data.generate import GeneratorConfig


class ConfigError(ValueError):
    """A configuration that cannot be used; the message names the field, what was expected and found."""


@dataclass(frozen=True, kw_only=True)
class ModelConfig:
    """What is trained, and from where.

    `base` is `minilm` (shipped by a package), `parser_v1` (shipped with this one), a directory (a checkpoint
    or a bundle) or a hub name. `layers` keeps the first layers; `dropout` is the base model's own where it is negative.
    """

    base: str = "minilm"
    layers: int = 6
    dropout: float = 0.0


@dataclass(frozen=True, kw_only=True)
class SamplingConfig:
    """How windows are drawn from messages.

    `begin_weight` weighs a `B-` in the loss; `cut_anywhere` is the share of windows that begin at a token of
    chance instead of where the reader would cut; `state_noise` the share whose carried state is a wrong one.
    """

    begin_weight: float = 2.0
    cut_anywhere: float = 0.25
    state_noise: float = 0.04
    windows_per_message: int = 6
    batch_tokens: int = 2048
    pool_messages: int = 256


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """All of a run. `arguments` are transformers' `TrainingArguments`, without `output_dir`."""

    model: ModelConfig = field(default_factory=ModelConfig)
    window: WindowParameters = field(
        default_factory=lambda: WindowParameters(max_tokens=256, lookahead=48, head=12, tail=12)
    )
    data: GeneratorConfig = field(default_factory=GeneratorConfig)
    sampling: SamplingConfig = field(default_factory=SamplingConfig)
    evaluation_messages: int = 200
    patience: int = 0
    arguments: dict[str, Any] = field(default_factory=dict)


def read_config(path: Path, changes: Sequence[str] = ()) -> TrainConfig:
    """The configuration in a TOML file, after changes as lines of TOML with dotted keys: `model.layers = 4`.

    Raises `ConfigError` for unknown names and wrong types.
    """
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, tomllib.TOMLDecodeError) as cause:
        raise ConfigError(f"{path}: expected a TOML file, found {cause}") from cause
    for change in changes:
        try:
            _merge(raw, tomllib.loads(change))
        except tomllib.TOMLDecodeError as cause:
            raise ConfigError(f"{change!r}: expected KEY = VALUE in TOML, found {cause}") from cause
    source = ", ".join([str(path), *changes])
    tables = {
        "model": ModelConfig,
        "window": WindowParameters,
        "data": GeneratorConfig,
        "sampling": SamplingConfig,
    }
    known = {field.name for field in fields(TrainConfig)}
    values: dict[str, Any] = {}
    for name, value in raw.items():
        if name not in known:
            expected = ", ".join(sorted(known))
            raise ConfigError(f"{source}: expected one of {expected}, found {name}")
        if name in tables:
            values[name] = _table(source, name, tables[name], value)
        else:
            wanted = dict if name == "arguments" else int
            if type(value) is not wanted:
                raise ConfigError(f"{source}: {name}: expected {wanted.__name__}, found {value!r}")
            values[name] = value
    return TrainConfig(**values)


def _merge(into: dict[str, Any], changes: Mapping[str, Any]) -> None:
    for key, value in changes.items():
        if isinstance(value, dict) and isinstance(into.setdefault(key, {}), dict):
            _merge(into[key], value)
        else:
            into[key] = value


def _table(source: str, name: str, kind: type, value: Any) -> Any:
    if not isinstance(value, dict):
        raise ConfigError(f"{source}: {name}: expected a table, found {type(value).__name__}")
    types = {field.name: field.type for field in fields(kind)}
    given = dict(value)
    for key, found in value.items():
        if key not in types:
            expected = ", ".join(sorted(types))
            raise ConfigError(f"{source}: {name}: expected one of {expected}, found {key}")
        if types[key] is EnrichmentShares:
            given[key] = _table(source, f"{name}.{key}", EnrichmentShares, found)
            continue
        wanted = types[key]
        if wanted == tuple[str, ...]:
            if not isinstance(found, list) or not all(isinstance(entry, str) for entry in found):
                raise ConfigError(
                    f"{source}: {name}.{key}: expected a list of strings, found {found!r}"
                )
            given[key] = tuple(found)
            continue
        fits = type(found) is wanted or (wanted is float and type(found) is int)
        if not fits:
            expected = getattr(wanted, "__name__", str(wanted))
            raise ConfigError(f"{source}: {name}.{key}: expected {expected}, found {found!r}")
    return kind(**given)
