"""Which way into Django costs the server least: CPU time per request, measured side by side.

    cd backend && .venv/bin/python ../benchmarks/server/run.py

Needs `wrk`; takes the row with a proxy in front only when `nginx` is there. Under a minute.
Every candidate is one Granian worker; rounds are interleaved, so that what else the machine does
meets all of them. CPU is the run time of all threads of all processes of the candidate from
/proc/<pid>/stat, so the load generator does not count. Writes result.json.
"""

import json
import os
import platform
import re
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

HERE = Path(__file__).parent
BACKEND = HERE.parents[1] / "backend"
ROUNDS = 3
SECONDS = 1
CONNECTIONS = 16
FIRST_PORT = 18100
TICKS = os.sysconf("SC_CLK_TCK")
# name: (entry, Granian interface, threads)
CANDIDATES = {
    "Django's ASGI handler": ("asgi", "asginl", 2),
    "door, ASGI, 1 thread": ("door", "asginl", 1),
    "door, ASGI, 2 threads": ("door", "asginl", 2),
    "door, ASGI, 4 threads": ("door", "asginl", 4),
    "door, RSGI, 2 threads": ("rsgi", "rsgi", 2),
    "plain WSGI, 2 threads": ("wsgi", "wsgi", 2),
}
PROXIED = "plain WSGI behind nginx"
PATHS = ("hello", "machines", "static/page.css")


def start(home: Path) -> dict[str, tuple[int, subprocess.Popen[bytes]]]:
    """Start every candidate; name -> (port, process)."""
    servers = {}
    for number, (name, (entry, interface, threads)) in enumerate(CANDIDATES.items()):
        port = FIRST_PORT + number
        command = [sys.executable, "-m", "granian", "app:application", "--interface", interface]
        command += ["--port", str(port), "--no-log", "--workers-kill-timeout", "5"]
        command += ["--blocking-threads", str(threads)] if interface == "wsgi" else []
        environment = os.environ | {
            "BENCH_HOME": str(home),
            "BENCH_ENTRY": entry,
            "BENCH_THREADS": str(threads),
            "PYTHONPATH": f"{BACKEND}:{HERE}",
        }
        servers[name] = (port, subprocess.Popen(command, env=environment, cwd=HERE))
    if nginx := shutil.which("nginx"):
        port = FIRST_PORT + len(CANDIDATES)
        behind = servers["plain WSGI, 2 threads"][0]
        config = home / "nginx.conf"
        config.write_text(
            f"daemon off; worker_processes 1; pid {home}/nginx.pid; error_log {home}/error.log;"
            "events {} http { access_log off;"
            f"upstream app {{ server 127.0.0.1:{behind}; keepalive 32; }}"
            f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://app;"
            'proxy_http_version 1.1; proxy_set_header Connection ""; } } }\n'
        )
        command = [nginx, "-p", str(home), "-c", str(config), "-e", str(home / "error.log")]
        servers[PROXIED] = (port, subprocess.Popen(command))
    return servers


def wait_for(port: int) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/hello", timeout=1).read()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"no server on port {port}")


def cpu_us(pids: list[int]) -> float:
    """Microseconds of CPU that these processes and their children used, ended threads included."""
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        ticks += round(cpu_us([int(child) for child in listed]) * TICKS / 1e6)
    return ticks / TICKS * 1e6


def measure(port: int, pids: list[int], path: str) -> tuple[float, float]:
    """(server CPU in microseconds per request, requests per second)."""
    url = f"http://127.0.0.1:{port}/{path}"
    before = cpu_us(pids)
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{SECONDS}s", url]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    spent = cpu_us(pids) - before
    if "Non-2xx" in printed or not (found := re.search(r"(\d+) requests in ([\d.]+)s", printed)):
        raise SystemExit(f"{url}: {printed}")
    return spent / int(found[1]), int(found[1]) / float(found[2])


def main() -> None:
    home = Path(tempfile.mkdtemp(prefix="bench-"))
    environment = os.environ | {"BENCH_HOME": str(home), "PYTHONPATH": str(BACKEND)}
    subprocess.run([sys.executable, HERE / "app.py"], check=True, env=environment)
    servers = start(home)
    try:
        for port, _ in servers.values():
            wait_for(port)
        samples: dict[str, dict[str, list[tuple[float, float]]]] = {n: {} for n in servers}
        for _ in range(ROUNDS):
            for path in PATHS:
                for name, (port, process) in servers.items():
                    if path.startswith("static") and not name.startswith("door"):
                        continue  # the others serve no files
                    pids = [process.pid]
                    if name == PROXIED:
                        pids.append(servers["plain WSGI, 2 threads"][1].pid)
                    samples[name].setdefault(path, []).append(measure(port, pids, path))
    finally:
        for _, process in servers.values():
            process.send_signal(signal.SIGTERM)
        for _, process in servers.values():
            process.wait()
        shutil.rmtree(home)
    result = {
        "unit": "server CPU microseconds per request, median of rounds",
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "rounds": ROUNDS,
        "connections": CONNECTIONS,
        "candidates": {
            name: {
                path: {
                    "cpu_us": round(statistics.median(s[0] for s in taken)),
                    "spread_us": round(max(s[0] for s in taken) - min(s[0] for s in taken)),
                    "per_second": round(statistics.median(s[1] for s in taken)),
                }
                for path, taken in paths.items()
            }
            for name, paths in samples.items()
        },
    }
    (HERE / "result.json").write_text(json.dumps(result, indent=2) + "\n")
    print(f"{'CPU us/request':28}" + "".join(f"{path:>18}" for path in PATHS))
    for name, paths in result["candidates"].items():
        cells = (f"{paths[p]['cpu_us']:>18}" if p in paths else f"{'-':>18}" for p in PATHS)
        print(f"{name:28}" + "".join(cells))


if __name__ == "__main__":
    main()
