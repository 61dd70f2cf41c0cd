from orders.errors import GatewaySilent
from orders.events import PaymentSuperseded
from orders.services import payments, settling
from shop.core.events import reacts_to


@reacts_to(PaymentSuperseded, outside=True, queue="critical")
def close_rival(event: PaymentSuperseded) -> None:
    word = payments.close(payment_id=event.payment_id)
    if word == "unknown":
        raise GatewaySilent()
    if word == "paid":
        settling.ask(payment_id=event.payment_id)
