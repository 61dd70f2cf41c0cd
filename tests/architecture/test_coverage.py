"""docs/coverage.md says of each of the 211 features what is built, and names tests that exist."""

import re

from tests.architecture.rules import CHECKOUT

ROW = re.compile(r"^\| (\d+) \| [^|]+ \| (\*\*done\*\*|\*\*part\*\*|\*not yet\*) \|(.*)\|$", re.M)
TESTS = CHECKOUT / "tests"


def test_every_row_has_a_status_and_every_test_named_is_there() -> None:
    rows = ROW.findall((CHECKOUT / "docs" / "coverage.md").read_text())
    assert [int(number) for number, _, _ in rows] == list(range(1, 212))
    for number, status, rest in rows:
        where, test, missing = (cell.strip() for cell in rest.split("|"))
        assert bool(where) == (status != "*not yet*"), number
        assert bool(missing) == (status == "**part**"), number
        for name in re.findall(r"(?:tests/)?([\w/]+\.py)|tests/([\w/]+)", test):
            path = name[0] or name[1]
            found = list(TESTS.glob(path)) or list(TESTS.rglob(path.rpartition("/")[2]))
            assert found, f"row {number} names {path}"
