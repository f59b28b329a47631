/** The wall's name where a title would be, so that whoever installs several sees which this is. */
import type { Grid } from './grid.js';
import { lineAt, type Marks } from './mark.js';
import type { Setting } from './parts.js';

const SIZE = 9;
/** Kept black above the letters' baseline, as a part of their size; and above the hairline, in U. */
const ABOVE = 1.2;
const HAIR = 1;
/** Distance to a code that hangs beside, in U. */
const AWAY = 3;
const TITLES = ['title', 'title2', 'title3', 'title4', 'title5'] as const;

/**
 * A picture with the name on it, on black. Nothing moves, and nothing is cut in two: a row of numbers
 * is under the black or beside it, what invites in stays as it is.
 */
export function withName(setting: Setting, name: string, marks: Marks, grid: Grid | null): Marks {
  const { frame, type } = setting;
  const { unit, hairline } = frame;
  const size = SIZE * unit;
  const baseline = frame.snap(hairline - 5 * unit);
  const top = frame.snap(between(grid, baseline - ABOVE * size));
  const { qr, code, label } = marks;
  const isBeside = code?.kind === 'text' && code.y > top && code.y < hairline;
  const right = isBeside && qr?.kind === 'qr' ? qr.x - AWAY * unit : frame.screen.width;
  const bare: Marks = { ...marks };
  for (const slot of TITLES) delete bare[slot];
  if (label?.kind === 'text' && label.y > top) delete bare.label;
  const room = Math.min(right, frame.right) - frame.left;
  const line = { text: name, baseline, size, smallest: size / 2, room };
  return {
    ...bare,
    nameGround: {
      kind: 'bar',
      x: 0,
      y: top,
      width: right,
      height: hairline - top - HAIR * unit,
      tone: 'black',
    },
    name: lineAt(type, frame.left, { ...line, tone: 'paper' }),
  };
}

/** At that height, or where the next row above it ends. */
function between(grid: Grid | null, asked: number): number {
  if (!grid || grid.pitchY === 0) return asked;
  const { top, height, pitchY, rows } = grid;
  const above = Math.min(rows, Math.floor((asked - top - height) / pitchY) + 1);
  if (above >= rows) return asked;
  return Math.min(asked, top + above * pitchY - (pitchY - height) / 2);
}
