"""What the image's own health check says about its web server."""

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from clinic.embedded import free_port
from clinic.healthy import main


class Answering(BaseHTTPRequestHandler):
    def do_GET(self):
        seen = self.server.seen
        seen.append((self.path, self.headers["Host"], self.headers["X-Forwarded-Proto"]))
        status, body = self.server.answer
        self.send_response(status)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args):
        pass


@pytest.fixture
def web_server(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://aftercare.example.org")
    with HTTPServer(("127.0.0.1", 0), Answering) as server:
        server.seen = []
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "exit_code"),
    [
        (200, b'{"ok": true}', 0),
        (503, b'{"ok": false, "reason": "stuck", "seconds": 900}', 0),
        (503, b'{"ok": false, "reason": "database"}', 1),
        (500, b"", 1),
        (400, b"Bad Request", 1),
    ],
)
def test_only_its_own_illness_counts(web_server, status, body, exit_code):
    web_server.answer = (status, body)

    assert main(web_server.server_port) == exit_code


def test_it_asks_under_the_public_name_and_over_https(web_server):
    web_server.answer = (200, b"")

    main(web_server.server_port)

    assert web_server.seen == [("/health", "aftercare.example.org", "https")]


def test_a_web_server_that_is_not_there_is_not_healthy(monkeypatch):
    monkeypatch.setenv("PUBLIC_URL", "https://aftercare.example.org")

    assert main(free_port()) == 1
