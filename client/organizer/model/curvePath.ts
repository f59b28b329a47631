export type Point = { at: number; count: number };

/**
 * A flight of steps as an SVG path: a count holds until the next, the last until `until`. Of points
 * closer together than one unit of width, the last. Points before `from` give only the level that
 * the path begins at.
 */
export function steps(
  points: readonly Point[],
  [from, until]: readonly [from: number, until: number],
  x: (at: number) => number,
  y: (count: number) => number,
): string {
  const before = points.filter(({ at }) => at <= from);
  const inside = points.filter(({ at }) => at > from && at <= until);
  const first = before[before.length - 1] ?? inside[0];
  if (!first || until <= from) return '';
  let drawnTo = x(Math.max(first.at, from));
  let level = first.count;
  let path = `M${drawnTo} ${y(level)}`;
  inside.forEach((point, k) => {
    const next = inside[k + 1];
    if (next && x(next.at) - drawnTo < 1) return;
    if (point.count === level) return;
    drawnTo = x(point.at);
    level = point.count;
    path += `H${drawnTo}V${y(level)}`;
  });
  return `${path}H${x(until)}`;
}
