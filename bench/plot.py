"""The results as one SVG: rates in memory and of whole programs, GB/s.

Plain shapes and text only.  Colours hold in light and dark; the text follows
the reader's scheme."""
from xml.sax.saxutils import escape

WIDTH = 860
LABEL = 190  # pixels left of the bars
RIGHT = 175  # ... and right of the longest one
BAR = 13
GAP = 10
HEAD = 54
KERNELS = ["read", "hyperscan", "hyperscan-som", "sd-pattern"]
PEOPLE_SAY = {"read": "reading memory", "hyperscan-som": "hyperscan with starts",
              "sd-pattern": "hyperscan as in sd_pattern"}
PROGRAMS = ["cat", "rg -c", "grep -P -c"]
STYLE = """
 text { font: 12px system-ui, -apple-system, "Segoe UI", sans-serif; fill: #1f2328; }
 .head { font-weight: 600; font-size: 15px; }
 .note { fill: #59636e; font-size: 11px; }
 .grid { stroke: #8c959f; stroke-opacity: .35; }
 .ours { fill: #1a7f37; } .more { fill: #4ac26b; } .floor { fill: #8c959f; }
 .peer { fill: #0969da; }
 @media (prefers-color-scheme: dark) {
  text { fill: #e6edf3; } .note { fill: #9198a1; }
  .ours { fill: #3fb950; } .more { fill: #2ea043; fill-opacity: .6; } .peer { fill: #4493f8; }
 }
"""


def kind_of(name):
    if name.startswith("cardsieve"):
        return "ours" if name in ("cardsieve", "cardsieve -j1") else "more"
    return "floor" if name in ("cat", "read") else "peer"


def bars_of(corpus, part, key, wanted):
    found = {entry[key]: entry["gb_per_s"] for entry in corpus.get(part) or []}
    names = [name for name in found if name.startswith("cardsieve")]
    names += [name for name in wanted if name in found and name not in names]
    return [(name, found[name]) for name in names]


def ticks(most):
    steps = (scale * 10 ** power for power in range(-3, 9) for scale in (1, 2, 5))
    step = next(step for step in steps if most / step <= 8)
    return [i * step for i in range(int(most / step) + 1)]


def text(x, y, content, kind="", anchor="start"):
    return (f'<text x="{x:.1f}" y="{y:.1f}" class="{kind}" text-anchor="{anchor}">'
            f"{escape(content)}</text>")


def panel(top, title, note, groups):
    """One chart below `top`; gives its shapes and where it ends."""
    most = max((rate for _, bars in groups for _, rate in bars), default=1.0)
    scale = (WIDTH - LABEL - RIGHT) / most
    height = sum(len(bars) * BAR + GAP for _, bars in groups)
    shapes = [text(16, top + 22, title, "head"), text(16, top + 39, note, "note")]
    y = top + HEAD
    for tick in ticks(most):
        x = LABEL + tick * scale
        shapes.append(f'<line class="grid" x1="{x:.1f}" x2="{x:.1f}" y1="{y}" '
                      f'y2="{y + height}"/>')
        shapes.append(text(x, y + height + 14, f"{tick:g}", "note", "middle"))
    for label, bars in groups:
        shapes.append(text(16, y + 11, label))
        for name, rate in bars:
            shapes.append(f'<rect class="{kind_of(name)}" x="{LABEL}" y="{y + 1}" '
                          f'width="{max(rate * scale, 1):.1f}" height="{BAR - 2}" rx="1.5"/>')
            shapes.append(text(LABEL + rate * scale + 5, y + BAR - 3,
                               f"{rate:.2f} {PEOPLE_SAY.get(name, name)}", "note"))
            y += BAR
        y += GAP
    return shapes, y + 24


def svg(result):
    shapes, top = [], 0
    charts = [("In memory, one thread", "kernels", "kernel", KERNELS,
               "GB/s over the same bytes; cardsieve also judges, the others only match"),
              ("Whole programs on a file in the page cache", "programs", "name", PROGRAMS,
               "GB/s from start to exit; rg and grep count lines of one broad pattern")]
    for title, part, key, wanted, note in charts:
        groups = [(corpus["title"], bars_of(corpus, part, key, wanted))
                  for corpus in result["corpora"] if corpus.get(part)]
        if groups:
            more, top = panel(top, title, note, groups)
            shapes += more
    machine = result["machine"]
    shapes.append(text(16, top + 12, f"{machine['processor']}, {machine['cores']} cores; "
                       f"{result['settings']['size']} a corpus, medians of "
                       f"{result['settings']['runs']} runs", "note"))
    return (f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {top + 24}" '
            f'width="{WIDTH}" height="{top + 24}" role="img">\n<title>Rates of cardsieve '
            f"and its peers</title>\n<style>{STYLE}</style>\n" + "\n".join(shapes)
            + "\n</svg>\n")
