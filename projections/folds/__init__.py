"""From what is held about a subject to the answers of the contract."""
