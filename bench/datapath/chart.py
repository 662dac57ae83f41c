"""The figures as a picture, in SVG of our own: for each place a panel, in it a group of bars a work, each bar's height its
ratio to the direct wire. It has a ground of its own, and follows the reader's light or dark. Pure."""

from xml.sax.saxutils import escape

WIDTH, PANEL_HEIGHT, BARS_HEIGHT = 860, 300, 180
LEFT, RIGHT, TOP, TITLE_HEIGHT = 48, 16, 52, 44
GROUP_GAP = 26

# By setup: the limit grey, Weft in the one strong colour.
COLOURS = {"limit": ("#9aa0a6", "#80868b"), "redirect": ("#c4c9cf", "#5f666d"),
           "weft": ("#0b63ce", "#5b9dff"), "bridge": ("#e2a33c", "#d69a3a"), "ovs": ("#b5544f", "#d0736d"), "ovs-tso": ("#d79a97", "#9c5a56")}

_STYLE = """
  svg { font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif }
  .ground { fill: #ffffff } .text { fill: #1f2328 } .dim { fill: #59636e } .line { stroke: #d1d9e0 }
  .value { fill: #1f2328; paint-order: stroke; stroke: #ffffff; stroke-width: 3px }
""" + "".join(f"  .{name} {{ fill: {light} }}\n" for name, (light, _) in COLOURS.items()) + """
  @media (prefers-color-scheme: dark) {
    .ground { fill: #161b22 } .text { fill: #e6edf3 } .dim { fill: #9198a1 } .line { stroke: #3d444d }
    .value { fill: #e6edf3; stroke: #161b22 }
""" + "".join(f"    .{name} {{ fill: {dark} }}\n" for name, (_, dark) in COLOURS.items()) + "  }\n"


def _text(x, y, words, size, kind="text", anchor="middle", bold=False):
    weight = ' font-weight="600"' if bold else ""
    return (f'<text class="{kind}" x="{x:.1f}" y="{y:.1f}" font-size="{size}" text-anchor="{anchor}"{weight}>'
            f"{escape(words)}</text>")


def _scale(floor):
    """Lines at ratios of a quarter."""
    parts = []
    for quarter in range(5):
        y = floor - BARS_HEIGHT * quarter / 4
        parts.append(f'<line class="line" x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        parts.append(_text(LEFT - 8, y + 4, f"{quarter * 25}%", 11, "dim", "end"))
    return parts


def _legend(series, y):
    parts, x = [], LEFT
    for _, kind, label in series:
        parts.append(f'<rect class="{kind}" x="{x:.1f}" y="{y - 10:.1f}" width="12" height="12" rx="2"/>')
        parts.append(_text(x + 17, y, label, 12, anchor="start"))
        x += 17 + len(label) * 6.7 + 18
    return parts


def _panel(top, title, series, groups):
    """series: (name, kind of COLOURS, label); groups: (label, {name: (ratio, text)})"""
    floor = top + TOP + BARS_HEIGHT + 12
    parts = [_text(LEFT, top + 16, title, 15, anchor="start", bold=True), *_legend(series, top + 38), *_scale(floor)]
    group_width = (WIDTH - LEFT - RIGHT) / len(groups)
    bar_width = (group_width - GROUP_GAP) / len(series)
    for g, (label, bars) in enumerate(groups):
        begin = LEFT + g * group_width + GROUP_GAP / 2
        for i, (name, kind, _) in enumerate(series):
            if name not in bars:
                continue
            part, text = bars[name]
            height = max(1.0, BARS_HEIGHT * min(part, 1.05))
            x = begin + i * bar_width
            parts.append(f'<rect class="{kind}" x="{x + 1:.1f}" y="{floor - height:.1f}" width="{bar_width - 2:.1f}" '
                         f'height="{height:.1f}" rx="2"/>')
            parts.append(_text(x + bar_width / 2, floor - height - 4, text, 10, "value", bold=kind == "weft"))
        parts.append(_text(begin + (group_width - GROUP_GAP) / 2, floor + 18, label, 12))
    return parts


def svg(title, panels):
    """panels: (title, series, groups)"""
    height = TITLE_HEIGHT + PANEL_HEIGHT * len(panels)
    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
             f"<title>{escape(title)}</title>", f"<style>{_STYLE}</style>",
             f'<rect class="ground" width="{WIDTH}" height="{height}" rx="8"/>',
             _text(LEFT, 30, title, 17, anchor="start", bold=True)]
    for i, panel in enumerate(panels):
        parts += _panel(TITLE_HEIGHT + PANEL_HEIGHT * i, *panel)
    return "\n".join([*parts, "</svg>", ""])
