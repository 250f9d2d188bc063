"""A page of an a-kasse on an origin of its own, under a strict policy, with the chat on it."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Optional

from bot.gateway.tokens import mint_token
from bot.settings import Settings

_PAGE = """<!doctype html><html lang="da"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Min side</title><link rel="stylesheet" href="/page.css">
<script type="module" src="/page.js"></script>
<script type="module" src="{gateway}/static/chat/moedeklar-chat.js"></script></head>
<body><header><p>A-kassen</p></header><main><h1>Min side</h1><p><a href="/">Forside</a></p></main>
<moedeklar-chat></moedeklar-chat></body></html>"""

_STYLE = """
html { font-size: 62.5%; }
body { font: 2rem/1.5 sans-serif; margin: 2rem; }
moedeklar-chat { --moedeklar-accent: #5b2a86; }
p { color: #b00000; letter-spacing: 1em; }
"""

_SCRIPT = """
const chat = document.querySelector("moedeklar-chat");
window.asked = 0;
window.told = [];
const token = async () => (await fetch("/token")).text();
chat.addEventListener("moedeklar-token", ({ detail }) => { window.asked += 1; detail.renew(token()); });
for (const name of ["open", "close", "message", "unread"]) {
  chat.addEventListener(`moedeklar-${name}`, ({ detail }) => window.told.push([name, detail]));
}
"""


class HostSite:
    """Serves the page; `/token` is what a logged-in member's session would get there."""

    def __init__(self) -> None:
        self.gateway, self.settings, self.member = "", Settings(), ""
        self.token: Optional[str] = None
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"

    def start(self, gateway: str, settings: Settings) -> None:
        """Listen, for a gateway that runs already."""
        self.gateway, self.settings = gateway, settings
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        """Refuse connections from now on."""
        self._server.shutdown()
        self._server.server_close()

    def page(self, path: str) -> tuple[str, str]:
        """Content type and content of an address."""
        if path == "/token":
            return "text/plain", self.token or mint_token(self.settings, self.member)
        if path == "/page.js":
            return "text/javascript", _SCRIPT
        if path == "/page.css":
            return "text/css", _STYLE
        return "text/html; charset=utf-8", _PAGE.format(gateway=self.gateway)

    def _handler(site) -> type[BaseHTTPRequestHandler]:  # noqa: N805  (self is the handler's)
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                kind, content = site.page(self.path)
                sent = content.encode()
                self.send_response(200)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(sent)))
                self.send_header(
                    "Content-Security-Policy",
                    f"default-src 'none'; script-src 'self' {site.gateway}; style-src 'self'; "
                    f"connect-src 'self' {site.gateway}; base-uri 'none'; form-action 'none'; "
                    "require-trusted-types-for 'script'; trusted-types 'none'",
                )
                self.end_headers()
                self.wfile.write(sent)

            def log_message(self, *_: object) -> None:
                return

        return Handler
