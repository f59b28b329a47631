// The signs of an hour and of a day, as strokes of one thickness.

/** A stroke, in a cell 0.6 wide and 1 high, y down: a line, or an arc (radians, clockwise on screen). */
type Line = readonly [x1: number, y1: number, x2: number, y2: number];
type Arc = readonly [cx: number, cy: number, r: number, from: number, to: number];
export type Stroke = Line | Arc;

const turn = (degrees: number) => (degrees * Math.PI) / 180;
export const ROUND = turn(360);

export const GLYPHS: Record<string, { wide: number; strokes: Stroke[] }> = {
  '0': {
    wide: 0.6,
    strokes: [
      [0.3, 0.3, 0.3, turn(180), turn(360)],
      [0.3, 0.7, 0.3, 0, turn(180)],
      [0, 0.3, 0, 0.7],
      [0.6, 0.3, 0.6, 0.7],
    ],
  },
  '1': {
    wide: 0.6,
    strokes: [
      [0.36, 0, 0.36, 1],
      [0.36, 0, 0.1, 0.2],
    ],
  },
  '2': {
    wide: 0.6,
    strokes: [
      [0.3, 0.29, 0.29, turn(180), turn(392)],
      [0.546, 0.444, 0.01, 1],
      [0.01, 1, 0.59, 1],
    ],
  },
  '3': {
    wide: 0.6,
    strokes: [
      [0.3, 0.245, 0.245, turn(195), turn(450)],
      [0.3, 0.735, 0.265, turn(270), turn(525)],
      [0.2, 0.48, 0.3, 0.48],
    ],
  },
  '4': {
    wide: 0.6,
    strokes: [
      [0.4, 0, 0, 0.72],
      [0, 0.72, 0.6, 0.72],
      [0.46, 0.44, 0.46, 1],
    ],
  },
  '5': {
    wide: 0.6,
    strokes: [
      [0.55, 0, 0.09, 0],
      [0.09, 0, 0.053, 0.49],
      [0.29, 0.69, 0.31, turn(220), turn(515)],
    ],
  },
  '6': {
    wide: 0.6,
    strokes: [
      [0.3, 0.7, 0.3, 0, ROUND],
      [0.054, 0.528, 0.424, 0],
    ],
  },
  '7': {
    wide: 0.6,
    strokes: [
      [0.01, 0, 0.59, 0],
      [0.59, 0, 0.2, 1],
    ],
  },
  '8': {
    wide: 0.6,
    strokes: [
      [0.3, 0.24, 0.24, 0, ROUND],
      [0.3, 0.74, 0.26, 0, ROUND],
    ],
  },
  '9': {
    wide: 0.6,
    strokes: [
      [0.3, 0.3, 0.3, 0, ROUND],
      [0.546, 0.472, 0.176, 1],
    ],
  },
  ':': {
    wide: 0.02,
    strokes: [
      [0.01, 0.32, 0.01, 0.33],
      [0.01, 0.8, 0.01, 0.81],
    ],
  },
  '-': { wide: 0.36, strokes: [[0.02, 0.54, 0.34, 0.54]] },
};
