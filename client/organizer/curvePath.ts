import type { Point } from './seen.js';

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
