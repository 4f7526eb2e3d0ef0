"""The configuration as one file: into the service, and out of it, whichever door it comes by."""
