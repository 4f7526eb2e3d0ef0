"""Segments, stored."""
