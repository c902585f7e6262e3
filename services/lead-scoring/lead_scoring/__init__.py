"""lead-scoring: draws the line between marketing and sales, and says why."""
