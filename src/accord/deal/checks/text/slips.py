"""Slips of the pen in decimals, units and quotation marks, each with its own remedy."""

import re

SCALES = {
    "k": 3, "thousand": 3, "m": 6, "mn": 6, "mio": 6, "million": 6, "millions": 6, "b": 9,
    "bn": 9, "billion": 9, "billions": 9, "t": 12, "tn": 12, "trillion": 12, "trillions": 12,
}  # fmt: skip
WEIGHTS = r"(?:metric\s+)?(?:tons?|tonnes?|kg|mt)\b"
THOUSANDS = r"\d{1,3}(?:[_.,' ]?\d{3})+"  # "99,000 t" is a weight, and no number of trillions
NUMBER = r"[-+]?\d[\d_.,']*(?:[eE][-+]?\d+)?"
MEASURE = re.compile(rf"(?P<number>{NUMBER})\s*(?P<unit>%|[a-zA-Z]+(?:\s[a-zA-Z]+)?)?")
CURLY = str.maketrans("“”„‟«»‘’‚", '""""""\'\'\'')
LONGEST_LINE = 500


def correct_number(text: str) -> str:
    """Return what to write for a number given as text; "" where no number can be made out.

    >>> correct_number("39 %"), correct_number("0,39"), correct_number("200 billion")
    ('write 0.39', 'write 0.39', 'write 200e9')
    """
    given = text.strip().strip("$€£¥").strip().removeprefix("USD").strip()
    if re.fullmatch(rf"{NUMBER}\s*{WEIGHTS}|{THOUSANDS}\s*t", given, re.IGNORECASE):
        return "quantities are in customs value: write the value of these goods, such as 2e9"
    measure = MEASURE.fullmatch(given) if len(given) <= LONGEST_LINE else None
    if measure is None:
        return ""
    number = _plain(measure["number"])
    unit = (measure["unit"] or "").lower().removesuffix(" usd").removesuffix(" dollars")
    if number is None:
        return ""
    if unit in ("%", "percent", "per cent", "pct"):
        return f"write {number / 100:g}"
    if unit in SCALES:
        return f"write {number:g}e{SCALES[unit]}"
    return f"write {number:g}" if unit in ("", "usd", "dollars") else ""


def _plain(text: str) -> float | None:
    """Return a number written in any country's way, or None."""
    plain = text.replace("_", "").replace("'", "")
    commas, points = plain.count(","), plain.count(".")
    if commas and points:
        last = max(plain.rfind(","), plain.rfind("."))
        plain = re.sub(r"[.,]", "", plain[:last]) + "." + plain[last + 1 :]
    elif commas == 1 and not re.fullmatch(r"[-+]?[1-9]\d{0,2},\d{3}", plain):
        plain = plain.replace(",", ".")
    else:
        plain = plain.replace(",", "")
    try:
        return float(plain)
    except ValueError:
        return None


def explain_line(message: str, lines: list[str], number: int) -> str:
    """Return the remedy for a line that is not TOML; "" where no slip is recognised.

    Args:
        message: What the parser says.
        lines: The lines of the file.
        number: The line it stopped at, counted from one.
    """
    line = lines[number - 1][:LONGEST_LINE] if 0 < number <= len(lines) else ""
    header = re.match(r"\s*\[\s*([^\[\]]+?)\s*\]", line)
    if "overwrite" in message and not header:
        return _explain_single(lines, number) or _explain_twice(lines, number)
    if header and any(word in message for word in ("declare", "namespace", "overwrite")):
        for before, earlier in enumerate(lines[: number - 1], start=1):
            if earlier.partition("=")[0].strip() == header[1] and "=" in earlier:
                return f"`{header[1]}` is already given on line {before}: delete one of the two"
        return f"a table that may come several times has two brackets: [[{header[1]}]]"
    if line.translate(CURLY) != line and '"' not in line:
        return "use straight quotation marks, as a plain-text editor writes them"
    key, sign, value = line.partition("=")
    if not sign:
        name, colon, rest = line.partition(":")
        is_pair = colon and re.fullmatch(r"\s*[A-Za-z_]+\s*", name)
        return f"write `{name.strip()} = {rest.strip()}`" if is_pair else ""
    return _explain_value(key.strip(), value.partition("#")[0].strip())


def _explain_value(key: str, value: str) -> str:
    """Return the remedy for a value that TOML cannot read."""
    inner = re.search(rf"[=\[,{{]\s*({NUMBER}\s*(?:%|{WEIGHTS}|[a-z]+))", value)
    told = correct_number(value) or (correct_number(inner[1]) if inner else "")
    if told:
        return told
    if value.lower() in ("true", "false", "yes", "no"):
        return f"write `{key} = {'true' if value.lower() in ('true', 'yes') else 'false'}`"
    if re.fullmatch(r"[A-Za-z][\w \-]*", value):
        return f'text takes quotes: write `{key} = "{value}"`'
    if not value:
        return f"`{key}` has no value: give one, or delete the line"
    return ""


def _explain_single(lines: list[str], number: int) -> str:
    """Return which heading lacks brackets that one of the same name has; "" where none does."""
    header = re.match(r"\s*\[\[\s*([^\[\]]+?)\s*\]\]", lines[number - 1])
    for before, earlier in enumerate(lines[: number - 1] if header else (), start=1):
        if header and re.match(rf"\s*\[\s*{re.escape(header[1])}\s*\]", earlier):
            return (
                "a table that may come several times has two brackets: write "
                f"[[{header[1]}]] on line {before} too"
            )
    return ""


def _explain_twice(lines: list[str], number: int) -> str:
    """Return where a key was given before."""
    key = lines[number - 1].partition("=")[0].strip() if 0 < number <= len(lines) else ""
    for before in range(number - 1, 0, -1):
        line = lines[before - 1]
        if line.partition("=")[0].strip() == key and "=" in line:
            return f"`{key}` is already given on line {before}: delete one of the two"
        if line.lstrip().startswith("["):
            break
    return "it is given twice in this table: delete one of the two"
