"""Every variable the shop reads is documented, and nothing else is."""

import re

from tests.architecture.rules import CHECKOUT

# made for docker-compose.yml, read by nothing of ours
COMPOSE_ONLY = {"POSTGRES_PASSWORD"}


def test_env_example_documents_every_variable() -> None:
    source = "".join(path.read_text() for path in (CHECKOUT / "shop" / "settings").glob("*.py"))
    read = set(re.findall(r"""env\.(?:text|flag|whole|names)\(\s*"([A-Z_0-9]+)\"""", source))
    documented = set(re.findall(r"^([A-Z_0-9]+)=", (CHECKOUT / ".env.example").read_text(), re.M))
    assert documented - COMPOSE_ONLY == read
