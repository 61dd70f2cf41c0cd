"""What a product says to the parameters of its category."""

from collections.abc import Mapping

from catalog.models import Parameter, ParameterValue, Product
from shop.core import audit
from shop.core.transactions import unit

VALUE_LENGTH = 100


@unit
def save(*, product: Product, values: Mapping[int, str], actor: str) -> None:
    """Write values by parameter id; an empty one is forgotten, those that aren't named stay, strangers are
    left out. Whether a value fits is for the check to say."""
    before = dict(product.parameter_values.values_list("parameter_id", "value"))
    known = set(Parameter.objects.filter(pk__in=values).values_list("pk", flat=True))
    after = dict(before)
    for pk, value in values.items():
        if pk in known:
            after[pk] = " ".join(str(value).split())[:VALUE_LENGTH]
    after = {pk: value for pk, value in after.items() if value}
    if after == before:
        return
    ParameterValue.objects.filter(product=product).exclude(parameter__in=after).delete()
    ParameterValue.objects.bulk_create(
        [ParameterValue(product=product, parameter_id=pk, value=value) for pk, value in after.items()],
        update_conflicts=True,
        unique_fields=["product", "parameter"],
        update_fields=["value"],
    )
    audit.record(
        actor=actor,
        verb="set_parameters",
        target=f"product:{product.pk}",
        before={str(pk): value for pk, value in before.items()},
        after={str(pk): value for pk, value in after.items()},
    )
