"""What `burnish serve` is made of: the data folder, PostgreSQL, and processes kept alive."""
