"""Files of facts: JSON Lines and CSV, plain or gzip, read line by line and refused line by line."""
