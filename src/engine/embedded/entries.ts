import { crc32 } from 'node:zlib';
import type { Entry } from '../../domain/seating.js';

/**
 * How a stretch of the log lies in a file: entry after entry, `seq` implied by the place, so that
 * a commit of many seats is one row and a replay is one pass. Little-endian:
 *
 *   at f64 · number f64 · what u8 · sitting u16 · length of form u8 · form (UTF-8)
 */
const HEAD = 20;
const WHAT = ['take', 'leave', 'lapse'] as const;

/** Collects entries until they are taken to be written. */
export class Packer {
  private bytes = Buffer.allocUnsafeSlow(256);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  add(entry: Entry): void {
    const form = entry.what === 'take' ? entry.form : null;
    const most = HEAD + (form === null ? 0 : form.length * 3);
    if (this.used + most > this.bytes.length) this.grow(most);
    const { view, used } = this;
    view.setFloat64(used, entry.at, true);
    view.setFloat64(used + 8, entry.number, true);
    view.setUint8(used + 16, WHAT.indexOf(entry.what));
    view.setUint16(used + 17, entry.what === 'take' ? entry.sitting : 0, true);
    const length = form === null ? 0 : this.bytes.write(form, used + HEAD);
    if (length > 255) throw new RangeError('a form id is at most 255 bytes');
    view.setUint8(used + 19, length);
    this.used += HEAD + length;
  }

  /** What was collected, in memory of its own (it may be transferred); empties the packer. */
  take(): Uint8Array<ArrayBuffer> {
    const packed = new Uint8Array(this.used);
    packed.set(this.bytes.subarray(0, this.used));
    this.used = 0;
    return packed;
  }

  private grow(by: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + by));
    larger.set(this.bytes.subarray(0, this.used));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/** Calls `each` for every packed entry, the first of which has the position `first`. */
export function unpack(packed: Uint8Array, first: number, each: (entry: Entry) => void): void {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let seq = first;
  for (let place = 0; place < bytes.length; seq += 1) {
    const at = view.getFloat64(place, true);
    const number = view.getFloat64(place + 8, true);
    const what = WHAT[view.getUint8(place + 16)];
    const sitting = view.getUint16(place + 17, true);
    const length = view.getUint8(place + 19);
    place += HEAD;
    if (what === undefined) throw new Error(`log: entry ${seq} is of no known kind`);
    if (what === 'take') {
      const form = length === 0 ? null : bytes.toString('utf8', place, place + length);
      each({ seq, at, number, what, sitting, form });
    } else {
      each({ seq, at, number, what });
    }
    place += length;
  }
}

/**
 * The sum of everything up to and including `packed`, given the sum of what is before it. It runs
 * on through the whole log, so one comparison at the end proves every byte and their order.
 */
export const sumAfter = (before: number, packed: Uint8Array): number => crc32(packed, before);
