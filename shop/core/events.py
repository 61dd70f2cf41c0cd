"""Facts: frozen dataclasses in the past tense, and who reacts to them."""

import dataclasses
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

import structlog

from shop.core.models import OutboxDelivery, OutboxEvent
from shop.core.poking import poke
from shop.core.transactions import require_transaction

F = TypeVar("F", bound=Callable[[Any], None])

PLAIN = (int, str, bool, type(None))

_topics: dict[str, type["Event"]] = {}
_handlers: dict[str, "Handler"] = {}


class Event:
    """Base of every fact. Fields are ids (whole numbers, short texts, or tuples of them): amounts are read
    again by whoever reacts. `key_field` names the field whose equal values keep their order."""

    key_field: ClassVar[str] = ""
    topic: ClassVar[str] = ""

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        parts = cls.__module__.split(".")
        app = parts[1] if parts[0] == "shop" and len(parts) > 1 else parts[0]
        cls.topic = f"{app}.{cls.__name__}"
        _topics[cls.topic] = cls

    @property
    def key(self) -> str:
        return str(getattr(self, self.key_field)) if self.key_field else ""

    def payload(self) -> dict[str, Any]:
        """JSON values; a field that isn't plain is a TypeError."""
        values = {field.name: getattr(self, field.name) for field in dataclasses.fields(self)}  # type: ignore[arg-type]
        for name, value in values.items():
            items = value if isinstance(value, tuple) else (value,)
            if not all(isinstance(item, PLAIN) for item in items):
                raise TypeError(f"{self.topic}.{name} is not an id")
        return {name: list(value) if isinstance(value, tuple) else value for name, value in values.items()}


@dataclass(frozen=True)
class Handler:
    """One function that reacts. `outside` means that it calls the world outside and runs without a
    transaction."""

    name: str
    fn: Callable[[Any], None]
    topics: tuple[str, ...]
    outside: bool
    queue: str


def reacts_to(
    event: type[Event], *more: type[Event], outside: bool = False, queue: str | None = None
) -> Callable[[F], F]:
    """Registers a function of one event.

    Inside (the default) its effect and the done-mark commit together: exactly once. With `outside=True` it
    runs in no transaction, at least once, and must be harmless when repeated (a vendor number stored before).
    `queue` is one of critical, default, notify, report; by default `default` inside and `notify` outside.
    """

    def register(fn: F) -> F:
        name = f"{fn.__module__}.{fn.__qualname__}"
        _handlers[name] = Handler(
            name=name,
            fn=fn,
            topics=tuple(one.topic for one in (event, *more)),
            outside=outside,
            queue=queue or ("notify" if outside else "default"),
        )
        return fn

    return register


def publish(event: Event) -> None:
    """Writes the fact and one delivery for each handler; needs the transaction of the cause."""
    require_transaction()
    handlers = handlers_of(event.topic)
    request_id = str(structlog.contextvars.get_contextvars().get("request_id", ""))[:64]
    row = OutboxEvent.objects.create(
        topic=event.topic, key=event.key, payload=event.payload(), request_id=request_id
    )
    OutboxDelivery.objects.bulk_create(
        OutboxDelivery(
            event=row, handler=handler.name, key=event.key, queue=handler.queue, available_at=row.created_at
        )
        for handler in handlers
    )
    if handlers:
        poke(handler.queue for handler in handlers)


def handlers_of(topic: str) -> list[Handler]:
    return [handler for handler in _handlers.values() if topic in handler.topics]


def handler(name: str) -> Handler | None:
    return _handlers.get(name)


def all_handlers() -> dict[str, Handler]:
    """Every handler by name (a copy)."""
    return dict(_handlers)


def revive(topic: str, payload: dict[str, Any]) -> Event:
    """The fact again; KeyError for a topic nobody declares any more, TypeError for fields that don't fit."""
    values = {name: tuple(value) if isinstance(value, list) else value for name, value in payload.items()}
    return _topics[topic](**values)
