import { encode } from 'uqr';
import type { QrMark } from './layout/mark.js';

/** Modules of quiet that a reader needs on each side. */
const QUIET = 4;

/**
 * The dark modules as one path, in whole device pixels a module, in the middle of the mark's paper.
 * Error correction M: it is read from a screen, across a room, at an angle.
 */
export function qrPath(mark: QrMark, ratio: number): string {
  const { data, size } = encode(mark.text, { ecc: 'M', border: 0 });
  const paper = Math.round(mark.side * ratio);
  const module = Math.max(1, Math.floor(paper / (size + 2 * QUIET)));
  const inset = Math.floor((paper - module * size) / 2);
  const at = (origin: number, index: number) => origin + (inset + index * module) / ratio;
  let path = '';
  data.forEach((row, y) => {
    for (let x = 0; x < size; x++) {
      if (!row[x]) continue;
      const start = x;
      while (x + 1 < size && row[x + 1]) x++;
      const width = ((x + 1 - start) * module) / ratio;
      path += `M${at(mark.x, start)} ${at(mark.y, y)}h${width}v${module / ratio}h${-width}z`;
    }
  });
  return path;
}
