"""From facts to events: what now should hold, compared with what is recorded."""
