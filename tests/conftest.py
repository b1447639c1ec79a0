"""What all tests share: places, engines on the tiny bundle, hypothesis profiles."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from buzz_parser.contract.bundle import Bundle, read_bundle
from buzz_parser.parity.corpus import Case, read_corpus
from buzz_parser.reading.reference import ReferenceEngine
from buzz_parser.reading.rust import RustEngine

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "fixtures"
TINY = FIXTURES / "bundles" / "tiny"
CORPUS = read_corpus(FIXTURES / "corpus")

# `HYPOTHESIS_PROFILE=long make test` runs the long one.
SLOW_DRAWS = (HealthCheck.too_slow, HealthCheck.data_too_large)
settings.register_profile("ci", max_examples=200, deadline=None, suppress_health_check=SLOW_DRAWS)
settings.register_profile("long", settings.get_profile("ci"), max_examples=20_000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))


@pytest.fixture(scope="session")
def tiny() -> Bundle:
    """The tiny bundle, verified."""
    return read_bundle(TINY)


@pytest.fixture(scope="session")
def reference(tiny: Bundle) -> ReferenceEngine:
    """The reference engine on the tiny bundle."""
    return ReferenceEngine(tiny)


@pytest.fixture(scope="session")
def rust() -> RustEngine:
    """The Rust engine on the tiny bundle."""
    return RustEngine(str(TINY))


@pytest.fixture(scope="session")
def corpus() -> list[Case]:
    """The fixture corpus."""
    return CORPUS
