from orders.gateways.base import Ok, Rejected, Result
from orders.models import GatewayCall
from shop.core import clock


def record(*, gateway: str, verb: str, number: str, result: Result[object]) -> None:
    """Keep the raw exchange of a money call (PROTOCOLS, general rule 5). Credentials are never part of it."""
    word = "ok" if isinstance(result, Ok) else "rejected" if isinstance(result, Rejected) else "unknown"
    GatewayCall.objects.create(
        gateway=gateway,
        verb=verb,
        number=number,
        request=result.exchange.request,
        status_code=result.exchange.status_code,
        answer=result.exchange.answer,
        result=word,
        made_at=clock.now(),
    )
