"""The shop's settings on test databases of this session: same servers as the demo, nothing shared with it."""

from local import for_tests

session = for_tests.prepare()

from shop.settings import *  # noqa: E402, F403
from shop.settings import CACHES, DATABASES  # noqa: E402

# pytest-django appends the name of an xdist worker
DATABASES["default"].setdefault("TEST", {})["NAME"] = f"test_shop{session}"
# tests may lose their last commits in a power cut; the demo in the same cluster may not
OPTIONS = DATABASES["default"].setdefault("OPTIONS", {})
OPTIONS["options"] = f"{OPTIONS.get('options', '')} -c synchronous_commit=off".strip()
# a busy machine is no reason to believe that Redis is away
CACHES["default"]["OPTIONS"] |= {"socket_timeout": 20, "socket_connect_timeout": 20}  # type: ignore[operator]
