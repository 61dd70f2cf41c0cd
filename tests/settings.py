"""The shop's settings on test databases of this session: same servers as the demo, nothing shared with it."""

import os

from local import for_tests

SUFFIX = os.environ.get("TEST_DB_SUFFIX", "")

for_tests.prepare(f"{SUFFIX}/{os.environ.get('PYTEST_XDIST_WORKER', '')}")

from shop.settings import *  # noqa: E402, F403
from shop.settings import DATABASES  # noqa: E402

# pytest-django appends the name of an xdist worker
DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_shop_{SUFFIX}" if SUFFIX else "test_shop"
# tests may lose their last commits in a power cut; the demo in the same cluster may not
OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
OPTIONS["options"] = f"{OPTIONS.get('options', '')} -c synchronous_commit=off".strip()
