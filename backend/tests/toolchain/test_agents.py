"""Coding agents and dev containers all start from the same command."""

import json
import re

import pytest

from config.env import ROOT


@pytest.mark.parametrize(
    "path",
    [
        ".claude/settings.json",
        ".cursor/environment.json",
        ".devcontainer/devcontainer.json",
        ".github/workflows/copilot-setup-steps.yml",
        "docs/cloud-agents.md",
    ],
)
def test_every_agent_starts_with_bootstrap(path: str) -> None:
    text = (ROOT / path).read_text()
    assert "scripts/bootstrap" in text
    if path.endswith(".json"):
        json.loads(re.sub(r"\s//.*", "", text))  # some may hold comments
