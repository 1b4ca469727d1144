"""The stand-in provider as its own process, and what its own log says."""

from collections import Counter

import requests


class Provider:
    """What the tests ask of the stand-in; it saw what really went out."""

    def __init__(self, url, *, smtp_port):
        self.url = url
        self.smtp_port = smtp_port

    def forget(self):
        """Behave well again, with an empty log and no receipts."""
        self._ask("POST", "reset")
        self._ask("POST", "receipts", json={"on": False})

    def behave(self, mode, **how):
        """Behave like this for `times` messages, each `one_in`-th one."""
        self._ask("POST", "mode", json={"mode": mode, **how})

    def is_done(self, kind="sms"):
        """Tell whether it has misbehaved as often as it was told to."""
        return self._ask("GET", "mode")["now"][kind]["left"] == 0

    def texts(self):
        """Return every text that it accepted, oldest first."""
        return self._messages("sms")

    def mails(self):
        """Return every mail that it accepted, oldest first."""
        return self._messages("email")

    def references(self):
        """Return how often it accepted each of our references, of texts and mails."""
        found = self._ask("GET", "references")
        return Counter(found["sms"]) + Counter(found["email"])

    def receive(self, *, sender, to, text):
        """Bring a patient's text to the signed webhook; return what that answered."""
        said = {"from": sender, "to": to, "body": text}
        return self._ask("POST", "inbound", json=said)

    def _messages(self, kind):
        found = self._ask("GET", "messages", params={"limit": 1000})["messages"]
        return [each for each in found if each["kind"] == kind]

    def _ask(self, method, path, **said):
        return requests.request(method, f"{self.url}/stand-in/{path}", timeout=30, **said).json()
