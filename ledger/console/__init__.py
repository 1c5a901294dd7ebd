"""The auditors' console: pages for people who look rather than type (docs/console.md).

Served by the HTTP service. It asks through the same one handle as everything else and never touches a table.
"""
