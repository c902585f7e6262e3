"""marketing-intake: takes leads, knows who they are, and tells marketing what became of them."""
