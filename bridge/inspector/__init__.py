"""
The inspector: one page that shows a running server's worlds, and lends a hand.

The page is in `page/`: HTML, CSS and JavaScript modules as they are, no build step. It is a client like all others: everything that
it shows and does is asked of `bridge.*` over the server's own port. Nothing here is imported unless `--ui` asks for it.

It is served only under a name of this machine (`transports/http.py`), and carries no secret: the token stands in the address behind
`#`, which no browser sends anywhere, and is shown to the server as the WebSocket's subprotocol `token.` with the token in base64url.
"""
