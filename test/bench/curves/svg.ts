// Charts as the project looks by day: ink on paper, one weight, no colour; what reads by night
// follows the reader's setting.

export type Line = {
  name: string;
  /** In ink, or set back in graphite and dashed. */
  tone: 'ink' | 'graphite';
  points: { x: number; y: number }[];
};

export type Chart = {
  title: string;
  /** What the figures are, in a sentence. */
  caption: string;
  x: string;
  lines: Line[];
};

const W = 760;
const H = 420;
const LEFT = 40;
const RIGHT = 200;
const TOP = 104;
const BOTTOM = 72;

const STYLE = `
  svg { font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums }
  .paper { fill: #f2ede2 } text { fill: #14120f; font-size: 15px } .title { font-size: 24px; letter-spacing: -0.015em }
  .graphite { fill: #4a453d } .hair { stroke: #c9c2b4 } .line { fill: none; stroke: #14120f; stroke-width: 2 }
  .line.back { stroke: #4a453d; stroke-dasharray: 2 5; stroke-linecap: round } .dot { fill: #14120f } .dot.back { fill: #4a453d }
  @media (prefers-color-scheme: dark) {
    .paper { fill: #000000 } text { fill: #f2ede2 } .graphite { fill: #bdb6a9 } .hair { stroke: #4a453c }
    .line { stroke: #f2ede2 } .line.back { stroke: #bdb6a9 } .dot { fill: #f2ede2 } .dot.back { fill: #bdb6a9 }
  }`;

const escaped = (text: string) => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

const grouped = (n: number) => String(n).replace(/\B(?=(\d{3})+$)/g, ',');

/** Three digits at most: 0.052, 4.31, 61.2, 204. */
const figure = (n: number) =>
  n >= 100 ? grouped(Math.round(n)) : String(Number(n.toPrecision(3)));

/** A chart of lines over a logarithmic x, y from 0. Every point carries its figure. */
export function drawChart(chart: Chart): string {
  const xs = [...new Set(chart.lines.flatMap((line) => line.points.map((p) => p.x)))].sort(
    (a, b) => a - b,
  );
  const first = Math.log(xs[0] ?? 1);
  const span = Math.log(xs.at(-1) ?? 10) - first || 1;
  const top = Math.max(...chart.lines.flatMap((line) => line.points.map((p) => p.y))) || 1;
  const at = (p: { x: number; y: number }) => ({
    x: LEFT + 24 + ((Math.log(p.x) - first) / span) * (W - LEFT - RIGHT - 24),
    y: H - BOTTOM - (p.y / top) * (H - TOP - BOTTOM),
  });
  const ticks = xs.map((x) => {
    const px = at({ x, y: 0 }).x;
    return text(px, H - BOTTOM + 26, grouped(x), 'graphite', 'middle');
  });
  const lines = chart.lines.map((line) => drawLine(line, chart.lines, at));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${W} ${H}" width="${W}" height="${H}" role="img" aria-label="${escaped(chart.title)}">
<style>${STYLE}
</style>
<rect class="paper" width="${W}" height="${H}"/>
${text(LEFT, 44, chart.title, 'title')}
${text(LEFT, 70, chart.caption, 'graphite')}
<line class="hair" x1="${LEFT}" y1="${H - BOTTOM}" x2="${W - LEFT}" y2="${H - BOTTOM}"/>
${ticks.join('\n')}
${text(W - LEFT, H - 16, chart.x, 'graphite', 'end')}
${lines.join('\n')}
</svg>
`;
}

function text(x: number, y: number, what: string, tone = '', anchor = 'start'): string {
  const place = `x="${x.toFixed(1)}" y="${y.toFixed(1)}"`;
  return `<text ${place} class="${tone}" text-anchor="${anchor}">${escaped(what)}</text>`;
}

function drawLine(
  line: Line,
  all: Line[],
  at: (p: { x: number; y: number }) => { x: number; y: number },
): string {
  const back = line.tone === 'graphite' ? ' back' : '';
  const path = line.points
    .map(at)
    .map((p, index) => `${index === 0 ? 'M' : 'L'}${p.x.toFixed(1)} ${p.y.toFixed(1)}`)
    .join(' ');
  const marks = line.points.map((point) => {
    const { x, y } = at(point);
    const room = y + 30 < H - BOTTOM; // a figure does not sit on the axis
    const lower =
      room &&
      all.some((other) =>
        other.points.some((p) => other !== line && p.x === point.x && p.y > point.y),
      );
    const tone = back === '' ? '' : 'graphite';
    return (
      `<circle class="dot${back}" cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="3.5"/>` +
      text(x, lower ? y + 22 : y - 12, figure(point.y), tone, 'middle')
    );
  });
  const last = line.points.at(-1);
  const end = last ? at(last) : { x: 0, y: 0 };
  const name = text(end.x + 26, end.y + 5, line.name, back === '' ? '' : 'graphite');
  return `<path class="line${back}" d="${path}"/>\n${marks.join('\n')}\n${name}`;
}
