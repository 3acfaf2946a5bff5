"""Small line charts on logarithmic axes, as one SVG file."""

import math
from html import escape

WIDTH, HEIGHT = 430, 270
LEFT, RIGHT, TOP, BOTTOM = 62, 14, 34, 46
# The least ratio between the ends of an axis, so that small differences look small.
LEAST_SPAN = 3
COLOURS = ("#1f6fb2", "#c4511d", "#2f8f4e", "#7a4fa3")

# The second line is dashed, so that a line below it stays visible.
DASHES = ("", ' stroke-dasharray="6 4"')


def chart_sheet(panels, columns=2):
    """An SVG of panels. A panel is a dict with title, x, y and lines; a line is a list of points (x, y) above 0."""
    rows = math.ceil(len(panels) / columns)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{columns * WIDTH}" height="{rows * HEIGHT}"'
        f' viewBox="0 0 {columns * WIDTH} {rows * HEIGHT}" font-family="sans-serif" font-size="11">',
        '<rect width="100%" height="100%" fill="#ffffff"/>',
    ]
    for number, panel in enumerate(panels):
        left, top = number % columns * WIDTH, number // columns * HEIGHT
        parts.append(f'<g transform="translate({left} {top})">{chart(panel)}</g>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def chart(panel):
    points = [point for line in panel["lines"].values() for point in line]
    text = [f'<text x="{LEFT}" y="16" font-size="13" font-weight="bold">{escape(panel["title"])}</text>']
    if not points:
        return "".join([*text, f'<text x="{LEFT}" y="60">no data</text>'])
    x = Axis([point[0] for point in points], LEFT, WIDTH - RIGHT)
    y = Axis([point[1] for point in points], HEIGHT - BOTTOM, TOP)
    for value in x.ticks:
        at = x.at(value)
        text.append(f'<path d="M{at:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e3e3e3"/>')
        text.append(f'<text x="{at:.1f}" y="{HEIGHT - BOTTOM + 15}" text-anchor="middle">{short(value)}</text>')
    for value in y.ticks:
        at = y.at(value)
        text.append(f'<path d="M{LEFT} {at:.1f}H{WIDTH - RIGHT}" stroke="#e3e3e3"/>')
        text.append(f'<text x="{LEFT - 6}" y="{at + 4:.1f}" text-anchor="end">{short(value)}</text>')
    middle = (TOP + HEIGHT - BOTTOM) / 2
    text.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 12}" text-anchor="middle">{escape(panel["x"])}</text>')
    text.append(
        f'<text x="14" y="{middle}" text-anchor="middle" transform="rotate(-90 14 {middle})">{escape(panel["y"])}</text>'
    )
    for number, (name, line) in enumerate(panel["lines"].items()):
        colour = COLOURS[number % len(COLOURS)]
        path = "M" + "L".join(f"{x.at(a):.1f} {y.at(b):.1f}" for a, b in line)
        text.append(f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"{DASHES[number % 2]}/>')
        text += [f'<circle cx="{x.at(a):.1f}" cy="{y.at(b):.1f}" r="3.2" fill="{colour}"/>' for a, b in line]
        text.append(
            f'<text x="{WIDTH - RIGHT}" y="{16 + 13 * number}" text-anchor="end" fill="{colour}">{escape(name)}</text>'
        )
    return "".join(text)


class Axis:
    """A logarithmic axis with a margin at both ends."""

    def __init__(self, values, start, end):
        low, high = math.log(min(values)), math.log(max(values))
        room = max(0.06 * (high - low), (math.log(LEAST_SPAN) - (high - low)) / 2)
        self.low, self.high, self.start, self.end = low - room, high + room, start, end
        self.ticks = self.round_ticks((1,))
        for leading in ((1, 3), (1, 2, 5), (1, 1.5, 2, 3, 4, 5, 6, 8)):
            if len(self.ticks) < 3:
                self.ticks = self.round_ticks(leading)

    def round_ticks(self, leading):
        powers = range(math.floor(self.low / math.log(10)) - 1, math.ceil(self.high / math.log(10)) + 1)
        ticks = [digit * 10**power for power in powers for digit in leading]
        return [tick for tick in ticks if self.low <= math.log(tick) <= self.high]

    def at(self, value):
        return self.start + (math.log(value) - self.low) / (self.high - self.low) * (self.end - self.start)


def short(value):
    return f"{value:,.0f}" if value >= 10 else f"{value:g}"
