"""Use cases: load, decide, save, publish. Nothing here commits, sleeps or reads a clock."""
