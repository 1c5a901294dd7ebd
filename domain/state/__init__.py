"""What is remembered: facts by subject, and the consequences that hold. Without judging."""
