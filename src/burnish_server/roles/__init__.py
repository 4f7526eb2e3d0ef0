"""Roles and groups: what users may do in your app, and whom they belong to."""
