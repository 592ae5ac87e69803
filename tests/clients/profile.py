"""Counts the rows of a CSV file on the edges of a baseline, and prints the profile that the store takes as a part of a window:
    curl -H "Accept: application/vnd.serverlessmeta.profile+json" $STORE/api/v1/monitors/orders/baseline > baseline.json
    python3 profile.py rows.csv baseline.json > part.json
The rows themselves stay where they are. All columns of the baseline must be in the file; others are left out."""
import csv, hashlib, json, re, sys
from bisect import bisect_right

MISSING = re.compile(r"(NA|N/A|None|[Nn][Uu][Ll][Ll]|[Nn][Aa][Nn])?")
INFINITE = re.compile(r"[+-]?inf(inity)?", re.IGNORECASE)
NUMBER = re.compile(r"\s*[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]+)?\s*", re.IGNORECASE)


def category(text):
    if NUMBER.fullmatch(text):
        number = float(text)
        return str(int(number)) if number.is_integer() and abs(number) <= 2**53 else repr(number)
    if text.lower() in ("true", "false"):
        return text.lower()
    is_short = len(text.encode("utf-16-le")) <= 2 * 128
    return text if is_short else "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def numeric(name, edges, texts):
    words = [text for text in texts if not NUMBER.fullmatch(text)]
    if words:
        sys.exit(f"Column {name}: '{words[0]}' is no number.")
    x = [float(text) for text in texts]
    counts = [0] * (len(edges) - 1)
    for value in x:
        if edges[0] <= value <= edges[-1]:
            counts[min(bisect_right(edges, value), len(counts)) - 1] += 1
    found = {"edges": edges, "counts": counts, "below": sum(v < edges[0] for v in x), "above": sum(v > edges[-1] for v in x)}
    if x:
        mean = sum(value / len(x) for value in x)
        powers = {f"m{power}": sum((value - mean) ** power for value in x) for power in (2, 3, 4)}
        found.update({"min": min(x), "max": max(x), "moments": {"mean": mean, **powers}})
    return found


def categorical(texts):
    categories = {}
    for text in map(category, texts):
        categories[text] = categories.get(text, 0) + 1
    return {"categories": categories, "other": 0}


with open(sys.argv[1], encoding="utf-8-sig", newline="") as file:
    rows = list(csv.DictReader(file))
with open(sys.argv[2], encoding="utf-8") as file:
    counted = [column for column in json.load(file)["columns"] if "edges" in column or "categories" in column]
columns = []
for column in counted:
    name, kind = column["name"], column["kind"]
    if rows and name not in rows[0]:
        sys.exit(f"There is no column {name}.")
    there = [row[name] for row in rows if not MISSING.fullmatch(row[name])]
    finite = [text for text in there if not INFINITE.fullmatch(text)]
    common = {"name": name, "kind": kind, "missing": len(rows) - len(there), "infinite": len(there) - len(finite)}
    columns.append({**common, **(numeric(name, column["edges"], finite) if kind == "numeric" else categorical(finite))})
print(json.dumps({"rows": len(rows), "columns": columns}, allow_nan=False))
