"""What is known about each user, who said so and when."""
