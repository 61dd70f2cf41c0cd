"""The states of a stocktake."""

from catalog.terms.stocktakes import StocktakeStatus
from shop.core.states import Machine

STOCKTAKE = Machine(
    "stocktake",
    initial=StocktakeStatus.COUNTING,
    moves={
        StocktakeStatus.COUNTING: [StocktakeStatus.REVIEW, StocktakeStatus.CANCELLED],
        StocktakeStatus.REVIEW: [
            StocktakeStatus.COUNTING,
            StocktakeStatus.CLOSED,
            StocktakeStatus.CANCELLED,
        ],
    },
)
