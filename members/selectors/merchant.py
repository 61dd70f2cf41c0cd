"""The merchant, as every page shows it."""

from dataclasses import asdict, dataclass, fields

from django.core.cache import cache
from django.utils.translation import gettext as _

from members.models import Merchant

KEY = "members.merchant"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class MerchantFacts:
    """`logo` and `licence_image` are paths of core.uploads, empty when there is none."""

    shop_name: str = ""
    slogan: str = ""
    logo: str = ""
    company: str = ""
    licence_number: str = ""
    licence_image: str = ""
    scope: str = ""
    icp_number: str = ""
    police_number: str = ""
    phone: str = ""
    address: str = ""


def current() -> MerchantFacts:
    """Cached for a minute; a plain name stands in until the profile is filled."""
    facts = cache.get(KEY)
    if not isinstance(facts, dict) or set(facts) != {field.name for field in fields(MerchantFacts)}:
        facts = asdict(_read())
        cache.set(KEY, facts, SECONDS)
    return MerchantFacts(**facts | {"shop_name": facts["shop_name"] or _("Our shop")})


def forget() -> None:
    """Makes the next page read the profile again."""
    cache.delete(KEY)


def _read() -> MerchantFacts:
    row = Merchant.objects.filter(pk=Merchant.ONLY).first()
    return (
        MerchantFacts(**{field.name: getattr(row, field.name) for field in fields(MerchantFacts)})
        if row
        else MerchantFacts()
    )
