"""What administrators did, by whichever door: written once, never changed."""
