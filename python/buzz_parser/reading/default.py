"""The parser that is shipped with the package, the twin of `rust_check/src/default.rs`."""

from pathlib import Path

from buzz_parser.contract.bundle import check_directory

DEFAULT_NAME = "parser_v1"
"""The name of the shipped bundle's folder, inside the package."""


def default_bundle() -> Path:
    """The directory of the bundle that this installation ships.

    Raises `BundleError` (`bundle_missing`) where it ships none, as a checkout without a trained parser does.
    """
    path = Path(__file__).parent.parent / DEFAULT_NAME
    check_directory(str(path))
    return path
