"""The HTTP door: one file for each thing that is spoken of; shapes are checked here."""
