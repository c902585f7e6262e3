"""Sales' service: one prospect, one rep, one clock, one answer."""
