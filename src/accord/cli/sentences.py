"""The sentences of the commands; those of errors stand where the errors are raised."""

# Errors and the end of a command.
INTERRUPTED_WORDS = "stopped; nothing was written, and what was solved is kept for the next run"
NOT_WHOLE = (
    "cannot write to standard output: {reason}. What was printed is not whole; free space there, "
    "or write elsewhere."
)
FAULT = (
    "this is a fault of Accord, not of your input. Please report this, with the lines above and "
    "the deal file if you can share it."
)
CACHE_FULL = (
    "compiled programs cannot be kept for the next run ({reason}). The figures are the same; free "
    "space there, or set ACCORD_CACHE_DIR to another folder."
)
DEPRECATED_COMMAND = (
    "`accord {old}` is now `accord {new}`; {old} will be dropped in the next version"
)
DEPRECATED_OPTION = "{old} is now {new}; {old} will be dropped in the next version"

# Progress where there is no terminal to draw a bar in.
PROGRESS = "{what}: {done} of {of}"

# Commands.
NO_PROBLEM = "{file}: no problem found"
DEAL_SIZE = "{title}: {packages} packages, {clauses} clauses"
NOT_COUNTED = "  recorded, not counted: {what} ({package})"
NO_HISTORY = "{case}: no [[history]] in this file: the tariffs below are those of each package"
ALL_PASSED = "all {count} checks passed"
SOME_FAILED = "{failed} of {count} checks failed: {names}"
WAR_SOLVED = (
    "{status}: {steps} steps ({method}), {equilibria} equilibria and {gradients} gradients, checks "
    "included; deficits: {closure}"
)
MORE_ROWS = "{left} more rows: add --format csv"
