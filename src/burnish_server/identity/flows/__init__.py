"""One file a journey. Pages and doors call these and hold no rules of their own."""
