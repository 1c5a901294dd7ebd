"""The national platform at the edge."""
