"""The national platform's names at the edge: mapping tables in data files, never our own words."""
