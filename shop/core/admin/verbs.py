"""What staff did and to what, in words. The log keeps the codes; people read these."""

from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

VERBS = {
    "add": pgettext_lazy("audit", "Added"),
    "add_goods": _("Added goods to an offer"),
    "add_photo": _("Added a photo"),
    "add_picture": _("Added a picture"),
    "adjust": _("Changed stock"),
    "adjust_points": _("Changed points"),
    "approve_stocktake": _("Booked a stocktake"),
    "ask_the_gateway": _("Asked the gateway"),
    "bind_wechat": _("Bound WeChat to the account"),
    "cancel": pgettext_lazy("audit", "Cancelled"),
    "change": pgettext_lazy("audit", "Changed"),
    "change_merchant": _("Changed the shop's profile"),
    "change_staff": _("Changed a member of staff"),
    "change_stock": _("Changed stock"),
    "count": _("Counted stock"),
    "create_category": _("Added a category"),
    "create_place": _("Added a place"),
    "create_product": _("Added a product"),
    "create_staff": _("Added a member of staff"),
    "create_synonym": _("Added a synonym"),
    "delete": pgettext_lazy("audit", "Deleted"),
    "delete_category": _("Deleted a category"),
    "describe_picture": _("Described a picture"),
    "duplicate": _("Made a copy"),
    "export_products": _("Exported products"),
    "export_stock": _("Exported stock"),
    "give": _("Gave out a coupon"),
    "hide_search_word": _("Hid a search word"),
    "import_products": _("Imported products"),
    "import_stock": _("Imported stock"),
    "merge_members": _("Joined two members"),
    "note": _("Noted or flagged"),
    "offer": _("Offered goods in a channel"),
    "offer_in_channel": _("Offered goods in a channel"),
    "open_stocktake": _("Opened a stocktake"),
    "promotion_started": _("Started an offer"),
    "publish_consent_text": _("Published a legal text"),
    "put_on_shelf": _("Put on the shelf"),
    "put_selected_on_shelf": _("Put on the shelf"),
    "receive_transfer": _("Took in a transfer"),
    "refund": pgettext_lazy("audit", "Refunded"),
    "remove_holiday": _("Removed a holiday"),
    "remove_pack": _("Removed a carton"),
    "remove_photo": _("Removed a photo"),
    "remove_picture": _("Removed a picture"),
    "remove_synonym": _("Removed a synonym"),
    "renew_secret": _("Made a new secret"),
    "reorder_pictures": _("Put pictures in order"),
    "replay": _("Delivered an event again"),
    "return_transfer": _("Took a transfer back"),
    "revoke": _("Took a coupon back"),
    "save_channel": _("Saved a sales channel"),
    "save_freight_template": _("Changed freight"),
    "save_pack": _("Changed a carton"),
    "save_specifications": _("Changed specifications"),
    "see_contact": _("Looked at name, phone and address"),
    "send_again": _("Sent a refund again"),
    "send_transfer": _("Sent a transfer"),
    "set_alert": _("Set a stock warning"),
    "set_aside": _("Set a notice aside"),
    "set_holiday": _("Set a holiday"),
    "set_password": _("Set a password"),
    "set_policy": _("Changed a rule"),
    "set_price": _("Changed a price"),
    "set_scale_item": _("Changed a scale number"),
    "set_shelf": _("Said where goods stand"),
    "set_staff_of_place": _("Changed who works in a place"),
    "set_stock_alert": _("Set a stock warning"),
    "ship": pgettext_lazy("audit", "Shipped"),
    "show_whole_phone": _("Looked at a whole phone number"),
    "sign_in": _("Signed in"),
    "specs": _("Changed specifications"),
    "take_off_shelf": _("Took off the shelf"),
    "take_selected_off_shelf": _("Took off the shelf"),
    "tell_now": _("Told a channel everything"),
    "unbind_wechat": _("Unbound WeChat from the account"),
    "undo_merge": _("Took two members apart again"),
    "unlock_sign_in": _("Unlocked signing in"),
    "update_product": _("Changed a product"),
    "verify": _("Handed out goods"),
    "view_phone": _("Looked at a whole phone number"),
    "book_loss": _("Wrote goods off"),
    "close_recall": _("Closed a recall"),
    "export_recall": _("Exported a recall"),
    "find_again": _("Looked for buyers of recalled goods"),
    "move_pool": _("Moved stock to another pool"),
    "move_stock_pool": _("Moved stock to another pool"),
    "recall": _("Recalled a batch"),
    "recall_batches": _("Recalled a batch"),
    "refund_all": _("Refunded a recall"),
    "write_off": _("Wrote goods off"),
    "add_plan": _("Planned a season"),
    "add_video": _("Added a video"),
    "answer_idle": _("Answered a no-sale warning"),
    "answer_twin": _("Answered for pictures alike"),
    "cancel_plan": _("Called a plan off"),
    "change_plan": _("Changed a plan"),
    "clear_idle": _("Sold off"),
    "ignore_idle": _("Left a warning for later"),
    "improve_picture": _("Improved a picture"),
    "narrow_promotion": _("Took goods out of an offer"),
    "override_tag": _("Set a tag by hand"),
    "pick_spot_checks": _("Picked spot checks"),
    "remove_video": _("Removed a video"),
    "retire_idle": _("Took goods off that don't sell"),
    "settle_take_down": _("Settled a take-down"),
    "spot_check": _("Did a spot check"),
    "stop_promotion": _("Stopped an offer"),
    "take_down": _("Took goods down at once"),
    "undo_picture": _("Took a picture's change back"),
}
MODELS = {
    "category": "catalog.category",
    "freight": "catalog.freighttemplate",
    "level": "catalog.stocklevel",
    "stocktake": "catalog.stocktake",
    "transfer": "catalog.transfer",
    "order": "orders.order",
    "place": "catalog.place",
    "product": "catalog.product",
    "sku": "catalog.sku",
    "stock": "catalog.stocklevel",
    "merchant": "members.merchant",
    "member": "members.member",
    "setting": "core.setting",
    "user": "members.user",
}


def verb(code: str) -> str:
    """The words for a verb; one nobody has named yet is shown with its underscores gone."""
    return str(VERBS.get(code) or capfirst(code.replace("_", " ")))


def target(reference: str) -> str:
    """`orders.order:12` as "order 12"; what no model is called stays as it is."""
    noun, _colon, key = reference.partition(":")
    model = _model(MODELS.get(noun, noun))
    return f"{model._meta.verbose_name} {key}" if model else reference


def _model(label: str) -> Any:
    app, _dot, name = label.partition(".")
    try:
        return apps.get_model(app, name) if name else None
    except LookupError:
        return None
