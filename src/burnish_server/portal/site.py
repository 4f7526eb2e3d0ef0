"""The portal's site: its pages are registered here, and no others."""

from unfold.sites import UnfoldAdminSite


class PortalSite(UnfoldAdminSite):
    """Administrators' pages, behind the one login page."""


site = PortalSite(name="portal")
