"""Puts the service together: settings, addresses, logging. Nobody imports it."""
