"""The trial of a wheel in an empty environment, on wheels packed from the package as it runs here."""

import re
import zipfile
from pathlib import Path

import pytest

import buzz_parser
from buzz_parser import __version__
from buzz_parser.release.refusal import ReleaseError
from buzz_parser.release.trial import try_wheel
from tests.conftest import TINY

ROOMS = ("contract", "reading")


def pack(folder: Path, parser: Path | None) -> Path:
    """A wheel of the rooms that serve, with a parser or without."""
    package = Path(buzz_parser.__file__).parent
    path = folder / f"buzz_parser-{__version__}-py3-none-any.whl"
    info = f"buzz_parser-{__version__}.dist-info"
    files = [*package.glob("*.py"), *package.glob("_rust*.so"), *package.glob("_rust*.pyd")]
    files += [each for room in ROOMS for each in (package / room).iterdir() if each.is_file()]
    with zipfile.ZipFile(path, "w") as wheel:
        for file in files:
            wheel.write(file, Path("buzz_parser") / file.relative_to(package))
        for file in parser.iterdir() if parser else ():
            wheel.write(file, f"buzz_parser/parser_v1/{file.name}")
        about = f"Metadata-Version: 2.1\nName: buzz-parser\nVersion: {__version__}\n"
        wheel.writestr(f"{info}/METADATA", about)
        wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        wheel.writestr(f"{info}/RECORD", "".join(f"{name},,\n" for name in wheel.namelist()))
    return path


def test_a_wheel_parses_by_itself(tmp_path: Path) -> None:
    try_wheel(pack(tmp_path, TINY), tmp_path)
    (packages,) = (tmp_path / "environment").glob("lib/*/site-packages")
    assert (packages / "buzz_parser" / "parser_v1" / "model.onnx").is_file()


def test_a_wheel_without_a_parser_is_refused(tmp_path: Path) -> None:
    message = r"parser_v1: expected a bundle directory, found nothing"
    with pytest.raises(ReleaseError, match=re.escape(message)):
        try_wheel(pack(tmp_path, None), tmp_path)


def test_what_is_no_wheel_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"buzz_parser-{__version__}-py3-none-any.whl"
    path.write_bytes(b"no wheel")
    with pytest.raises(ReleaseError, match="expected success, found 1"):
        try_wheel(path, tmp_path)
