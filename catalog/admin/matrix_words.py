"""What the specification editor says; its script gets the words in the reader's language."""

from django.utils.translation import gettext as _


def words() -> dict[str, str]:
    """By the names the script knows them under; `{name}` is filled there."""
    return {
        "axis": _("What differs"),
        "axis_hint": _("e.g. Colour"),
        "add_value": _("Add a value, press Enter"),
        "add_value_hint": _("Several at once: separate them by commas or paste a column."),
        "rename": _("Rename {name}"),
        "remove": _("Remove {name}"),
        "move": _("Move {name} with the arrow keys"),
        "remove_axis": _("Remove this specification"),
        "add_axis": _("Add a specification"),
        "first_axis": _("Add the first specification"),
        "none": _("This product has no specification: it is one SKU."),
        "heir": _("The SKUs so far are:"),
        "heir_one": _("The SKU so far ({code}, {stock} in stock) is:"),
        "name_twice": _("“{name}” is there already."),
        "too_long": _("At most {limit} characters."),
        "too_many": _("That would be {count} combinations; a product has at most {limit}."),
        "no_values": _("“{name}” needs at least one value."),
        "no_name": _("Say what differs, for example Colour."),
        "single": _("(no specification)"),
        "code": _("code"),
        "barcode": _("barcode"),
        "list_price": _("price"),
        "cost_price": _("cost"),
        "floor_price": _("floor price"),
        "weight_grams": _("weight (g)"),
        "volume_cm3": _("volume (cm³)"),
        "nominal_grams": _("nominal grams"),
        "price_basis_grams": _("price is per grams"),
        "stock": _("stock"),
        "opening": _("opening stock"),
        "is_active": _("on sale"),
        "made_up": _("made up when empty"),
        "reserved": _("{count} reserved"),
        "rows": _("{count} SKUs, {sold} on sale"),
        "shown": _("{count} shown"),
        "filled": _("Filled in {count} rows."),
        "undo": _("Undo"),
        "bad_price": _("Write a price such as 12.80."),
        "bad_number": _("Write a whole number."),
        "twice": _("Stands twice in this table."),
        "new_skus": _("{count} new SKUs."),
        "kept": _("{count} SKUs stay with their code, stock and orders."),
        "becomes": _("{code} with {stock} in stock becomes {words}."),
        "gone": _(
            "{code} {words} is no longer sold. {stock} pieces stay with it; bring the value back and it "
            "returns with them."
        ),
        "gone_empty": _("{count} SKUs without stock are no longer sold."),
        "gone_more": _("… and {count} more."),
        "off": _("{count} combinations are switched off: shoppers see them as not made."),
        "unsaved": _("Not saved yet"),
        "saved": _("All saved"),
        "saving": _("Saving …"),
        "offline": _("Not saved: the shop does not answer. Nothing you typed is lost; try again."),
        "signed_out": _(
            "Not saved: you are signed out. Sign in again in another tab, then save here; nothing is lost."
        ),
        "broken": _("Not saved: something went wrong on the server. Nothing you typed is lost; try again."),
        "on_all": _("all rows"),
    }
