"""nginx in front of a server: proxied.py NGINX PORT FOLDER COMMAND... --port 0 ..."""

import subprocess
import sys
from pathlib import Path

from benchmarks.harness.servers import free_port


def main() -> None:
    nginx, port, folder, *command = sys.argv[1:]
    behind = free_port()
    command[command.index("--port") + 1] = str(behind)
    # Its own folders belong to root.
    kinds = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    temporary = "".join(f"{kind}_temp_path {folder}/{kind};" for kind in kinds)
    config = Path(folder) / "nginx.conf"
    config.write_text(
        f"daemon off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;"
        f"events {{}} http {{ access_log off; {temporary}"
        f"upstream app {{ server 127.0.0.1:{behind}; keepalive 32; }}"
        f"server {{ listen 127.0.0.1:{port}; location / {{ proxy_pass http://app;"
        'proxy_http_version 1.1; proxy_set_header Connection ""; } } }\n'
    )
    server = subprocess.Popen(command)
    proxy = subprocess.Popen([nginx, "-p", folder, "-c", config, "-e", f"{folder}/error.log"])
    for process in (server, proxy):
        process.wait()


if __name__ == "__main__":
    main()
