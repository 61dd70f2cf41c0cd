"""Where the local services of this checkout live."""

import hashlib
import os
import shutil
import stat
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
VAR = CHECKOUT / "var"
ENV_FILE = Path(os.environ.get("LOCAL_ENV_FILE") or VAR / "local.env")


class LocalError(RuntimeError):
    """Something on this machine is in the way; the message says what and what to do."""


def home() -> Path:
    """The directory of this checkout's services, created on first use and owned by the caller.

    It lies under /var/tmp because an unprivileged server process can't reach a private home directory, and
    because the path of a unix socket must stay short. LOCAL_HOME overrides it.
    """
    chosen = os.environ.get("LOCAL_HOME")
    if chosen:
        path = Path(chosen)
    else:
        digest = hashlib.sha256(f"{os.getuid()}:{CHECKOUT}".encode()).hexdigest()[:10]
        path = Path("/var/tmp") / f"weimall-{digest}"  # noqa: S108 - owner and mode are checked below
    path.mkdir(mode=0o711, parents=True, exist_ok=True)
    found = path.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid():
        raise LocalError(f"{path} belongs to somebody else. Set LOCAL_HOME to a directory of your own.")
    path.chmod(0o711)
    return path


def private_directory(path: Path, *, owner: tuple[int, int] | None) -> Path:
    """Make `path` a 0700 directory of `owner` (uid, gid), or of the caller when None."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    path.chmod(0o700)
    if owner:
        os.chown(path, *owner)
    return path


def write_private(path: Path, text: str, *, owner: tuple[int, int] | None = None) -> None:
    """Replace `path` atomically with `text`, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{os.getpid()}")
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
        stream.write(text)
    if owner:
        os.chown(fresh, *owner)
    fresh.replace(path)


def delete_home() -> Path:
    """Delete every row, message, picture and secret kept for this checkout. The servers must be down."""
    deleted = home()
    shutil.rmtree(deleted, ignore_errors=True)
    shutil.rmtree(VAR / "media", ignore_errors=True)
    ENV_FILE.unlink(missing_ok=True)
    return deleted
