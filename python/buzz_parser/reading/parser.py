"""The face of the package: one class over two engines that give the same results bit for bit."""

import os
from collections.abc import Sequence
from typing import Literal, Protocol, overload

from buzz_parser.contract.bundle import read_bundle
from buzz_parser.errors import BuzzError
from buzz_parser.reading.default import default_bundle
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.reading.rust import RustEngine
from buzz_parser.reading.trace import ParseResult, Trace

EngineName = Literal["rust", "python"]
ENGINE_NAMES: tuple[EngineName, ...] = ("rust", "python")


class Engine(Protocol):
    """What both engines can do."""

    def parse(self, text: str) -> ParseResult:
        """The segments of a text."""

    def parse_many(self, texts: Sequence[str], workers: int) -> list[ParseResult | BuzzError]:
        """The result or the error of each text, in order."""

    def trace(self, text: str) -> Trace:
        """Every intermediate value of parsing a text."""


def load_engine(
    bundle: str | os.PathLike[str], engine: EngineName, *, intra_threads: int = 1
) -> Engine:
    """One engine on the bundle at a path; raises `BundleError`, `RuntimeLibraryError`, `ModelError`."""
    if engine == "rust":
        return RustEngine(os.fspath(bundle), intra_threads=intra_threads)
    if engine == "python":
        return ReferenceEngine(read_bundle(bundle), intra_threads=intra_threads)
    raise ValueError(f"engine: expected one of {', '.join(ENGINE_NAMES)}, found {engine!r}")


class Parser:
    r"""Parses raw language-model output into typed segments with exact offsets. Safe to share by threads.

    >>> parser = Parser.load("fixtures/bundles/tiny")
    >>> result = parser.parse("Thought: look first.\nAction: ls")
    >>> result.text[result.segments[0].start : result.segments[0].end] == result.segments[0].text
    True
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def load(
        cls,
        bundle: str | os.PathLike[str],
        *,
        engine: EngineName = "rust",
        intra_threads: int = 1,
    ) -> "Parser":
        """Verifies and loads the bundle at a path; `intra_threads` is ONNX Runtime's, in one run.

        Raises `BundleError`, `RuntimeLibraryError`, `ModelError`.
        """
        return cls(load_engine(bundle, engine, intra_threads=intra_threads))

    @classmethod
    def default(cls, *, engine: EngineName = "rust", intra_threads: int = 1) -> "Parser":
        """The parser that the package ships: no path, no network. Verified and loaded as by `load`.

        Raises `BundleError` where none is shipped, and what `load` raises.
        """
        return cls.load(default_bundle(), engine=engine, intra_threads=intra_threads)

    def parse(self, text: str) -> ParseResult:
        """The segments of a text, in order; raises `TextError` (too long, a lone surrogate), `ModelError`."""
        return self._engine.parse(text)

    @overload
    def parse_many(
        self, texts: Sequence[str], *, workers: int = 1, errors: Literal["raise"] = "raise"
    ) -> list[ParseResult]: ...
    @overload
    def parse_many(
        self, texts: Sequence[str], *, workers: int = 1, errors: Literal["return"]
    ) -> list[ParseResult | BuzzError]: ...
    def parse_many(
        self,
        texts: Sequence[str],
        *,
        workers: int = 1,
        errors: Literal["raise", "return"] = "raise",
    ) -> list[ParseResult] | list[ParseResult | BuzzError]:
        """The results of many texts, in order, read by `workers` threads; their number changes no result.

        With `errors="return"` the error of a bad text stands in its place, and nothing else is lost; else
        the first one is raised.
        """
        if workers < 1:
            raise ValueError(f"workers: expected at least 1, found {workers}")
        outcomes = self._engine.parse_many(texts, workers)
        if errors == "return":
            return outcomes
        results = []
        for outcome in outcomes:
            if isinstance(outcome, BuzzError):
                raise outcome
            results.append(outcome)
        return results

    def trace(self, text: str) -> Trace:
        """Every intermediate value of parsing a text, stage by stage; raises as `parse` does."""
        return self._engine.trace(text)
