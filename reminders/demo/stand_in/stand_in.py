"""The stand-in provider, put together: one ledger, an HTTP side and a mail side."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from reminders.demo.stand_in.account import Account
from reminders.demo.stand_in.control import Control
from reminders.demo.stand_in.http_side import HttpSide
from reminders.demo.stand_in.ledger import Ledger
from reminders.demo.stand_in.mail_side import MailSide
from reminders.demo.stand_in.modes import Modes
from reminders.demo.stand_in.receipts import Receipts
from reminders.demo.stand_in.sms_api import SmsApi


class StandIn:
    """A running stand-in while its `with` block lasts. Port 0 means any free port."""

    def __init__(
        self,
        folder: Path,
        *,
        account: Account,
        now: Callable[[], datetime],
        host: str = "127.0.0.1",
        http_port: int = 0,
        smtp_port: int = 0,
    ) -> None:
        self.modes = Modes()
        self.ledger = Ledger(folder, now=now)
        self.receipts = Receipts(self.ledger, account=account)
        self.sms_api = SmsApi(
            ledger=self.ledger, modes=self.modes, receipts=self.receipts, account=account
        )
        control = Control(self.sms_api, account=account)
        self._http = HttpSide((host, http_port), sms_api=self.sms_api, control=control)
        self._mail = MailSide(
            (host, smtp_port), ledger=self.ledger, modes=self.modes, token=account.token
        )
        self.host = host

    @property
    def http_port(self) -> int:
        """The port of the provider's interface and of the control interface."""
        return int(self._http.server_address[1])

    @property
    def smtp_port(self) -> int:
        """The port of the mail server."""
        return self._mail.port

    @property
    def url(self) -> str:
        """The base of the HTTP side, without a slash at its end."""
        return f"http://{self.host}:{self.http_port}"

    def http_connections(self) -> int:
        """Return how many connections are open to the HTTP side."""
        return len(self._http.connections)

    def __enter__(self) -> Self:
        self.receipts.start()
        self._mail.start()
        self._http.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._http.stop()
        self._mail.stop()
        self.receipts.stop()
        self.ledger.close()
