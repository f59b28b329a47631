import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { GLYPHS, ROUND, type Stroke } from './strokes.js';

/*
 * The picture that goes with a link to a NoSo: what a wall shows of it from far away, an hour in the
 * dark. It says nothing but digits, so it needs no font, and is the same in every language and script:
 * whoever shows a link shows its title beside it.
 */

export const WIDTH = 1200;
export const HEIGHT = 630;

/** Between two signs, in heights. */
const GAP = 0.23;
/** How thick a stroke is, in heights. */
const THICK = 0.1;

/**
 * How far (x, y) is from a stroke's middle, as far as that matters: beyond `most` any number that is
 * larger will do.
 */
function far(stroke: Stroke, x: number, y: number, most: number): number {
  if (stroke.length === 4) {
    const [x1, y1, x2, y2] = stroke;
    const [dx, dy] = [x2 - x1, y2 - y1];
    const along = ((x - x1) * dx + (y - y1) * dy) / (dx * dx + dy * dy);
    const t = Math.min(1, Math.max(0, along));
    return length(x - x1 - t * dx, y - y1 - t * dy);
  }
  const [cx, cy, r, from, to] = stroke;
  const off = Math.abs(length(x - cx, y - cy) - r);
  if (off > most) return off;
  const round = (((Math.atan2(y - cy, x - cx) - from) % ROUND) + ROUND) % ROUND;
  if (round <= to - from) return off;
  const end = (a: number) => length(x - cx - r * Math.cos(a), y - cy - r * Math.sin(a));
  return Math.min(end(from), end(to));
}

/** `Math.hypot` minds overflow, at ten times the time. */
const length = (x: number, y: number): number => Math.sqrt(x * x + y * y);

/** What a stroke lies within: left, top, right, bottom. */
function boundsOf(stroke: Stroke): readonly [number, number, number, number] {
  if (stroke.length === 4) {
    const [x1, y1, x2, y2] = stroke;
    return [Math.min(x1, x2), Math.min(y1, y2), Math.max(x1, x2), Math.max(y1, y2)];
  }
  const [cx, cy, r] = stroke;
  return [cx - r, cy - r, cx + r, cy + r];
}

/** Grey of each pixel: 0 is the ground, 255 the ink. */
type Canvas = Uint8Array;

function write(canvas: Canvas, text: string, left: number, top: number, height: number): void {
  const half = (THICK * height) / 2;
  const inner = height - 2 * half;
  const [most, y0] = [(half + 1) / inner, top + half];
  let x0 = left + half;
  const put = (stroke: Stroke) => {
    const [l, t, r, b] = boundsOf(stroke);
    const last = Math.min(WIDTH - 1, Math.ceil(x0 + (r + most) * inner));
    for (let y = Math.floor(y0 + (t - most) * inner); y <= y0 + (b + most) * inner; y += 1) {
      for (let x = Math.floor(x0 + (l - most) * inner); x <= last; x += 1) {
        const near = far(stroke, (x + 0.5 - x0) / inner, (y + 0.5 - y0) / inner, most) * inner;
        const ink = Math.round(255 * (half - near + 0.5));
        const at = y * WIDTH + x;
        if (ink > (canvas[at] as number)) canvas[at] = Math.min(255, ink);
      }
    }
  };
  for (const sign of text) {
    const glyph = GLYPHS[sign];
    if (!glyph) continue;
    glyph.strokes.forEach(put);
    x0 += (glyph.wide + GAP) * inner;
  }
}

/** The wall's black and paper, and what lies between them. */
const GROUND = [0x00, 0x00, 0x00] as const;
const INK = [0xf2, 0xed, 0xe2] as const;

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}

const packed = promisify<Buffer, object, Buffer>(deflate);

async function png(canvas: Canvas): Promise<Buffer> {
  const rows = Buffer.alloc((WIDTH + 1) * HEIGHT);
  for (let y = 0; y < HEIGHT; y += 1) {
    rows.set(canvas.subarray(y * WIDTH, (y + 1) * WIDTH), y * (WIDTH + 1) + 1);
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(WIDTH, 0);
  header.writeUInt32BE(HEIGHT, 4);
  header.set([8, 3], 8); // a palette, 8 bits
  const palette = Buffer.alloc(3 * 256);
  for (let k = 0; k < 256; k += 1) {
    for (const c of [0, 1, 2] as const) {
      palette[3 * k + c] = Math.round(GROUND[c] + ((INK[c] - GROUND[c]) * k) / 255);
    }
  }
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', await packed(rows, { level: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** PNG, 1200 × 630, of an hour ("14:30") over a hairline and a day ("2026-11-29"). */
export function draw(hour: string, day: string): Promise<Buffer> {
  const canvas = new Uint8Array(WIDTH * HEIGHT);
  write(canvas, hour, 72, 72, 300);
  canvas.fill(255, 450 * WIDTH, 453 * WIDTH);
  for (let y = 450; y < 453; y += 1) {
    canvas.fill(0, y * WIDTH, y * WIDTH + 72);
    canvas.fill(0, (y + 1) * WIDTH - 72, (y + 1) * WIDTH);
  }
  write(canvas, day, 72, 496, 62);
  return png(canvas);
}

/** How many are kept: about 8 KB each. */
const KEPT = 64;

/** Draws each on its first request, and keeps those that were asked for last. */
export function createPictures(): (hour: string, day: string) => Promise<Buffer> {
  const kept = new Map<string, Promise<Buffer>>();
  return (hour, day) => {
    const key = `${day} ${hour}`;
    const picture = kept.get(key) ?? draw(hour, day);
    kept.delete(key);
    kept.set(key, picture);
    for (const [oldest] of kept) {
      if (kept.size <= KEPT) break;
      kept.delete(oldest);
    }
    return picture;
  };
}
