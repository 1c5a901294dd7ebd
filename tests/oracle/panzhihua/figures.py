"""Announced figures of the invented city years, and the institutions (set S of the rulebook's examples, and edges)."""

from typing import Any

from tests.oracle.telling import Fact

BANDS = [{"over": "13500", "to": "60000", "rate": "0.60"}, {"over": "60000", "to": None, "rate": "0.75"}]
PREFERRED = [{"over": "6750", "to": "60000", "rate": "0.65"}, {"over": "60000", "to": None, "rate": "0.80"}]
DRUGS = {"rate": "0.60", "annual_deductible": "0.00", "drugs_only": True}
TERMS: dict[str, Any] = {
    "waiting_months": {"late": "3", "interruption": "6"},
    "upfront_share": {"inpatient": "0.10", "outpatient": "0.15"},
    "ordinary_outpatient_terms": {"rates": {"1": "0.55", "2": "0.35"}, "annual_cap": "260.00"},
    "special_disease_terms": {
        "hypertension": {**DRUGS, "annual_cap": "320.00"},
        "diabetes": {**DRUGS, "annual_cap": "480.00"},
        "dialysis": {
            "rate": "0.80",
            "annual_deductible": "300.00",
            "annual_cap": "60000.00",
            "drugs_only": False,
        },
    },
    "inpatient_terms": {
        "levels": [
            {"level": 1, "deductible": "120.00", "rate": "0.88"},
            {"level": 2, "deductible": "420.00", "rate": "0.74"},
            {"level": 3, "deductible": "760.00", "rate": "0.58"},
        ],
        "annual_cap": "160000.00",
    },
    "negotiated_drug_terms": {
        "inpatient": {"upfront_share": "0.20"},
        "outpatient": {"upfront_share": "0.25", "rate": "0.50", "annual_cap": "1000.00"},
    },
    "maternity_terms": {"natural": "1150.00", "caesarean": "1900.00"},
    "out_of_area_terms": {
        "unreferred": {"deductible_add": "350.00", "rate_cut": "0.18"},
        "referred": {"deductible_add": "120.00", "rate_cut": "0.06"},
    },
    "critical_illness_terms": {
        "bands": BANDS,
        "cap": None,
        "counted_kinds": ["inpatient", "special_disease"],
        "preferred": {"groups": ["rural_low_income"], "bands": PREFERRED, "cap": "50000"},
    },
}
NEWBORN = {"within_days": "90", "covered_from": "birth"}
YEARLY: tuple[tuple[str, int, Any], ...] = (
    ("national_minimum_contribution", 2024, "380.00"),
    ("resident_contribution", 2024, "400.00"),
    ("enrolment_window", 2024, {"first_day": "2023-09-01", "last_day": "2023-12-31"}),
    ("critical_illness_premium", 2024, "58.00"),
    ("national_minimum_contribution", 2025, "400.00"),
    ("resident_contribution", 2025, "420.00"),
    ("enrolment_window", 2025, {"first_day": "2024-09-01", "last_day": "2025-02-28"}),
)
AID: tuple[tuple[str, Any], ...] = (
    ("minimum_living", {"rate": "0.75"}),
    ("severe_disability", {"rate": "0.3333"}),
    ("orphan", {"full": True}),
    ("extreme_poverty", "150.00"),
)
RARE: tuple[Fact, ...] = (
    {"on": "2023-11-20", "key": "resident_contribution", "year": 2024, "value": "379.99"},
    {"on": "2023-11-20", "key": "resident_contribution", "year": 2024, "value": "380.00"},
    {"on": "2023-12-20", "key": "national_minimum_contribution", "year": 2024, "value": "410.00"},
    {"on": "2023-12-28", "key": "resident_contribution", "year": 2024, "value": "420.00"},
    {"on": "2024-01-10", "key": "waiting_months", "value": {"late": "7", "interruption": "6"}},
    {"on": "2024-01-10", "key": "waiting_months", "value": {"late": "0", "interruption": "1"}},
    {"on": "2024-01-01", "key": "waiting_exempt_groups", "value": {"groups": ["former_employee"]}},
    {"on": "2024-01-01", "key": "newborn_terms", "value": NEWBORN},
    {"on": "2023-01-01", "key": "newborn_terms", "value": {**NEWBORN, "covered_from": "payment"}},
    {"on": "2024-06-01", "key": "outpatient_out_of_area", "value": True},
    {
        "on": "2024-07-01",
        "key": "inpatient_terms",
        "value": {**TERMS["inpatient_terms"], "annual_cap": "20000.00"},
    },
    {
        "on": "2024-07-01",
        "key": "out_of_area_terms",
        "value": {
            "unreferred": {"deductible_add": "900.00", "rate_cut": "0.60"},
            "referred": {"deductible_add": "0.00", "rate_cut": "0.00"},
        },
    },
    {"on": "2024-03-01", "key": "enrolment_window", "year": 2024, "value": {"last_day": "2024-02-29"}},
)
PLACES: tuple[Fact, ...] = (
    {"provider": "primary", "place": "510402", "level": 1},
    {"provider": "level2", "place": "510403", "level": 2, "grade": "A"},
    {"provider": "level3", "place": "510400", "level": 3, "grade": "A"},
    {"provider": "ungraded", "place": "510411", "level": 0},
    {"provider": "chengdu3", "place": "510104", "level": 3},
    {"provider": "chengdu2", "place": "510104", "level": 2},
    {"provider": "chengdu1", "place": "510104", "level": 1},
    {"provider": "kunming3", "place": "530100", "level": 3},
)
