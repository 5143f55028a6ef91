"""Files from disk, read off the event loop, and sent at the pace of the client."""

import asyncio
import os
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO

from django.utils.http import content_disposition_header

from longhouse.frontdoor.client import Client
from longhouse.frontdoor.content import Content, answer
from longhouse.frontdoor.protocol import Headers
from longhouse.frontdoor.table import content_type

CHUNK = 256 * 1024  # bytes
# SVG is left out: it is a document that may hold scripts.
INLINE = {"image/avif", "image/gif", "image/jpeg", "image/png", "image/webp"}

_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="files")


async def send_content(content: Content, method: str, headers: Headers, client: Client) -> None:
    """Answer with what is in memory, or in the file at `content.path`."""
    if content.path is None:
        await _send(content, None, method, headers, client)
        return
    loop = asyncio.get_running_loop()
    file = await loop.run_in_executor(_threads, open, content.path, "rb")
    await _send(content, file, method, headers, client)


async def send_upload(root: Path, name: str, method: str, headers: Headers, client: Client) -> bool:
    """Answer with the upload `name` ("photos/a.jpg", decoded); False when there is none."""
    loop = asyncio.get_running_loop()
    opened = await loop.run_in_executor(_threads, open_upload, root, name)
    if opened is None:
        return False
    content, file = opened
    await _send(content, file, method, headers, client)
    return True


def open_upload(root: Path, name: str) -> tuple[Content, IO[bytes] | None] | None:
    """The upload and its open file, or its bytes when it is small; None when there is none.

    Never anything outside of `root`: no "..", no hidden names, and a symbolic link only when
    what it leads to is inside.
    """
    parts = name.split("/")
    if any(not p or p.startswith(".") or "\\" in p or "\0" in p or ":" in p for p in parts):
        return None
    try:
        inside = root.resolve(strict=True)
        path = inside.joinpath(*parts).resolve(strict=True)
        if not path.is_relative_to(inside):
            return None
        # No waiting for a pipe, and no link that was put there since.
        flags = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
        file = os.fdopen(os.open(path, flags | getattr(os, "O_BINARY", 0)), "rb")
    except (OSError, RuntimeError, ValueError):
        return None
    found = os.fstat(file.fileno())
    if not stat.S_ISREG(found.st_mode):
        file.close()
        return None
    kind = content_type(parts[-1])
    disposition = content_disposition_header(kind not in INLINE, parts[-1]) or "inline"
    content = Content(
        size=found.st_size,
        etag=b'"%x-%x"' % (found.st_mtime_ns, found.st_size),
        modified=int(found.st_mtime),
        headers=(
            (b"content-type", kind.encode()),
            (b"content-disposition", disposition.encode("latin-1")),
            (b"content-security-policy", b"sandbox; default-src 'none'"),
            (b"cross-origin-resource-policy", b"same-origin"),
            (b"x-content-type-options", b"nosniff"),
            # Names are unique, so the bytes behind one never change; only the browser may keep
            # them, since not everybody may see every upload.
            (b"cache-control", b"private, max-age=31536000, immutable"),
        ),
    )
    if found.st_size > CHUNK:
        return content, file
    with file:
        body = file.read()
    return replace(content, body=body, size=len(body)), None


async def _send(
    content: Content, file: IO[bytes] | None, method: str, headers: Headers, client: Client
) -> None:
    reply = answer(content, method, headers)
    try:
        await client.start(reply.status, reply.headers)
        if method == "HEAD" or not reply.length:
            await client.finish()
        elif content.body is not None:
            whole = reply.length == content.size
            end = reply.start + reply.length
            await client.finish(content.body if whole else content.body[reply.start : end])
        elif file is not None:
            await _stream(file, reply.start, reply.length, client)
    finally:
        if file is not None:
            file.close()


async def _stream(file: IO[bytes], start: int, length: int, client: Client) -> None:
    loop = asyncio.get_running_loop()
    await loop.run_in_executor(_threads, file.seek, start)
    while length > 0:
        chunk = await loop.run_in_executor(_threads, file.read, min(CHUNK, length))
        if not chunk:  # the file became shorter: the length that was announced cannot be kept
            return
        length -= len(chunk)
        if length > 0:
            await client.send(chunk)
        else:
            await client.finish(chunk)
