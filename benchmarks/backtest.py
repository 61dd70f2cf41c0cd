"""How far off every method of forecasting is: `python -m benchmarks.backtest`. No database.

Prints all methods on the public series in tests/analytics/data, the losers too.
"""

import time

from analytics.forecasting import combining, scoring
from analytics.forecasting.combining import HORIZON
from tests.analytics.history_of import cdnow

FIRST = 28


def main() -> None:
    for name, total in (("CDNOW, all together", True), ("CDNOW, by price", False)):
        history = cdnow(total=total)
        started = time.perf_counter()
        days = range(FIRST, history.days - HORIZON + 1, 7)
        report = scoring.back_test(history, [combining.stand_at(history, day) for day in days])
        seconds = time.perf_counter() - started
        print(f"{name}: {history.rows} series, {report.looks} origins, {seconds:.1f} s")
        for method in scoring.NAMES:
            print(
                f"  {method:15} WAPE {report.wape(method):.3f}  MASE {report.mase(method):.3f}"
                f"  RMSE {report.rmse(method):9.2f}  bias {report.bias(method):+.3f}"
            )


if __name__ == "__main__":
    main()
