"""What the demonstrations tell: the story of one family, and a whole invented town."""
