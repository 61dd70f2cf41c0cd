"""The back office's face: the shop's own colours, navigation by work, the dashboard."""

BASE = {
    "50": "#FDF9F5",
    "100": "#F7F0E9",
    "200": "#EFE6DC",
    "300": "#DDD1C4",
    "400": "#A89F95",
    "500": "#6B6259",
    "600": "#564E46",
    "700": "#423B34",
    "800": "#342E28",
    "900": "#221E1A",
    "950": "#171412",
}
PRIMARY = {
    "50": "#FEF5F1",
    "100": "#FDEBE4",
    "200": "#FAD3C5",
    "300": "#F6B09A",
    "400": "#FF8A66",
    "500": "#F0724F",
    "600": "#C8371B",
    "700": "#A82C14",
    "800": "#87240F",
    "900": "#6A1E0E",
    "950": "#3A211A",
}

UNFOLD = {
    "SITE_TITLE": "shop.backoffice.site.title",
    "SITE_HEADER": "shop.backoffice.site.title",
    "SITE_SUBHEADER": "shop.backoffice.site.subtitle",
    "SITE_URL": "/",
    "SITE_SYMBOL": "storefront",
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "shop.backoffice.site.favicon"}],
    "SHOW_LANGUAGES": True,
    "SHOW_BACK_BUTTON": False,
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "ENVIRONMENT": "shop.backoffice.site.environment",
    "DASHBOARD_CALLBACK": "shop.backoffice.dashboard.context",
    "STYLES": ["shop.backoffice.site.stylesheet"],
    "BORDER_RADIUS": "8px",
    "COLORS": {
        "base": BASE,
        "primary": PRIMARY,
        "font": {
            "subtle-light": "var(--color-base-500)",
            "subtle-dark": "var(--color-base-400)",
            "default-light": "var(--color-base-700)",
            "default-dark": "var(--color-base-300)",
            "important-light": "#1F1B16",
            "important-dark": "#F3EDE6",
        },
    },
    "COMMAND": {"search_callback": "shop.backoffice.search.find", "show_history": True},
    "SIDEBAR": {
        "show_search": True,
        "command_search": True,
        "show_all_applications": False,
        "navigation": "shop.backoffice.navigation.menu",
    },
}
