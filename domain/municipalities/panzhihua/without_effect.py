"""Rules that move nothing in the ledger, and why."""

WITHOUT_EFFECT = {
    "PZ-18c": "No filing deadline and no paper is a condition of the amount, so nothing is tested.",
    "PZ-24c": "Resident supplementary insurance is being wound up: it pays nothing here.",
}
