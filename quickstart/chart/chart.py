"""Statistics of one year (CSV) to a chart (SVG): temperatures as a band, rain as bars."""

import csv
import os

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 760, 420, 56, 56, 64, 44
COLD, WARM, RAIN = -5, 35, 400  # ends of the axes: degrees Celsius, millimetres

STYLE = """
  text { font: 12px system-ui, sans-serif; fill: #57606a }
  .title { font-size: 18px; font-weight: 600; fill: #1f2328 }
  .grid { stroke: #d0d7de; stroke-width: 1 }
  .rain { fill: #54a3e4; opacity: .55 }
  .band { fill: #e8833a; opacity: .25 }
  .high, .low { fill: none; stroke: #d9622b; stroke-width: 2.5; stroke-linejoin: round }
  .low { stroke: #3b76c4 }
  .paper { fill: #ffffff }
  @media (prefers-color-scheme: dark) {
    text { fill: #9198a1 } .title { fill: #f0f6fc } .grid { stroke: #30363d }
    .paper { fill: #0d1117 } .rain { fill: #4493f8 } .high { stroke: #f0883e } .low { stroke: #79c0ff }
  }
"""

source = os.environ["monthly"]
year = os.path.splitext(os.path.basename(source))[0]
with open(source, newline="") as lines:
    rows = list(csv.DictReader(lines))

step = (WIDTH - LEFT - RIGHT) / 12


def x(month):
    return LEFT + (int(month) - 0.5) * step


def y(value, lowest, highest):
    return TOP + (HEIGHT - TOP - BOTTOM) * (highest - value) / (highest - lowest)


def line(column):
    return [f"{x(row['month']):.1f},{y(float(row[column]), COLD, WARM):.1f}" for row in rows]


svg = [
    f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
    f'aria-label="Weather of Seattle in {year}"><style>{STYLE}</style>',
    f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="8"/>',
    f'<text class="title" x="{LEFT}" y="30">Seattle, {year}</text>',
    f'<text x="{LEFT}" y="48">mean daily high and low in °C, rain in mm a month</text>',
]
for degrees in range(COLD, WARM + 1, 10):
    at = y(degrees, COLD, WARM)
    millimetres = round((degrees - COLD) * RAIN / (WARM - COLD))
    svg.append(f'<path class="grid" d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}"/>')
    svg.append(f'<text x="{LEFT - 8}" y="{at + 4:.1f}" text-anchor="end">{degrees}°</text>')
    svg.append(f'<text x="{WIDTH - RIGHT + 8}" y="{at + 4:.1f}">{millimetres}</text>')
for row in rows:
    top = y(min(float(row["rain"]), RAIN), 0, RAIN)
    svg.append(
        f'<rect class="rain" x="{x(row["month"]) - step * .3:.1f}" y="{top:.1f}" '
        f'width="{step * .6:.1f}" height="{HEIGHT - BOTTOM - top:.1f}" rx="2">'
        f'<title>{row["rain"]} mm on {row["wet_days"]} days</title></rect>'
    )
    name = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()[int(row["month"]) - 1]
    svg.append(f'<text x="{x(row["month"]):.1f}" y="{HEIGHT - 18}" text-anchor="middle">{name}</text>')
high, low = line("high"), line("low")
svg.append(f'<polygon class="band" points="{" ".join(high + low[::-1])}"/>')
svg.append(f'<polyline class="high" points="{" ".join(high)}"/>')
svg.append(f'<polyline class="low" points="{" ".join(low)}"/></svg>')

with open(f"/pfs/out/{year}.svg", "w", encoding="utf-8") as out:
    out.write("\n".join(svg) + "\n")
