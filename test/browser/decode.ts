// Reads QR codes as phones do: from a picture of the whole wall, smaller than it is.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import jsqr from 'jsqr';
import { decode } from './png.js';

/** jsQR's types are of a CommonJS module whose function is its default export. */
const jsQR = jsqr as unknown as typeof jsqr.default;

/** One byte a pixel, row by row. */
export type Grey = { width: number; height: number; grey: Uint8Array };

/**
 * The picture so many pixels wide, each the mean of what it covers, as a camera sees from afar.
 * Green stands for grey: the pages have two tones.
 */
export function scaled({ width, height, rgb }: ReturnType<typeof decode>, to: number): Grey {
  const green = new Float32Array(width * height);
  for (let k = 0; k < green.length; k++) green[k] = rgb[k * 3 + 1] ?? 0;
  if (to >= width) return { width, height, grey: Uint8Array.from(green) };
  const lower = Math.round((height * to) / width);
  const narrow = means(green, { lines: height, from: width, to, along: 1, across: width });
  const small = means(narrow, { lines: to, from: height, to: lower, along: to, across: 1 });
  // What `means` gives lies line by line: rows first, then columns.
  const grey = new Uint8Array(to * lower);
  for (let x = 0; x < to; x++)
    for (let y = 0; y < lower; y++) grey[y * to + x] = Math.round(small[x * lower + y] ?? 0);
  return { width: to, height: lower, grey };
}

type Lines = { lines: number; from: number; to: number; along: number; across: number };

/** Each of so many lines of `from` values as one of `to` means; parts of values count as parts. */
function means(values: Float32Array, { lines, from, to, along, across }: Lines): Float32Array {
  const out = new Float32Array(lines * to);
  const ratio = from / to;
  for (let line = 0; line < lines; line++)
    for (let k = 0; k < to; k++) {
      const end = Math.min(from, (k + 1) * ratio);
      let sum = 0;
      for (let at = k * ratio; at < end; ) {
        const next = Math.min(end, Math.floor(at + 1e-9) + 1);
        sum += (next - at) * (values[line * across + Math.floor(at + 1e-9) * along] ?? 0);
        at = next;
      }
      out[line * to + k] = sum / ratio;
    }
  return out;
}

/** What each reader reads in the picture; null where it finds nothing. */
export function readers(png: Buffer, width: number): { zbar: string | null; jsqr: string | null } {
  return read(scaled(decode(png), width));
}

export const read = (picture: Grey): { zbar: string | null; jsqr: string | null } => ({
  zbar: byZbar(picture),
  jsqr: byJsqr(picture),
});

function byJsqr({ width, height, grey }: Grey): string | null {
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  for (let k = 0; k < rgba.length; k++) if (k % 4 < 3) rgba[k] = grey[k >> 2] ?? 0;
  return jsQR(rgba, width, height)?.data ?? null;
}

function byZbar({ width, height, grey }: Grey): string | null {
  const folder = mkdtempSync(join(tmpdir(), 'noso-qr-'));
  try {
    const file = join(folder, 'wall.pgm');
    writeFileSync(file, Buffer.concat([Buffer.from(`P5 ${width} ${height} 255\n`), grey]));
    const said = execFileSync('zbarimg', ['--raw', '-q', '-Sdisable', '-Sqrcode.enable', file], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    return said.toString().trim();
  } catch (error) {
    // 4: nothing was found.
    if ((error as { status?: number }).status === 4) return null;
    throw error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}
