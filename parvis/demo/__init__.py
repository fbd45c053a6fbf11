"""The demo world: one believable company, so that whoever opens Parvis understands it within a minute."""
