"""Security headers, put on every answer of the server in this one place."""

from longhouse.frontdoor import conf
from longhouse.frontdoor.protocol import HeaderList, Headers, Message, Scope, Send


class SecurityHeaders:
    """Adds what an answer does not carry yet, so that a view may set its own value."""

    def __init__(self, settings: conf.Conf) -> None:
        headers, hsts = conf.security_headers()
        self._headers = [(name.encode(), value.encode()) for name, value in headers]
        self._https = self._headers
        if hsts:
            self._https = [*self._headers, (b"strict-transport-security", hsts.encode())]
        self._proxy: tuple[bytes, str] | None = None
        if settings.proxy_ssl_header:
            name, value = settings.proxy_ssl_header
            self._proxy = (name.removeprefix("HTTP_").replace("_", "-").lower().encode(), value)

    def is_secure(self, scope: Scope, headers: Headers) -> bool:
        """As Django's `request.is_secure()`: a trusted proxy's header decides when it is there."""
        if self._proxy:
            name, value = self._proxy
            if name in headers:
                return headers[name].decode("latin-1").split(",")[0].strip() == value
        return bool(scope["scheme"] in {"https", "wss"})

    def complete(self, headers: HeaderList, secure: bool) -> HeaderList:
        present = dict(headers)
        wanted = self._https if secure else self._headers
        return headers + [header for header in wanted if header[0] not in present]

    def wrap(self, send: Send, secure: bool) -> Send:
        async def complete_and_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [(name.lower(), value) for name, value in message.get("headers", ())]
                message = {**message, "headers": self.complete(headers, secure)}
            await send(message)

        return complete_and_send
