"""Hooks: scripts and webhooks that are asked before something happens, and told after."""
