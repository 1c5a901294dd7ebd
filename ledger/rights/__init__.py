"""Who may do what: tokens, roles, cities, identifiers, and the record of what was refused."""
