import { hourInColumn } from '../../src/service/words.js';
import { h, set, text } from './dom.js';
import type { Point } from './seen.js';

export type Drawing = {
  zone: string;
  /** The ends of the time axis; ms. */
  from: number;
  to: number;
  /** The dotted line, if there is a limit. */
  capacity: number | null;
  peak: number;
  runs: readonly { points: readonly Point[]; until: number }[];
  /** The present, while there is one: where the curve ends, in a square. */
  now: number | null;
  /** Whether that end is live. */
  live: boolean;
  /** The curve in a sentence, for those who do not see it. */
  says: string;
};

const SVG = 'http://www.w3.org/2000/svg';
const W = 1000;
const H = 100;
/** Closer than this to an end (in % of the width), the hour of now takes the end's place. */
const ROOM = 14;

const svg = (tag: string, attributes: Record<string, string>): SVGElement => {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  return node;
};

const thousandth = (n: number) => Math.round(n * 1000) / 1000;

/** The steps of one run: a count holds until the next. Of points within one pixel, the last. */
export function steps(
  points: readonly Point[],
  until: number,
  x: (at: number) => number,
  y: (count: number) => number,
): string {
  const [first, ...rest] = points;
  if (!first) return '';
  let path = `M${x(first.at)} ${y(first.count)}`;
  let from = x(first.at);
  let level = first.count;
  rest.forEach((point, k) => {
    const next = rest[k + 1];
    if (next && x(next.at) - from < 1) return;
    if (point.count === level) return;
    from = x(point.at);
    level = point.count;
    path += `H${from}V${y(level)}`;
  });
  return `${path}H${x(until)}`;
}

/** A count over time as a flight of steps; exact in width, redrawn in place. */
export function curve(): { node: HTMLElement; draw(drawing: Drawing): void } {
  const limit = svg('line', { x1: '0', x2: String(W), y1: '0', y2: '0', class: 'limit' });
  const ground = svg('line', {
    x1: '0',
    x2: String(W),
    y1: String(H),
    y2: String(H),
    class: 'ground',
  });
  const path = svg('path', { class: 'steps' });
  const picture = svg('svg', {
    viewBox: `0 0 ${W} ${H}`,
    preserveAspectRatio: 'none',
    'aria-hidden': 'true',
    focusable: 'false',
  });
  picture.append(limit, ground, path);
  const end = h('span', { class: 'end', 'aria-hidden': 'true' });
  const start = h('span', {});
  const present = h('span', { class: 'present' });
  const finish = h('span', {});
  const axis = h('p', { class: 'axis', 'aria-hidden': 'true' }, start, present, finish);
  const plot = h('div', { class: 'plot', role: 'img' });
  plot.append(picture, end);
  const node = h('div', { class: 'curve' }, plot, axis);

  return {
    node,
    draw(d) {
      const span = Math.max(1, d.to - d.from);
      const top = Math.max(d.capacity ?? 0, d.peak * (d.capacity === null ? 1.1 : 1), 1);
      const share = (at: number) => Math.min(1, Math.max(0, (at - d.from) / span));
      const x = (at: number) => thousandth(share(at) * W);
      const y = (count: number) => thousandth(H - (Math.min(count, top) / top) * H);
      const drawn = d.runs.map((run) => steps(run.points, run.until, x, y)).join('');
      set(path, 'd', drawn || 'M0 0');
      set(limit, 'visibility', d.capacity === null ? 'hidden' : 'visible');
      set(plot, 'aria-label', d.says);
      set(node, 'class', d.live || d.now === null ? 'curve' : 'curve was');

      const last = d.runs[d.runs.length - 1];
      const count = last?.points[last.points.length - 1]?.count;
      const here = d.now !== null && last && count !== undefined ? last.until : null;
      set(end, 'hidden', here === null);
      if (here !== null && count !== undefined) {
        end.style.left = `${share(here) * 100}%`;
        end.style.top = `${y(count)}%`;
      }
      const at = d.now === null ? null : share(d.now) * 100;
      text(start, at !== null && at < ROOM ? '' : hourInColumn(d.zone, d.from));
      text(finish, at !== null && at > 100 - ROOM ? '' : hourInColumn(d.zone, d.to));
      text(present, d.now === null ? '' : hourInColumn(d.zone, d.now));
      const shift = at === null ? 0 : at < 4 ? 0 : at > 96 ? 100 : 50;
      present.style.left = `${at ?? 0}%`;
      present.style.transform = `translateX(-${shift}%)`;
    },
  };
}
