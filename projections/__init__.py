"""Read models: pure folds of recorded events, and the tables that cache them. No rules here."""
