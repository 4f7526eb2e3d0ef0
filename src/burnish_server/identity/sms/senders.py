"""Which sender delivers text messages: the one the settings name."""

from functools import lru_cache
from importlib.metadata import entry_points

from django.conf import settings
from django.utils.module_loading import import_string

from burnish.errors import InvalidSettings
from burnish_server.identity.sms.folder import Folder
from burnish_server.identity.sms.message import Sender
from burnish_server.identity.sms.webhook import Gateway

GROUP = "burnish.sms"


def folder() -> Folder:
    """Return what keeps messages in the data folder."""
    return Folder(settings.BURNISH.data_dir / "sms")


def sender() -> Sender:
    """Return the sender in use. Raises `InvalidSettings` where there is none of this name."""
    options = settings.BURNISH.sms
    if options.url:
        return Gateway(options.url, options.timeout_seconds)
    return _of_others(options.sender) if options.sender else folder()


@lru_cache(maxsize=1)
def _of_others(name: str) -> Sender:
    try:
        if ":" in name:
            made: Sender = import_string(name.replace(":", "."))()
            return made
        for entry in entry_points(group=GROUP, name=name):
            found: Sender = entry.load()()
            return found
    except Exception as error:
        raise InvalidSettings(
            f"BURNISH_SMS_SENDER names {name}, which cannot be used: {type(error).__name__}. "
            "Correct the name, or install its package."
        ) from error
    raise InvalidSettings(
        f"BURNISH_SMS_SENDER names {name}, but no package brings an SMS sender of that name; "
        "install it, or write package.module:Class."
    )
