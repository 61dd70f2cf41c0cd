"""Make .venv and fill it. Standard library only: it runs before anything is installed.

python3 local/install.py            libraries, when requirements are newer than the last installation
python3 local/install.py chromium   a browser for the journeys, where this machine can have one
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VENV = CHECKOUT / ".venv"
PYTHON = VENV / "bin" / "python"
STAMP = VENV / ".installed"
REQUIREMENTS = ["requirements-dev.txt", "requirements.txt", "constraints.txt"]
LOG = CHECKOUT / "var" / "log" / "install.log"
OLDEST = (3, 11)
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main(arguments: list[str]) -> int:
    if arguments == ["chromium"]:
        return chromium()
    if sys.version_info < OLDEST:
        newer = next(filter(None, map(shutil.which, ("python3.13", "python3.12", "python3.11"))), None)
        if newer is None:
            return fail(f"Python 3.11 or newer is needed, this is {sys.version.split()[0]}.")
        os.execv(newer, [newer, __file__, *arguments])  # noqa: S606
    if is_current():
        return 0
    LOG.parent.mkdir(parents=True, exist_ok=True)
    LOG.write_text("")
    began = time.monotonic()
    if not PYTHON.exists():
        say("Making .venv")
        if run(sys.executable, "-m", "venv", "--clear", str(VENV)):
            shutil.rmtree(VENV, ignore_errors=True)
            return fail("`python3 -m venv` does not work here (on Debian: apt-get install python3-venv).")
    say("Installing the libraries, about a minute the first time")
    uv = VENV / "bin" / "uv"
    constraints = ["-c", "constraints.txt"]
    if not uv.exists():
        run(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "uv")
    fast = [str(uv), "pip", "install", "--python", str(PYTHON), *constraints, "-r", REQUIREMENTS[0]]
    plain = [str(PYTHON), "-m", "pip", "install", "--disable-pip-version-check", *constraints]
    if (not uv.exists() or run(*fast)) and run(*plain, "-r", REQUIREMENTS[0]):
        return fail("The libraries could not be installed.")
    STAMP.write_text(wanted())
    say(f"Installed in {time.monotonic() - began:.0f} s")
    return 0


def is_current() -> bool:
    """True when the last installation saw the same requirements."""
    return PYTHON.exists() and STAMP.exists() and STAMP.read_text() == wanted()


def wanted() -> str:
    return "\n".join((CHECKOUT / name).read_text() for name in REQUIREMENTS)


def chromium() -> int:
    """Never fails: journeys that lack a browser are skipped and say so."""
    if any(map(shutil.which, BROWSERS)) or os.environ.get("CHROMIUM"):
        return 0
    if os.getuid() != 0 or not shutil.which("apt-get"):
        say("No Chromium here: the browser journeys will be skipped (set CHROMIUM=/path/to/chrome).")
        return 0
    LOG.parent.mkdir(parents=True, exist_ok=True)
    say("Installing Chromium for the browser journeys")
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-qq", env=environment)
    packages = ["chromium", "fonts-noto-cjk"]
    if run("apt-get", "install", "-y", "-qq", "--no-install-recommends", *packages, env=environment):
        say("Chromium can't be installed here: the browser journeys will be skipped.")
    return 0


def run(*command: str, env: dict[str, str] | None = None) -> int:
    """Run quietly, the output goes to the log; the exit code comes back."""
    with LOG.open("a") as log:
        log.write(f"$ {' '.join(command)}\n")
        log.flush()
        process = subprocess.Popen(  # noqa: S603
            command, cwd=CHECKOUT, stdout=log, stderr=subprocess.STDOUT, env=env
        )
        while True:
            try:
                code = process.wait(timeout=5)
                break
            except subprocess.TimeoutExpired:
                print(".", end="", flush=True, file=sys.stderr)
    return code


def say(words: str) -> None:
    print(f"· {words}", file=sys.stderr, flush=True)


def fail(words: str) -> int:
    tail = "\n".join(LOG.read_text(errors="replace").splitlines()[-15:]) if LOG.exists() else ""
    print(f"{tail}\n\n{words} The whole log: {LOG}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
