"""The account that the product has with the stand-in, and where the product listens."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Account:
    """Name and secret of the account, and the public address of the product's webhooks."""

    sid: str
    token: str
    public_url: str
