"""Enriching files: rows come in, are filled by the engine, and go out, as a stream."""
