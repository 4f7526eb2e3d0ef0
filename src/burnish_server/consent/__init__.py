"""What people granted, and what purposes rest on, stored."""
