"""The service around the library: people, pages, storage and a portal."""
