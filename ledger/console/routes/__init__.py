"""Addresses of the console: each handler reads one page and gives it to its template."""
