"""What may be asked, and the form of every answer."""
