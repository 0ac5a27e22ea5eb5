"""Daily weather of one year (CSV) to statistics per month (CSV)."""

import csv
import os
from statistics import mean

source = os.environ["weather"]  # the file of this datum, below /pfs/weather
months = {}
with open(source, newline="") as lines:
    for day in csv.DictReader(lines):
        months.setdefault(day["date"][5:7], []).append(day)

with open("/pfs/out/" + os.path.basename(source), "w", newline="") as out:
    table = csv.writer(out, lineterminator="\n")
    table.writerow(["month", "high", "low", "rain", "wet_days", "wind"])
    for month, days in sorted(months.items()):
        table.writerow([
            month,
            f"{mean(float(day['temp_max']) for day in days):.1f}",
            f"{mean(float(day['temp_min']) for day in days):.1f}",
            f"{sum(float(day['precipitation']) for day in days):.1f}",
            sum(float(day["precipitation"]) > 0 for day in days),
            f"{mean(float(day['wind']) for day in days):.1f}",
        ])
