"""make lists what it can do, and it stays a short list."""

import os
import subprocess

from tests.architecture.rules import CHECKOUT


def test_make_alone_lists_few_documented_targets() -> None:
    # make test is a make itself, and tells its children so
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))
    }
    listed = subprocess.run(
        ["make"], cwd=CHECKOUT, env=environment, capture_output=True, text=True, check=True
    ).stdout
    makefile = (CHECKOUT / "Makefile").read_text()
    phony = makefile.split(".PHONY:")[1].split("\n\n")[0].replace("\\\n", " ").split()
    assert [line.split()[1] for line in listed.splitlines()] == phony
    assert len(phony) <= 24
