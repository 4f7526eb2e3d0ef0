"""How unfold shows the portal: names, colours and the navigation."""

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy


def _stylesheet(_request: HttpRequest) -> str:
    return static("portal/portal.css")


def _keyboard(_request: HttpRequest) -> str:
    return static("portal/keyboard.js")


def _item(title: str, page: str, icon: str) -> dict[str, Any]:
    return {"title": title, "link": reverse_lazy(f"portal:{page}_changelist"), "icon": icon}


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": "Burnish",
    "SITE_HEADER": "Burnish",
    "SITE_URL": None,
    "SITE_SYMBOL": "auto_awesome",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "STYLES": [_stylesheet],
    "SCRIPTS": [_keyboard],
    "SIDEBAR": {
        "show_search": False,
        "command_search": False,
        "show_all_applications": False,
        "navigation": [
            {
                "title": "User management",
                "items": [_item("Users", "identity_user", "group")],
            },
            {
                "title": "User profile",
                "items": [_item("Custom attributes", "profiles_customattribute", "label")],
            },
            {
                "title": "Advanced",
                "items": [
                    _item("Hooks", "hooks_hook", "bolt"),
                    _item("Hook log", "hooks_run", "receipt_long"),
                    _item("Time limits", "hooks_timelimits", "timer"),
                ],
            },
        ],
    },
}
