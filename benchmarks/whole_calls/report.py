"""What was measured, as a table and as a picture. A client that did not make a call has an empty place."""
from statistics import median
from xml.sax.saxutils import escape

COLORS = ["#1f6feb", "#d1792b", "#3d8b53", "#8b8f97"]
LEFT, BAR, WIDTH, LINE, GAP = 130, 470, 760, 20, 16


class Results:
    """Of each case and client, the measurements of all rounds."""

    def __init__(self, cases, clients):
        self.cases, self.clients = cases, [client.name for client in clients]
        self._all = {}

    def add(self, case, client, measurement):
        if measurement:
            self._all.setdefault((case, client.name), []).append(measurement)

    def median(self, case, client, quantity):
        found = self._all.get((case, client))
        return median(getattr(one, quantity) for one in found) if found else None

    def ratio(self, case, client):
        """How many times this library's CPU time the client takes."""
        return self.median(case, client, "cpu_us") / self.median(case, self.clients[0], "cpu_us")


def time_text(microseconds):
    value, unit = (microseconds, "µs") if microseconds < 1000 else (microseconds / 1000, "ms")
    return f"{value:.{0 if value >= 100 else 1}f} {unit}"


def ratio_text(ratio):
    return f"{ratio:.{0 if ratio >= 20 else 1 if ratio >= 3 else 2}f} x"


def _cell(results, case, client):
    cpu = results.median(case, client, "cpu_us")
    if cpu is None:
        return ""
    own = client == results.clients[0]
    return time_text(cpu) if own else f"{time_text(cpu)} ({ratio_text(results.ratio(case, client))})"


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join("| " + " | ".join(line) + " |\n" for line in lines)


def markdown(results):
    """CPU time and calls, then the memory of calls with large bodies."""
    own = results.clients[0]
    times = _table(["CPU time per call", *results.clients, "calls/s of " + own],
                   [[case.name, *(_cell(results, case, client) for client in results.clients),
                     f"{results.median(case, own, 'calls_per_second'):,.0f}"] for case in results.cases])
    large = [case for case in results.cases if results.median(case, own, "megabytes") >= 4]
    names = [name for name in results.clients if any(results.median(case, name, "megabytes") for case in large)]
    memory = _table(["growth of the process's peak memory", *names],
                    [[case.name, *(f"{results.median(case, name, 'megabytes'):.0f} MB" for name in names)]
                     for case in large]) if large else ""
    return times + "\n" + memory


def svg(results):
    """One group of bars for each case, to the scale of its longest."""
    parts, y = ['<text x="14" y="26" class="title">CPU time of the client per call; less is better</text>'], 34
    for case in results.cases:
        times = [(client, results.median(case, client, "cpu_us")) for client in results.clients]
        times = [(client, cpu) for client, cpu in times if cpu is not None]
        longest = max(cpu for _, cpu in times)
        y += 22
        parts.append(f'<text x="14" y="{y - 5}" class="case">{escape(case.name)}</text>')
        for client, cpu in times:
            color = COLORS[results.clients.index(client) % len(COLORS)]
            width = max(1, BAR * cpu / longest)
            text = time_text(cpu)
            if client != results.clients[0]:
                text += f"  ({ratio_text(results.ratio(case, client))})"
            parts.append(f'<text x="{LEFT - 8}" y="{y + 14}" text-anchor="end">{escape(client)}</text>')
            parts.append(f'<rect x="{LEFT}" y="{y + 3}" width="{width:.1f}" height="{LINE - 6}" fill="{color}"/>')
            parts.append(f'<text x="{LEFT + width + 6:.1f}" y="{y + 14}">{escape(text)}</text>')
            y += LINE
        y += GAP
    style = "text{font:12px sans-serif;fill:#24292f}.title{font-size:13px;fill:#57606a}.case{font-weight:bold}"
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{y}" viewBox="0 0 {WIDTH} {y}" '
            f'role="img"><style>{style}</style><rect width="{WIDTH}" height="{y}" rx="6" fill="#ffffff"/>\n'
            + "\n".join(parts) + "\n</svg>\n")
