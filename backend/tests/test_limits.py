"""Rate limits between processes, on the cache that the house starts with."""

import os
import subprocess
import sys
from pathlib import Path

BACKEND = Path(__file__).resolve().parents[1]

CALLS = """
import sys
from concurrent.futures import ThreadPoolExecutor
from django.test import RequestFactory
from apps.core.throttling import RateLimit
limit = RateLimit("race", "20/h")
call = RequestFactory().get("/", REMOTE_ADDR="192.0.2.1")
print("ready", flush=True)
sys.stdin.readline()
with ThreadPoolExecutor(4) as pool:
    print(sum(pool.map(lambda _: not limit.hit(call), range(15))))
"""


def test_processes_at_the_same_time_get_no_more_than_the_limit(tmp_path: Path) -> None:
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "config.settings.dev",
        "DJANGO_SECRET_KEY": "a-key-for-a-cache-under-test-and-for-nothing-else",
        "CACHE_URL": "",
        "VAR_DIR": str(tmp_path),
    }
    manage = [sys.executable, "manage.py"]
    subprocess.run(
        [*manage, "createcachetable", "--database", "cache"],
        cwd=BACKEND,
        env=environment,
        check=True,
    )
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", f"import django; django.setup(){CALLS}"],
            cwd=BACKEND,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for process in processes:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [process.communicate(timeout=60)[0] for process in processes]
    assert sum(int(answer) for answer in answers) == 20
