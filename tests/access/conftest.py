from tests.orders.conftest import bank  # noqa: F401
