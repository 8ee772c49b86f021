"""The choices of options, held here so that a command can refuse before anything heavy is imported.

The rooms below hold the same names beside what they stand for; a test keeps both the same.
"""

TIMELINES = ("dated", "frozen")
OVER = ("partner", "mfn")
OBJECTIVES = ("welfare", "revealed")
BRIEFING_FORMATS = ("html", "pdf", "md", "docx", "xlsx", "png", "json")
ENGINE_TABLES = (
    "welfare", "wages", "exports", "revenue", "prices", "output", "employment", "terms_of_trade",
    "tariffs", "transfers", "finance", "values", "facilities", "facility_values", "budget", "taxes",
    "cash", "ledger", "guarantees", "projects", "adequacy", "floors", "causes", "crashes",
    "reserves", "dollar", "public_debt",
    "capacity", "solves",
)  # fmt: skip
VERDICT_TABLES = (
    "payoffs", "payoff_components", "payoff_years", "chances", "draws", "drivers", "swings",
    "thresholds", "parameters",
)  # fmt: skip
ASSESSMENT_TABLES = (*ENGINE_TABLES, *VERDICT_TABLES)
FIGURES = (
    "payoff",
    "tariff",
    "transfer",
    "terms_of_trade",
    "capacity",
    "profit",
    "receipts_risk",
    "later",
    "risk",
    "facilities",
)
FIGURES_OF_A_SWEEP = ("yearly", "payoffs")
SAVED = ".accord"  # the ending of a saved assessment
