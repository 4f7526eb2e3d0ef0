"""The asynchronous face; the synchronous one is written from it by `make docs`."""
