"""The Admin API: JSON over HTTP for programs, one file a room."""
