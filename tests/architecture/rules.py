"""Rules about source text that import-linter can't see. Each takes a file and yields its offences."""

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]
APPS = ("members", "catalog", "marketing", "orders", "analytics")
OURS = (*APPS, "shop", "local")
LONGEST_FILE = 400
LONGEST_ETA_SECONDS = 60


@dataclass(frozen=True)
class Source:
    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        return ast.parse(self.text, self.path)

    @property
    def name(self) -> str:
        return self.path.rsplit("/", 1)[-1]


Rule = Callable[[Source], Iterator[int]]


def sources() -> Iterator[Source]:
    """Every Python file of ours, without migrations."""
    for root in OURS:
        for path in sorted((CHECKOUT / root).rglob("*.py")):
            if "migrations" not in path.parts:
                yield Source(path.relative_to(CHECKOUT).as_posix(), path.read_text())


def no_signals(source: Source) -> Iterator[int]:
    """Effects are reactions to events, never Django signals."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.module in (
            "django.dispatch",
            "django.db.models.signals",
        ):
            yield node.lineno
        elif isinstance(node, ast.ImportFrom) and node.module == "django.db.models":
            if any(name.name == "signals" for name in node.names):
                yield node.lineno
        elif isinstance(node, ast.Import) and any(n.name.startswith("django.dispatch") for n in node.names):
            yield node.lineno


def status_is_written_by_states_only(source: Source) -> Iterator[int]:
    """A status moves through Machine.move; a row is only born with one."""
    if source.path == "shop/core/states.py" or source.path.startswith("local/"):
        return
    for node in ast.walk(source.tree):
        targets: list[ast.expr] = []
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = [node.target]
        for target in targets:
            if isinstance(target, ast.Attribute) and target.attr == "status" and not _is_self(target):
                yield node.lineno
        if _calls(node, "update") and any(keyword.arg == "status" for keyword in node.keywords):
            yield node.lineno
        if _calls(node, "bulk_update") and "'status'" in ast.dump(node):
            yield node.lineno


def locks_are_in_locks(source: Source) -> Iterator[int]:
    """Only locks.py locks rows, and always without the key, so that foreign keys don't wait."""
    for node in ast.walk(source.tree):
        if not _calls(node, "select_for_update"):
            continue
        no_key = any(
            keyword.arg == "no_key"
            and isinstance(keyword.value, ast.Constant)
            and keyword.value.value is True
            for keyword in node.keywords
        )
        if source.name != "locks.py" or not no_key:
            yield node.lineno


def services_start_no_tasks(source: Source) -> Iterator[int]:
    """A service publishes; a reaction starts the job."""
    if "/services" not in source.path:
        return
    for node in ast.walk(source.tree):
        if any(_calls(node, name) for name in ("delay", "apply_async", "send_task")):
            yield node.lineno


def imports_are_at_the_top(source: Source) -> Iterator[int]:
    """No hidden edges: an import of ours inside a function hides a cycle."""
    for function in ast.walk(source.tree):
        if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        for node in ast.walk(function):
            modules: list[str] = []
            if isinstance(node, ast.Import):
                modules = [name.name for name in node.names]
            elif isinstance(node, ast.ImportFrom):
                modules = ["shop" if node.level else node.module or ""]
            if any(module.split(".")[0] in OURS for module in modules):
                yield node.lineno  # type: ignore[attr-defined]


def files_are_short(source: Source) -> Iterator[int]:
    """Every file is one thought."""
    lines = source.text.count("\n")
    if lines > LONGEST_FILE:
        yield lines


def timers_are_rows(source: Source) -> Iterator[int]:
    """Nothing waits in the broker for long: a due time is a row that beat scans."""
    for node in ast.walk(source.tree):
        if not isinstance(node, ast.Call):
            continue
        for keyword in node.keywords:
            value = keyword.value.value if isinstance(keyword.value, ast.Constant) else None
            short = isinstance(value, int | float) and value <= LONGEST_ETA_SECONDS
            if keyword.arg in ("countdown", "eta") and not short:
                yield node.lineno


def ports_know_no_django_rows_or_requests(source: Source) -> Iterator[int]:
    """Ports take values and give values."""
    if not any(f"/{port}/" in source.path for port in ("gateways", "carriers", "channels")):
        return
    forbidden = ("django.db", "django.http", "django.contrib", "rest_framework")
    for node in ast.walk(source.tree):
        modules: list[str] = []
        if isinstance(node, ast.Import):
            modules = [name.name for name in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        if any(module == name or module.startswith(f"{name}.") for module in modules for name in forbidden):
            yield node.lineno  # type: ignore[attr-defined]


def events_are_frozen(source: Source) -> Iterator[int]:
    """A fact doesn't change after it happened."""
    if source.name != "events.py" or source.path.startswith("shop/core/"):
        return
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and not any(
            isinstance(mark, ast.Call) and any(keyword.arg == "frozen" for keyword in mark.keywords)
            for mark in node.decorator_list
        ):
            yield node.lineno


def _calls(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == name


def _is_self(target: ast.Attribute) -> bool:
    # an object that keeps a status of its own (a job, a refusal) is no row with a machine
    return isinstance(target.value, ast.Name) and target.value.id in ("self", "cls")
