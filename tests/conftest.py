"""Starts Postgres and Valkey before Django reads its settings; see local/README.md."""

import os
import sys
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
if str(CHECKOUT) not in sys.path:
    sys.path.insert(0, str(CHECKOUT))

from local import for_tests  # noqa: E402

SUFFIX = os.environ.get("TEST_DB_SUFFIX", "")
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "")

for_tests.prepare(f"{SUFFIX}/{WORKER}")


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """Name the test database after TEST_DB_SUFFIX and the xdist worker, so sessions don't meet."""
    from django.conf import settings
    from django.db import connections

    name = "_".join(part for part in ("test_shop", SUFFIX, WORKER) if part)
    for database in (settings.DATABASES["default"], connections["default"].settings_dict):
        database.setdefault("TEST", {})["NAME"] = name
