"""The administrators' pages: Django's admin in unfold's dress, one file a room."""
