"""What operations take and give, by subject."""
