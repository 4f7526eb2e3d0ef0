"""How unfold shows the portal: names, colours and the navigation."""

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _file(path: str) -> Callable[[HttpRequest], str]:
    return lambda _request: static(path)


def _item(title: str, page: str, icon: str) -> dict[str, Any]:
    return {"title": title, "link": reverse_lazy(f"portal:{page}_changelist"), "icon": icon}


GREEN = {
    "50": "#eef7f4",
    "100": "#d6ede6",
    "200": "#aedbcf",
    "300": "#93e0cb",
    "400": "#6fcfb6",
    "500": "#45b498",
    "600": "#0d5f50",
    "700": "#094a3e",
    "800": "#0c3d34",
    "900": "#082a24",
    "950": "#061d19",
}
"""The house's green, as on the end-user pages."""

UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Burnish",
    "SITE_HEADER": "Burnish",
    "SITE_URL": None,
    "SITE_ICON": _file("burnish/icon.svg"),
    "SITE_FAVICONS": [
        {"rel": "icon", "type": "image/svg+xml", "href": _file("burnish/icon.svg")},
    ],
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [_file("portal/portal.css")],
    "SCRIPTS": [_file("portal/keyboard.js")],
    "COLORS": {"primary": GREEN},
    "ACCOUNT": {"navigation": [{"title": "Your settings", "link": "/settings/"}]},
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "User management",
                "items": [
                    _item("Users", "identity_user", "group"),
                    _item("Roles", "roles_role", "shield_person"),
                    _item("Groups", "roles_group", "group_work"),
                    _item("Import", "imports_run", "upload_file"),
                    _item("Export", "exports_run", "download"),
                    _item("Social sign-in", "social_socialprovider", "login"),
                ],
            },
            {
                "title": "User profile",
                "items": [
                    _item("Standard attributes", "profiles_standardattribute", "badge"),
                    _item("Custom attributes", "profiles_customattribute", "label"),
                ],
            },
            {
                "title": "Applications",
                "items": [_item("Clients", "oidc_client", "apps")],
            },
            {
                "title": "Enrichment",
                "items": [
                    _item("Overview", "enrichment_lookup", "monitoring"),
                    _item("Providers", "enrichment_provider", "travel_explore"),
                    _item("Waterfalls", "enrichment_waterfall", "low_priority"),
                    _item("Time budget", "enrichment_timebudget", "hourglass_top"),
                    _item("Purposes", "consent_purpose", "handshake"),
                ],
            },
            {
                "title": "Progressive profiling",
                "items": [
                    _item("Questions", "questions_question", "quiz"),
                    _item("Simulator", "questions_simulator", "fast_forward"),
                    _item("Manners", "questions_manners", "self_improvement"),
                    _item("Segments", "segments_segment", "groups"),
                ],
            },
            {
                "title": "Advanced",
                "items": [
                    _item("Hooks", "hooks_hook", "bolt"),
                    _item("Hook log", "hooks_run", "receipt_long"),
                    _item("Deliveries", "hooks_delivery", "outbox"),
                    _item("Secrets", "hooks_secret", "key"),
                    _item("Time limits", "hooks_timelimits", "timer"),
                    _item("Audit log", "audit_entry", "history"),
                    _item("API keys", "api_keys_apikey", "vpn_key"),
                    _item("Admin keys", "admin_keys_adminkey", "key_vertical"),
                    {"title": "API", "link": reverse_lazy("api:openapi-view"), "icon": "api"},
                ],
            },
        ],
    },
}
