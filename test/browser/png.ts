// Makes a screenshot small: few colours are enough for pages of two tones.
import { crc32, deflateSync, inflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const COLOURS = 32;

type Pixels = { width: number; height: number /** 3 bytes a pixel, row by row. */; rgb: Buffer };

/** A PNG of 8-bit RGB or RGBA, opaque, as the same picture in a palette. Throws on any other. */
export function shrink(png: Buffer): Buffer {
  const { width, height, rgb } = decode(png);
  const { palette, nearest } = choose(rgb);
  const rows = Buffer.alloc((width + 1) * height);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      rows[y * (width + 1) + 1 + x] = nearest(rgb.readUIntBE((y * width + x) * 3, 3));
    }
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 3], 8); // 8 bits, palette
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('PLTE', palette),
    chunk('IDAT', deflateSync(rows, { level: 9, memLevel: 9 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** The most frequent colours, and for every colour the one of them that is nearest. */
function choose(rgb: Buffer) {
  const counts = new Map<number, number>();
  for (let k = 0; k < rgb.length; k += 3) {
    const colour = rgb.readUIntBE(k, 3);
    counts.set(colour, (counts.get(colour) ?? 0) + 1);
  }
  const chosen = [...counts]
    .sort((a, b) => b[1] - a[1])
    .slice(0, COLOURS)
    .map(([colour]) => colour);
  const palette = Buffer.alloc(chosen.length * 3);
  for (const [k, colour] of chosen.entries()) palette.writeUIntBE(colour, k * 3, 3);

  const known = new Map<number, number>();
  const distance = (a: number, b: number) =>
    [16, 8, 0].reduce((sum, shift) => sum + (((a >> shift) & 255) - ((b >> shift) & 255)) ** 2, 0);
  const nearest = (colour: number): number => {
    let index = known.get(colour);
    if (index === undefined) {
      index = 0;
      for (const [k, each] of chosen.entries()) {
        if (distance(each, colour) < distance(chosen[index] as number, colour)) index = k;
      }
      known.set(colour, index);
    }
    return index;
  };
  return { palette, nearest };
}

export function decode(png: Buffer): Pixels {
  let width = 0;
  let height = 0;
  let bytes = 0;
  const data: Buffer[] = [];
  for (let at = SIGNATURE.length; at < png.length; ) {
    const length = png.readUInt32BE(at);
    const type = png.toString('latin1', at + 4, at + 8);
    const body = png.subarray(at + 8, at + 8 + length);
    if (type === 'IHDR') {
      width = body.readUInt32BE(0);
      height = body.readUInt32BE(4);
      bytes = { 2: 3, 6: 4 }[body[9] as number] ?? 0;
      if (body[8] !== 8 || bytes === 0 || body[12] !== 0) throw new Error('not such a PNG');
    }
    if (type === 'IDAT') data.push(body);
    at += length + 12;
  }
  const raw = unfilter(inflateSync(Buffer.concat(data)), width * bytes, height, bytes);
  return { width, height, rgb: bytes === 3 ? raw : opaque(raw) };
}

function opaque(rgba: Buffer): Buffer {
  const rgb = Buffer.alloc((rgba.length / 4) * 3);
  for (let from = 0, to = 0; from < rgba.length; from += 4, to += 3) {
    rgb[to] = rgba[from] as number;
    rgb[to + 1] = rgba[from + 1] as number;
    rgb[to + 2] = rgba[from + 2] as number;
  }
  return rgb;
}

/** Undoes PNG's row filters: left, above, their mean, or the Paeth predictor. */
function unfilter(rows: Buffer, stride: number, height: number, bytes: number): Buffer {
  const out = Buffer.alloc(stride * height);
  let above: Buffer = Buffer.alloc(stride);
  for (let y = 0; y < height; y += 1) {
    const begin = y * (stride + 1);
    const line = out.subarray(y * stride, (y + 1) * stride);
    rows.copy(line, 0, begin + 1, begin + 1 + stride);
    add(rows[begin] as number, { line, above, bytes });
    above = line;
  }
  return out;
}

/** Adds to each byte of a line what its filter guessed. A loop each: a large picture has 25 MB. */
function add(
  filter: number,
  { line, above, bytes }: { line: Buffer; above: Buffer; bytes: number },
): void {
  const at = (buffer: Buffer, x: number) => (x < 0 ? 0 : (buffer[x] as number));
  const { length } = line;
  if (filter === 1) for (let x = 0; x < length; x += 1) line[x] = at(line, x) + at(line, x - bytes);
  if (filter === 2) for (let x = 0; x < length; x += 1) line[x] = at(line, x) + at(above, x);
  if (filter === 3)
    for (let x = 0; x < length; x += 1)
      line[x] = at(line, x) + ((at(line, x - bytes) + at(above, x)) >> 1);
  if (filter === 4)
    for (let x = 0; x < length; x += 1)
      line[x] = at(line, x) + paeth(at(line, x - bytes), at(above, x), at(above, x - bytes));
}

function paeth(left: number, above: number, corner: number): number {
  const guess = left + above - corner;
  const a = Math.abs(guess - left);
  const b = Math.abs(guess - above);
  const c = Math.abs(guess - corner);
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}

function chunk(type: string, body: Buffer): Buffer {
  const typed = Buffer.concat([Buffer.from(type, 'latin1'), body]);
  const out = Buffer.alloc(typed.length + 8);
  out.writeUInt32BE(body.length, 0);
  typed.copy(out, 4);
  out.writeUInt32BE(crc32(typed), typed.length + 4);
  return out;
}
