"""The synchronous face, written from the asynchronous one by `make docs`."""
