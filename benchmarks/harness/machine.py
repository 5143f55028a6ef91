"""Facts about the machine without which no figure means anything."""

import os
import platform
import re
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from project import git, node

from benchmarks.harness.rounds import Plan


def facts(plan: Plan) -> dict[str, Any]:
    processor = re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
    version = subprocess.run([node(), "--version"], capture_output=True, text=True, check=True)
    return {
        "taken": datetime.now(UTC).isoformat(timespec="minutes"),
        "commit": commit(),
        "cores": os.cpu_count(),
        "processor": processor[1] if processor else platform.machine(),
        "system": f"{platform.system()} {platform.release()}",
        "load_average_before": round(os.getloadavg()[0], 1),
        "python": platform.python_version(),
        "node": version.stdout.strip().removeprefix("v"),
        "rounds": plan.rounds,
        "seconds_per_window": plan.seconds,
    }


def commit() -> str:
    """What is measured; a plus says that there are changes which are not committed."""
    changed = git("status", "--porcelain", "--", ".", ":!benchmarks/results")
    return git("rev-parse", "--short=10", "HEAD").strip() + ("+" if changed else "")
