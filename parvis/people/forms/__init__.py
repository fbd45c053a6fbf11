"""The forms about people, by subject. They check shape, never rights."""
