"""The candidates: each a file with one function, lessons in, a model out."""
