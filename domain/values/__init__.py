"""Words smaller than a fact: money, calendar, periods, terms."""
