"""Plugins use the database in threads of their own, and give their connections back."""

import inspect
from dataclasses import replace
from functools import wraps
from typing import Any

from django.db import connections

from burnish.hooks.plugin import Plugin


def giving_back(plugin: Plugin) -> Plugin:
    """Return a plugin after whose calls no connection is kept.

    One in the transaction is left alone: the connection is its caller's.
    """
    function = plugin.function
    if (
        function is None
        or plugin.point == "in_transaction"
        or inspect.iscoroutinefunction(function)
    ):
        return plugin

    @wraps(function)
    def called(*arguments: Any) -> Any:
        try:
            return function(*arguments)
        finally:
            connections.close_all()

    return replace(plugin, function=called)
