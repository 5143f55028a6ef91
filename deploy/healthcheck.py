"""Asks the server in this container whether it is ready; the exit status says so."""

import os
import sys
from http.client import HTTPConnection, HTTPException

# The server answers only to its own names.
host = os.environ.get("DJANGO_ALLOWED_HOSTS", "").split(",")[0].strip()
name = "localhost" if host in ("", "*") else host.lstrip(".")

connection = HTTPConnection("127.0.0.1", 8000, timeout=5)
try:
    connection.request("GET", "/health/ready", headers={"Host": name})
    status = connection.getresponse().status
except (OSError, HTTPException) as error:
    sys.exit(f"The server does not answer: {error}")
if status != 200:
    sys.exit(f"The server is not ready: /health/ready answers {status}.")
