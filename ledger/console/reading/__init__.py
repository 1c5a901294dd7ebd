"""What each page shows, read from the one handle: plain structs that templates only lay out."""
