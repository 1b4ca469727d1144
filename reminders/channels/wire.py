"""One request over a kept connection, and the truth about whether a byte of it went out."""

import os
import threading
import time
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from requests.utils import get_environ_proxies
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

CONNECT_SECONDS = 3.0
READ_SECONDS = 10.0
# A connection that rested this long may be dead at the other end: a new one costs a handshake,
# a dead one costs an unknown message.
IDLE_SECONDS = 20.0
LARGEST_ANSWER_BYTES = 4 * 1024 * 1024

_this_thread = threading.local()


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back, read to its end."""

    status: int
    headers: requests.structures.CaseInsensitiveDict[str]
    body: bytes


class NothingWritten(Exception):
    """The request failed before its first byte left: the provider cannot have it."""


class AnswerLost(Exception):
    """Bytes of the request left, and no whole answer came back."""


class _MarkedHttp(HTTPConnection):
    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _this_thread.written = True
        super().send(data)


class _MarkedHttps(HTTPSConnection):
    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        _this_thread.written = True
        super().send(data)


class _HttpPool(HTTPConnectionPool):
    ConnectionCls = _MarkedHttp


class _HttpsPool(HTTPSConnectionPool):
    ConnectionCls = _MarkedHttps


def _marked(manager: PoolManager) -> PoolManager:
    manager.pool_classes_by_scheme = {"http": _HttpPool, "https": _HttpsPool}
    return manager


class _MarkingAdapter(HTTPAdapter):
    """Never retries, and notes the moment before the first byte, also through a proxy."""

    def init_poolmanager(self, *args: object, **kwargs: object) -> None:
        super().init_poolmanager(*args, **kwargs)  # type: ignore[arg-type]
        self.poolmanager = _marked(self.poolmanager)

    def proxy_manager_for(self, proxy: str, **kwargs: object) -> PoolManager:
        return _marked(super().proxy_manager_for(proxy, **kwargs))


class Wire:
    """Kept connections to one provider, one session per thread and process."""

    def __init__(
        self, base_url: str, *, auth: tuple[str, str], read_seconds: float = READ_SECONDS
    ) -> None:
        self._base_url = base_url
        self._read_seconds = read_seconds
        self._auth = auth
        self._kept = threading.local()

    @property
    def longest_request_seconds(self) -> float:
        """All time-outs of one request added up: two addresses tried, and a body that drips."""
        return 2 * CONNECT_SECONDS + 2 * self._read_seconds

    def post(self, path: str, *, form: dict[str, str]) -> Answer:
        """Post once, follow no redirect, try nothing twice.

        Raises NothingWritten when certainly no byte was sent, AnswerLost whenever in doubt.
        Takes at most `longest_request_seconds`, not counting the system's look-up of the name.
        """
        return self._request("POST", path, data=form)

    def get(self, path: str, *, query: dict[str, str]) -> Answer:
        """Get once; raises as `post` does."""
        return self._request("GET", path, params=query)

    def _request(
        self,
        method: str,
        path: str,
        *,
        data: dict[str, str] | None = None,
        params: dict[str, str] | None = None,
    ) -> Answer:
        _this_thread.written = False
        try:
            with self._session().request(
                method,
                self._base_url + path,
                data=data,
                params=params,
                timeout=(CONNECT_SECONDS, self._read_seconds),
                allow_redirects=False,
                stream=True,
            ) as response:
                return Answer(
                    response.status_code,
                    response.headers,
                    _read(response, seconds=self._read_seconds),
                )
        except Exception as failure:
            self._drop()
            kind = AnswerLost if _this_thread.written else NothingWritten
            raise kind(type(failure).__name__) from failure

    def _session(self) -> requests.Session:
        now = time.monotonic()
        session: requests.Session | None = getattr(self._kept, "session", None)
        if session is None or self._kept.pid != os.getpid():
            session = self._kept.session = self._new_session()
            self._kept.pid = os.getpid()
        elif now - self._kept.used_at > IDLE_SECONDS:
            session.close()
        self._kept.used_at = now
        return session

    def _new_session(self) -> requests.Session:
        session = requests.Session()
        # The environment is read once here, not on each request.
        session.trust_env = False
        session.proxies = get_environ_proxies(self._base_url)
        session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        session.auth = self._auth
        for scheme in ("http://", "https://"):
            session.mount(scheme, _MarkingAdapter(max_retries=0))
        return session

    def _drop(self) -> None:
        session: requests.Session | None = getattr(self._kept, "session", None)
        if session is not None:
            session.close()


def _read(response: requests.Response, *, seconds: float) -> bytes:
    end = time.monotonic() + seconds
    body = bytearray()
    for chunk in response.iter_content(64 * 1024):
        body += chunk
        if len(body) > LARGEST_ANSWER_BYTES or time.monotonic() > end:
            raise TimeoutError("the answer does not end")
    return bytes(body)
