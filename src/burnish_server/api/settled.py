"""What a project settles, a router a room."""

from burnish_server.api import (
    api_keys,
    attributes,
    audit,
    configuration,
    deliveries,
    hook_log,
    hook_trials,
    hook_versions,
    hooks,
    providers,
    purposes,
    questions_configured,
    secrets,
    segments,
    waterfalls,
)

SETTLED = (
    attributes.router,
    hooks.router,
    hook_versions.router,
    hook_trials.router,
    hook_log.router,
    deliveries.router,
    secrets.router,
    providers.router,
    waterfalls.router,
    purposes.router,
    questions_configured.router,
    segments.router,
    configuration.router,
    audit.router,
    api_keys.router,
)
