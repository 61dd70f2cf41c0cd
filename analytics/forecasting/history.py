"""What is known when a forecast is made."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Whole = NDArray[np.int64]
WEEK = 7


@dataclass(frozen=True)
class History:
    """`sold` pieces by (row, day); `open` where a sale was possible: stocked already and not sold out the
    whole day; `promoted` where it was sold below its usual price. `group` names the rows that learn from each
    other (0 … groups - 1). `weekday` of each column, 0 = Monday.
    """

    sold: Floats
    open: Flags
    promoted: Flags
    group: Whole
    weekday: Whole

    @property
    def rows(self) -> int:
        return int(self.sold.shape[0])

    @property
    def days(self) -> int:
        return int(self.sold.shape[1])

    def until(self, day: int) -> "History":
        """What was known before column `day`: nothing of it or after it."""
        return History(
            self.sold[:, :day], self.open[:, :day], self.promoted[:, :day], self.group, self.weekday[:day]
        )

    def weekdays_ahead(self, days: int) -> Whole:
        """The weekdays of the days that follow."""
        first = (int(self.weekday[-1]) + 1) % WEEK
        return (first + np.arange(days)) % WEEK
