"""What the built front end answers: its files, its redirects, and the shell behind sign-in."""

import re
from urllib.parse import quote

from longhouse.frontdoor import conf, site
from longhouse.frontdoor.client import Client
from longhouse.frontdoor.csp import Policy
from longhouse.frontdoor.files import send_content
from longhouse.frontdoor.protocol import HeaderList, Headers, Target
from longhouse.frontdoor.table import File


class BuiltSite:
    """The site as the front door asks it. Reads it anew when it is made."""

    def __init__(self, settings: conf.Conf) -> None:
        self.login_url = settings.login_url
        self.cookie = re.compile(
            rb"(?:^|;)\s*%s=[^;\s]" % re.escape(settings.session_cookie.encode())
        )
        site.reset()
        site.current()

    async def answer(self, method: str, target: Target, headers: Headers, client: Client) -> bool:
        """Answer a GET or HEAD; False when it is not the site's."""
        path = target.path
        built = site.current()
        if file := built.files.get(path):
            await _send(file, method, headers, client)
            return True
        if path.endswith("/") and path[:-1] in built.files:
            await _redirect(client, 308, quote(path[:-1]) + target.query)
            return True
        if redirect := built.redirects.get(path):
            await _redirect(client, redirect.status, redirect.location)
            return True
        if built.shell and (found := built.match(path)) and found[0].app:
            if self.cookie.search(headers.get(b"cookie", b"")):
                await _send(built.shell, method, headers, client)
            else:
                back = quote(target.root + target.raw + target.query, safe="/")
                extra = [(b"vary", b"Cookie"), (b"cache-control", b"no-store")]
                await _redirect(client, 302, f"{self.login_url}?next={back}", extra)
            return True
        return False


def error_page(status: int) -> tuple[str, Policy] | None:
    """The built page of that status and its policy."""
    file = site.current().errors.get(status)
    return (text_of(file), file.policy) if file else None


def hint() -> str:
    """In development, where the pages are that are not built; HTML."""
    settings = conf.load()
    if not settings.debug or site.current().shell is not None:
        return ""
    url = settings.site_url
    return f' The front end is not built; its pages are at <a href="{url}">{url}</a>.'


def text_of(file: File) -> str:
    content = file.variants[""]
    data = content.body if content.path is None else content.path.read_bytes()
    return (data or b"").decode()


async def _send(file: File, method: str, headers: Headers, client: Client) -> None:
    content = file.choose(headers.get(b"accept-encoding", b""))
    await send_content(content, method, headers, client)


async def _redirect(
    client: Client, status: int, location: str, extra: HeaderList | None = None
) -> None:
    headers = [(b"location", location.encode("latin-1")), (b"content-length", b"0")]
    await client.start(status, [*headers, *(extra or [])])
    await client.finish()
