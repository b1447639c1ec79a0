"""The trial of a wheel: installed into an empty environment, where it parses without a network."""

import json
import sys
import sysconfig
import venv
from pathlib import Path

from buzz_parser.release.provenance import run
from buzz_parser.release.refusal import ReleaseError

PROGRAM = r"""
import json, socket

def refuse(*_, **__):
    raise OSError("no network here")

socket.getaddrinfo = socket.create_connection = socket.socket.connect = refuse
import buzz_parser
text = '<think>Look first.</think>\n<tool_call>{"name": "ls"}</tool_call>'
found = {}
for engine in ("rust", "python"):
    result = buzz_parser.Parser.default(engine=engine).parse(text)
    found[engine] = [[s.label, s.start, s.end, s.score.hex()] for s in result.segments]
print(json.dumps({"package": buzz_parser.__file__, "found": found}))
"""


def try_wheel(wheel: Path, scratch: Path) -> None:
    """Installs a wheel into an empty environment under `scratch` and parses there with both engines.

    What the wheel depends on is taken from the running environment, so that no index is asked. Raises
    `ReleaseError` where anything fails, the engines differ or find nothing.
    """
    home = scratch / "environment"
    venv.create(home, symlinks=True)
    python = home / ("Scripts" if sys.platform == "win32" else "bin") / "python"
    install = ["install", "--quiet", "--no-index", "--no-deps", "--no-cache-dir", str(wheel)]
    run([sys.executable, "-m", "pip", "--python", str(python), *install], scratch)
    asked = "import sysconfig; print(sysconfig.get_paths()['purelib'])"
    packages = Path(run([str(python), "-I", "-c", asked], scratch).strip())
    here = sysconfig.get_paths()
    # Paths named in a .pth are searched, but their own .pth files, such as an editable package's, are not read.
    (packages / "dependencies.pth").write_text(f"{here['purelib']}\n{here['platlib']}\n")
    answer = json.loads(run([str(python), "-I", "-c", PROGRAM], scratch))
    if not Path(answer["package"]).resolve().is_relative_to(home.resolve()):
        raise ReleaseError(f"{wheel.name}: expected its own package, found {answer['package']}")
    found = answer["found"]
    if not found["rust"] or found["rust"] != found["python"]:
        raise ReleaseError(f"{wheel.name}: expected the same segments twice, found {found}")
