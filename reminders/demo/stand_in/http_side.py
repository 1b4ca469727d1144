"""The stand-in's HTTP server: kept connections, one thread each, and sockets it can maltreat."""

import os
import select
import socket
import struct
import threading
import weakref
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from reminders.demo.stand_in.answer import HALF, HANG, RESET, Answer
from reminders.demo.stand_in.caller import hang_up
from reminders.demo.stand_in.control import BASE, Control
from reminders.demo.stand_in.sms_api import Request, SmsApi

LONGEST_HANG_SECONDS = 120.0
STOP_SECONDS = 5.0
LARGEST_BODY_BYTES = 2 * 1024 * 1024


class HttpSide(ThreadingHTTPServer):
    """Serves the provider's interface and the control interface on one port."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, address: tuple[str, int], *, sms_api: SmsApi, control: Control) -> None:
        self.sms_api = sms_api
        self.control = control
        self.connections: weakref.WeakSet[socket.socket] = weakref.WeakSet()
        self.workers: weakref.WeakSet[threading.Thread] = weakref.WeakSet()
        super().__init__(address, _Handler)

    def start(self) -> None:
        """Serve from a thread of its own."""
        threading.Thread(
            target=self.serve_forever, kwargs={"poll_interval": 0.05}, name="stand-in", daemon=True
        ).start()

    def stop(self) -> None:
        """Stop listening and end every open connection, also those that hang."""
        self.shutdown()
        self.server_close()
        for connection in list(self.connections):
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue  # it had gone by itself
        for worker in list(self.workers):
            worker.join(timeout=STOP_SECONDS)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: callers that break off are what this server is for."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: HttpSide

    def setup(self) -> None:
        super().setup()
        self.server.connections.add(self.connection)
        self.server.workers.add(threading.current_thread())

    def finish(self) -> None:
        super().finish()
        hang_up()

    def do_GET(self) -> None:
        self._answer(b"")

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        self._answer(self.rfile.read(min(length, LARGEST_BODY_BYTES)))

    def _answer(self, body: bytes) -> None:
        parts = urlsplit(self.path)
        control = parts.path.startswith(BASE)
        request = Request(
            method=self.command,
            path=parts.path,
            query=dict(parse_qsl(parts.query, keep_blank_values=True)),
            form={} if control else dict(parse_qsl(body.decode(), keep_blank_values=True)),
            authorization=self.headers.get("Authorization", ""),
        )
        if control:
            self._write(self.server.control.answer(request, body=body))
        else:
            self._write(self.server.sms_api.answer(request))

    def _write(self, answer: Answer) -> None:
        whole = answer.bytes_on_wire()
        if not answer.trick:
            self.wfile.write(whole)
            return
        self.close_connection = True
        if answer.trick == HALF:
            self.wfile.write(whole[: len(whole) - len(answer.body) // 2])
        elif answer.trick == HANG:
            # Until the caller gives up: its end of the connection becomes readable.
            select.select([self.connection], [], [], LONGEST_HANG_SECONDS)
        elif answer.trick == RESET:
            no_goodbye = struct.pack("ii", 1, 0)
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, no_goodbye)
            os.close(self.connection.detach())

    def log_message(self, *args: object) -> None:
        """Say nothing: the ledger is the log."""
