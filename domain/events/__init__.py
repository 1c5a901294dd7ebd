"""What happened: facts that were recorded, and consequences of the rules. Stored names are permanent."""
