"""The machine: store, clock, write path, command line, service."""
