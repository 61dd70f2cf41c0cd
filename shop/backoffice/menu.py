"""What the left navigation has: every page by the work it is for."""

from dataclasses import dataclass

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from shop.backoffice import appearance, partner_shares, sales

Words = str | Promise


@dataclass(frozen=True, slots=True)
class Page:
    """A list of the admin by its model, with the chore whose count it carries."""

    model: str
    title: Words
    chore: str = ""

    def link(self) -> str:
        return reverse(f"admin:{self.model.replace('.', '_')}_changelist")

    def is_open_to(self, request: HttpRequest) -> bool:
        found = (
            page for model, page in admin.site._registry.items() if model._meta.label_lower == self.model
        )
        return any(page.has_view_or_change_permission(request) for page in found)


@dataclass(frozen=True, slots=True)
class View:
    """A page that is no list of a model, by the name of its address."""

    name: str
    title: Words
    permission: str
    chore: str = ""

    def link(self) -> str:
        return reverse(self.name)

    def is_open_to(self, request: HttpRequest) -> bool:
        return not self.permission or bool(request.user.has_perm(self.permission))


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the navigation: one page, or several that are tabs of each other."""

    icon: str
    pages: tuple[Page | View, ...]
    title: Words = ""


@dataclass(frozen=True, slots=True)
class Group:
    title: Words | None
    entries: tuple[Entry, ...]
    is_folded: bool = False


# addresses of a demo exist in a demo only
STAGE = (
    (Entry("theater_comedy", (View("stage:page", _("Stage"), "core.change_setting"),)),)
    if settings.DEMO
    else ()
)
GROUPS = (
    Group(None, (Entry("space_dashboard", (View("admin:index", _("Dashboard"), ""),)), *STAGE)),
    Group(
        _("Goods"),
        (
            Entry(
                "grocery",
                (
                    Page("catalog.product", _("Products")),
                    Page("catalog.sku", _("SKUs and prices")),
                    Page("catalog.pricechange", _("Price changes")),
                ),
            ),
            Entry(
                "sell",
                (
                    View("admin:catalog_sku_adjust", _("Move and round prices"), "catalog.set_price"),
                    Page("catalog.repricerun", _("Repricing")),
                    Page("catalog.pricerule", _("Price rules")),
                    Page("catalog.competitorgoods", _("Competitors' goods")),
                    Page("catalog.competitor", _("Competitors")),
                    Page("catalog.priceobservation", _("Seen prices")),
                    Page("catalog.placegoods", _("Prices of stores")),
                    Page("catalog.goodsnotice", _("Wished for")),
                ),
                _("Prices"),
            ),
            Entry(
                "featured_seasonal_and_gifts",
                (
                    Page("catalog.bundle", _("Bundle products")),
                    Page("catalog.partner", _("Partner brands")),
                    View("backoffice:partner_shares", _("Partner shares"), partner_shares.PERMISSION),
                ),
                _("Bundle products and gift boxes"),
            ),
            Entry(
                "add_a_photo",
                (View("admin:catalog_product_quick", _("List in a minute"), "catalog.shelve_product"),),
            ),
            Entry(
                "fact_check",
                (
                    View(
                        "admin:catalog_listingreview_queue",
                        _("Listing review"),
                        "catalog.shelve_product",
                        "listing_review",
                    ),
                    Page("catalog.listingreview", _("Reviews")),
                    Page("catalog.listingword", _("Words to avoid")),
                    Page("catalog.categoryrule", _("Listing rules")),
                    Page("catalog.parameter", _("Parameters")),
                ),
                _("Listing review"),
            ),
            Entry(
                "health_and_safety",
                (
                    Page("catalog.idlewarning", _("No sales"), "idle"),
                    Page("catalog.spotcheck", _("Spot checks"), "spot_check"),
                    Page("catalog.takedown", _("Take-downs"), "take_down"),
                    Page("catalog.picturetwin", _("Pictures alike")),
                ),
                _("Care of the shelf"),
            ),
            Entry("event", (Page("catalog.seasonplan", _("Seasonal plans")),)),
            Entry(
                "account_tree",
                (
                    Page("catalog.category", _("Categories")),
                    Page("catalog.brand", _("Brands")),
                    Page("catalog.tag", _("Tags")),
                    Page("catalog.tagoverride", _("Tags set by hand")),
                ),
                _("Categories and tags"),
            ),
            Entry(
                "search",
                (
                    Page("catalog.searchword", _("Search words")),
                    Page("catalog.synonym", _("Synonyms")),
                ),
                _("Search"),
            ),
            Entry("weight", (Page("catalog.freighttemplate", _("Freight")),)),
        ),
    ),
    Group(
        _("Stock"),
        (
            Entry(
                "grid_view",
                (View("admin:catalog_stocklevel_board", _("Stock board"), "catalog.view_stocklevel"),),
            ),
            Entry(
                "inventory_2",
                (
                    Page("catalog.stocklevel", _("Stock levels")),
                    Page("catalog.stockalert", _("Running short"), "stock_short"),
                    Page("catalog.stockmovement", _("Movements")),
                    Page("catalog.reservation", _("Reservations")),
                    View("admin:catalog_stocklevel_as_of", _("Stock as of"), "catalog.view_stockmovement"),
                ),
            ),
            Entry(
                "event_busy",
                (
                    Page("catalog.batch", _("Batches")),
                    View("admin:catalog_batch_near", _("Expiring soon"), "catalog.view_batch"),
                    Page("catalog.loss", _("Losses")),
                    View("admin:catalog_loss_rate", _("Loss rate"), "catalog.view_loss"),
                    Page("catalog.recall", _("Recalls")),
                ),
                _("Batches and losses"),
            ),
            Entry("checklist", (Page("catalog.stocktake", _("Stocktakes")),)),
            Entry("local_shipping", (Page("catalog.transfer", _("Transfers")),)),
            Entry("store", (Page("catalog.place", _("Stores and warehouses")),)),
            Entry(
                "hub",
                (
                    Page("catalog.saleschannel", _("Sales channels")),
                    Page("catalog.channelpush", _("Messages to channels")),
                    Page("catalog.channelsale", _("Sales of channels")),
                ),
            ),
        ),
    ),
    Group(
        _("Purchasing"),
        (
            Entry(
                "shopping_cart_checkout",
                (
                    Page("analytics.reordersuggestion", _("Reorder"), "to_reorder"),
                    Page("analytics.skuforecast", _("Forecasts")),
                ),
            ),
            Entry(
                "speed",
                (
                    Page("analytics.skuhealth", _("Slow sellers")),
                    Page("analytics.remedy", _("Remedies")),
                    View("admin:analytics_skuhealth_turnover", _("Turnover"), "analytics.view_skuhealth"),
                ),
                _("Slow sellers"),
            ),
            Entry(
                "local_shipping",
                (
                    Page("catalog.purchaseorder", _("Purchase orders"), "purchase_waiting"),
                    Page("catalog.supplierreturn", _("Returns to suppliers")),
                ),
            ),
            Entry(
                "handshake",
                (
                    Page("catalog.supplier", _("Suppliers")),
                    Page("catalog.suppliersku", _("Price lists")),
                    View("admin:catalog_supplier_sourcing", _("Key goods"), "catalog.see_cost"),
                ),
            ),
        ),
    ),
    Group(
        _("Orders"),
        (
            Entry("receipt_long", (Page("orders.order", _("All orders"), "to_ship"),)),
            Entry("shopping_bag", (Page("orders.pickup", _("Pickup"), "to_hand_out"),)),
            Entry(
                "qr_code_scanner",
                (View("admin:orders_pickup_check_code", _("Check a pickup code"), "orders.verify_pickup"),),
            ),
            Entry("package_2", (Page("orders.shipment", _("Parcels")),)),
            Entry(
                "payments",
                (
                    Page("orders.payment", _("Payments")),
                    Page("orders.refund", _("Refunds"), "refund_in_trouble"),
                    Page("orders.notice", _("Payment notices"), "notice_unprocessed"),
                    Page("orders.gatewaycall", _("Gateway calls")),
                ),
                _("Payments and refunds"),
            ),
        ),
    ),
    Group(
        _("Members"),
        (
            Entry(
                "group",
                (
                    Page("members.member", _("All members")),
                    Page("members.pointsentry", _("Points")),
                    Page("members.phonecode", _("Login codes")),
                    Page("members.membermerge", _("Joined accounts")),
                ),
            ),
            Entry(
                "forward_to_inbox",
                (
                    Page("members.message", _("Messages sent")),
                    Page("members.wechatpush", _("Pushed by WeChat")),
                ),
            ),
            Entry("workspace_premium", (Page("members.level", _("Levels")),)),
        ),
    ),
    Group(
        _("Marketing"),
        (
            Entry("timer", (Page("marketing.limiteddiscount", _("Limited-time discounts")),)),
            Entry("savings", (Page("marketing.fullreduction", _("Spend and save")),)),
            Entry("stacked_bar_chart", (Page("marketing.tierprice", _("Buy more, pay less")),)),
            Entry("redeem", (Page("marketing.bundleprice", _("Bundles")),)),
            Entry(
                "confirmation_number",
                (
                    Page("marketing.coupon", _("Coupons")),
                    Page("marketing.coupongrant", _("Coupons handed out")),
                ),
            ),
            Entry(
                "percent",
                (
                    Page("marketing.levelprice", _("Level prices")),
                    Page("marketing.skulevelprice", _("Level prices of single SKUs")),
                ),
            ),
            Entry(
                "front_hand",
                (
                    Page("marketing.purchaselimit", _("Purchase limits")),
                    Page("marketing.promotionuse", _("Promotions used")),
                ),
            ),
        ),
        is_folded=True,
    ),
    Group(_("Figures"), (Entry("monitoring", (View("backoffice:sales", _("Sales"), sales.PERMISSION),)),)),
    Group(
        _("Settings"),
        (
            Entry("storefront", (Page("members.merchant", _("The shop")),)),
            Entry(
                "palette",
                (
                    View("backoffice:appearance", _("Appearance"), appearance.MAY_SEE),
                    View("backoffice:design", _("Design"), appearance.MAY_SEE),
                ),
            ),
            Entry("tune", (Page("core.setting", _("Rules")),)),
            Entry(
                "badge",
                (
                    Page("members.staff", _("Staff")),
                    Page("members.staffwechat", _("WeChats of staff")),
                ),
            ),
            Entry("gavel", (Page("members.consenttext", _("Legal texts")),)),
            Entry(
                "history",
                (
                    Page("core.auditentry", _("Who did what")),
                    Page("core.decision", _("Decisions of the software")),
                ),
            ),
            Entry(
                "schedule",
                (
                    Page("core.outboxdelivery", _("Event deliveries"), "parked"),
                    Page("core.job", _("Long work")),
                    Page("core.jobrun", _("Periodic work")),
                ),
                _("Behind the scenes"),
            ),
        ),
        is_folded=True,
    ),
)
