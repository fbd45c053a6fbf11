"""The pages of announcements, by subject: acknowledge, follow, write, grant."""
