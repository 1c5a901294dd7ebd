"""Speed of the ledger's paths beside the plain `eventsourcing` library, measured side by side in one process."""
