"""The pure heart: values, facts, rules, consequences. No clock, no disk but its own parameter files, no database."""
