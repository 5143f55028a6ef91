"""The API's contract and its TypeScript client, from Django, without a server or a network."""

import argparse
import filecmp
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from project import FRONTEND, ROOT, manage, node_environment, node_tool, run

CONTRACT = FRONTEND / "api" / "openapi.json"
ACCOUNTS = FRONTEND / "api" / "allauth.json"  # feature: accounts
CLIENT = FRONTEND / "src" / "lib" / "api" / "generated"


def generate(contract: Path, client: Path) -> None:
    contract.parent.mkdir(parents=True, exist_ok=True)
    export = manage(
        "export_openapi_schema",
        *("--api", "config.urls.api", "--indent", "2", "--sorted", "--skip-checks"),
        *("--output", str(contract)),
    )
    if run(export):
        raise SystemExit("The API could not be exported: read the message above.")
    # The exporter ends without a newline; editors and linters want one.
    contract.write_text(contract.read_text().rstrip() + "\n")
    # feature: accounts
    accounts = ("--output", str(contract.with_name(ACCOUNTS.name)))
    if run(manage("export_accounts_schema", "--skip-checks", *accounts)):
        raise SystemExit("The API of accounts could not be exported: read the message above.")
    # end feature: accounts
    command = node_tool(
        "@hey-api/openapi-ts/bin/run.js",
        *("--input", str(contract), "--output", str(client), "--silent", "--no-log-file"),
    )
    if run(command, cwd=FRONTEND, environment=node_environment()):
        raise SystemExit("The client could not be generated: read the message above.")
    (client / "terms.gen.ts").write_text(terms(json.loads(contract.read_text())))


def terms(contract: dict[str, Any]) -> str:
    """TypeScript of what the contract says beside types: labels of choices, limits."""
    # The order of the choices is that of `enum`: the keys of the document are sorted.
    labels = {
        name: {value: schema["x-labels"][value] for value in schema["enum"]}
        for name, schema in contract["components"]["schemas"].items()
        if "x-labels" in schema
    }
    lines = ["// This file is written by scripts/api from the contract, after Django's choices."]
    for name, value in (("LABELS", labels), ("LIMITS", contract["x-limits"])):
        written = json.dumps(value, indent=2, ensure_ascii=False)
        lines.append(f"export const {name} = {written} as const;")
    return "\n\n".join(lines) + "\n"


def differences(one: Path, other: Path) -> list[str]:
    """Names of files that differ or stand on one side alone, below the two folders."""
    if not one.is_dir() or not other.is_dir():
        return ["."]
    found: list[str] = []
    compared = filecmp.dircmp(one, other)
    found += compared.left_only + compared.right_only
    _, differ, failed = filecmp.cmpfiles(one, other, compared.common_files, shallow=False)
    found += differ + failed
    for name in compared.common_dirs:
        found += [f"{name}/{inner}" for inner in differences(one / name, other / name)]
    return found


def check() -> None:
    # Inside frontend/, where the generator finds the same configuration; dist is git-ignored.
    (FRONTEND / "dist").mkdir(exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="api-check-", dir=FRONTEND / "dist"))
    try:
        generate(folder / "openapi.json", folder / "generated")
        stale = []
        contracts = [CONTRACT]
        contracts.append(ACCOUNTS)  # feature: accounts
        for path in contracts:
            if not path.is_file() or not filecmp.cmp(folder / path.name, path, shallow=False):
                stale.append(path)
        stale += [CLIENT / name for name in differences(folder / "generated", CLIENT)]
    finally:
        shutil.rmtree(folder)
    if stale:
        names = "\n  ".join(str(path.relative_to(ROOT)) for path in sorted(stale))
        raise SystemExit(f"Out of date with the Django API (run make api):\n  {names}")
    print("The contract and the client agree with the Django API.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/api", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail on drift")
    if parser.parse_args().check:
        check()
    else:
        generate(CONTRACT, CLIENT)
        print(f"Wrote {CONTRACT.relative_to(ROOT)} and {CLIENT.relative_to(ROOT)}/")


if __name__ == "__main__":
    main()
