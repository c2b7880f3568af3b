"""What LLM calls may cost: prices, and a budget of which the most a call can cost is set aside before it is made.

Money is counted in millionths of a US dollar. What was spent is told by the journal.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from boi_pipeline.entity import Budget, Price
from scrapers.yamlfile import ConfigError, load

PRICES = Path(__file__).resolve().parent / "prices.yml"


class BudgetExhausted(Exception):
    """A call was not made because it could cost more than is left."""


class _Prices(BaseModel):
    model_config = ConfigDict(extra="forbid")
    checked: str
    prices: dict[str, Price]


@cache
def _prices() -> dict[str, Price]:
    return load(PRICES, _Prices).prices


def price_of(model: str, given: Price | None) -> Price:
    """The price of a model: the entity's own, else that of ``prices.yml``. Raises ConfigError where neither has one."""
    if given is not None:
        return given
    found = _prices().get(model)
    if found is None:
        raise ConfigError(
            PRICES,
            None,
            f"prices.{model}",
            "the price of this model is unknown, so no call is made; add it here, or as reader.price in entity.yaml "
            "({input: 0, output: 0} for a model of your own). Known: " + ", ".join(sorted(_prices())),
        )
    return found


@dataclass(frozen=True)
class Cost:
    """What was used: millionths of a US dollar, and tokens."""

    micro_usd: int = 0
    tokens: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(self.micro_usd + other.micro_usd, self.tokens + other.tokens)

    def __sub__(self, other: "Cost") -> "Cost":
        return Cost(self.micro_usd - other.micro_usd, self.tokens - other.tokens)


def cost_of(price: Price, prompt_tokens: int, cached_tokens: int, completion_tokens: int) -> Cost:
    """What a call with this usage costs."""
    cached = price.input if price.cached_input is None else price.cached_input
    usd = (prompt_tokens - cached_tokens) * price.input + cached_tokens * cached + completion_tokens * price.output
    return Cost(round(usd), prompt_tokens + completion_tokens)


def most_tokens(text: str) -> int:
    """An upper estimate of a text's tokens: byte-level tokenisers need at most about one for every two bytes of prose."""
    return len(text.encode("utf-8")) // 2 + 64


class Purse:
    """A budget in use: ``reserve`` before a call, ``settle`` after it. Of one thread."""

    def __init__(self, budget: Budget, price: Price, spent_this_month: Cost, spent_this_run: Cost = Cost()) -> None:
        """``spent_…``: before this purse was opened."""
        self.price = price
        self.spent = Cost()  # from this purse
        self._reserved = Cost()
        self._limits = (
            ("run", budget.run.usd, budget.run.tokens, spent_this_run),
            ("month", budget.month.usd, budget.month.tokens, spent_this_month),
        )

    def reserve(self, prompt: str, max_output_tokens: int) -> Cost:
        """Set aside the most a call can cost. Raises BudgetExhausted, which says of which limit how much is left."""
        wanted = cost_of(self.price, most_tokens(prompt), 0, max_output_tokens)
        for name, usd, tokens, before in self._limits:
            used = before + self.spent + self._reserved
            if used.micro_usd + wanted.micro_usd > usd * 1_000_000 or used.tokens + wanted.tokens > tokens:
                raise BudgetExhausted(
                    f"the budget of the {name} ({usd:g} USD, {tokens:,} tokens) has {max(0.0, usd - used.micro_usd / 1e6):.4f} USD and "
                    f"{max(0, tokens - used.tokens):,} tokens left; this call may need {wanted.micro_usd / 1e6:.4f} USD and {wanted.tokens:,} tokens. "
                    "Raise reader.budget in entity.yaml, or wait"
                )
        self._reserved += wanted
        return wanted

    def settle(self, reserved: Cost, used: Cost) -> None:
        """Give back what was set aside and count what was used."""
        self._reserved -= reserved
        self.spent += used
