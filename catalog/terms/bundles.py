"""Words of bundle products 组合商品 and gift boxes 礼盒. (A bundle price 搭配价 is an offer of marketing.)"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _

COMPONENTS_AT_MOST = 20
PIECES_AT_MOST = 99


class BundleKind(TextChoices):
    BUNDLE = "bundle", _("Bundle product")
    GIFT_BOX = "gift_box", _("Gift box")
