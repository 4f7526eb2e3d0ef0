"""Asking people, a little at a time: what may be asked, and what to ask this person now."""
