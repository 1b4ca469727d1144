"""Parts of texts and the clinic's price of one → what they cost, in words."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
# Below ten cents a cent is too coarse: half a cent a part would read as one or as nothing.
COARSE_FROM = Decimal("0.10")
FINE = Decimal("0.0001")


@dataclass(frozen=True, slots=True)
class Price:
    """What one part costs at this clinic; `currency` in three letters."""

    per_part: Decimal
    currency: str

    def of(self, parts: int) -> str:
        """As in "0.08 GBP"; an empty text for no parts."""
        if parts <= 0:
            return ""
        return f"{_rounded(self.per_part * parts)} {self.currency}"


def _rounded(cost: Decimal) -> str:
    """At least two places, and up to four where the cost is small and has them."""
    places = CENT if cost >= COARSE_FROM else FINE
    shown = f"{cost.quantize(places, rounding=ROUND_HALF_UP):f}"
    whole, _, rest = shown.partition(".")
    return f"{whole}.{rest.rstrip('0'):0<2}"


@dataclass(frozen=True, slots=True)
class Cost:
    """Several texts together; `unmade` of them could not be filled, so they are not counted."""

    texts: int = 0
    parts: int = 0
    unmade: int = 0


def cost_of(parts: Iterable[int | None]) -> Cost:
    """Return the texts and their parts; None is a text that cannot be made."""
    counted = list(parts)
    made = [one for one in counted if one is not None]
    return Cost(texts=len(counted), parts=sum(made), unmade=len(counted) - len(made))
