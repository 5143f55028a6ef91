"""The API's contract and its TypeScript client, from Django, without a server or a network."""

import argparse
import filecmp
import json
import shutil
import tempfile
from pathlib import Path
from typing import Any

from project import FRONTEND, manage, node_environment, node_tool, run

# Where each contract and its client stand below frontend/.
CONTRACT = Path("api/openapi.json")
CLIENT = Path("src/lib/api/generated")
# feature: accounts
ACCOUNTS_CONTRACT = Path("api/allauth.json")
ACCOUNTS_CLIENT = Path("src/lib/accounts/generated")
# end feature: accounts
# feature: rest
REST_CONTRACT = Path("api/openapi-v1.json")  # for others to make clients from
REST_PACKAGE = Path("src/lib/rest")
REST_CLIENT = REST_PACKAGE / "generated"
REST_GENERATOR = "openapi-ts.rest.config.ts"  # a program wants the headers of answers too
PUBLISHED = FRONTEND / "dist" / "client"
# end feature: rest
CONTRACTS = [CONTRACT]
CONTRACTS.append(ACCOUNTS_CONTRACT)  # feature: accounts
CONTRACTS.append(REST_CONTRACT)  # feature: rest
CLIENTS = [CLIENT]
CLIENTS.append(ACCOUNTS_CLIENT)  # feature: accounts
CLIENTS.append(REST_CLIENT)  # feature: rest


def generate(root: Path) -> None:
    """Write the contracts and clients below `root`, as they stand below frontend/."""
    contract = root / CONTRACT
    contract.parent.mkdir(parents=True, exist_ok=True)
    export(
        "export_openapi_schema",
        *("--api", "config.urls.api", "--indent", "2", "--sorted"),
        output=contract,
    )
    # The exporter ends without a newline; editors and linters want one.
    contract.write_text(contract.read_text().rstrip() + "\n")
    make_client(contract, root / CLIENT)
    (root / CLIENT / "terms.gen.ts").write_text(terms(json.loads(contract.read_text())))
    # feature: accounts
    export("export_accounts_schema", output=root / ACCOUNTS_CONTRACT)
    make_client(root / ACCOUNTS_CONTRACT, root / ACCOUNTS_CLIENT)
    # end feature: accounts
    # feature: rest
    contract = root / REST_CONTRACT
    export("spectacular", "--format", "openapi-json", output=contract, option="--file")
    contract.write_text(json.dumps(json.loads(contract.read_text()), indent=2) + "\n")
    make_client(contract, root / REST_CLIENT, config=REST_GENERATOR)
    # end feature: rest


def export(*command: str, output: Path, option: str = "--output") -> None:
    if run(manage(*command, "--skip-checks", option, str(output))):
        raise SystemExit("The API could not be exported: read the message above.")


def make_client(contract: Path, client: Path, *, config: str = "openapi-ts.config.ts") -> None:
    command = node_tool(
        "@hey-api/openapi-ts/bin/run.js",
        *("--file", config, "--input", str(contract), "--silent", "--no-log-file"),
    )
    # The option for it would take the place of all that the configuration says of the output.
    environment = node_environment() | {"API_OUTPUT": str(client)}
    if run(command, cwd=FRONTEND, environment=environment):
        raise SystemExit("The client could not be generated: read the message above.")


# feature: rest
def publish() -> None:
    """Compile the client of the public API into a package for `npm publish`, in frontend/dist/."""
    shutil.rmtree(PUBLISHED, ignore_errors=True)
    compiler = node_tool("typescript/bin/tsc", "--project", str(FRONTEND / REST_PACKAGE))
    if run(compiler, cwd=FRONTEND, environment=node_environment()):
        raise SystemExit("The client could not be compiled: read the message above.")
    for name in ("package.json", "README.md"):
        shutil.copy(FRONTEND / REST_PACKAGE / name, PUBLISHED)
    print(f"Ready for npm publish: {PUBLISHED.relative_to(FRONTEND.parent)}")


# end feature: rest
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
        generate(folder)
        stale = [
            contract
            for contract in CONTRACTS
            if not (FRONTEND / contract).is_file()
            or not filecmp.cmp(folder / contract, FRONTEND / contract, shallow=False)
        ]
        for client in CLIENTS:
            stale += [client / name for name in differences(folder / client, FRONTEND / client)]
    finally:
        shutil.rmtree(folder)
    if stale:
        names = "\n  ".join(f"frontend/{path}" for path in sorted(stale))
        raise SystemExit(f"Out of date with the Django API (run make api):\n  {names}")
    print("The contract and the client agree with the Django API.")


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/api", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail on drift")
    # feature: rest
    help_ = "make a package of the public API's client, for npm publish"
    parser.add_argument("--package", action="store_true", help=help_)
    # end feature: rest
    arguments = parser.parse_args()
    if arguments.check:
        check()
    # feature: rest
    elif arguments.package:
        publish()
    # end feature: rest
    else:
        generate(FRONTEND)
        print("Wrote the contracts and clients:", *(f"frontend/{path}" for path in CLIENTS))


if __name__ == "__main__":
    main()
