import { crc32 } from 'node:zlib';
import type { Entry } from '../../domain/seating.js';

/**
 * How a stretch of the log lies in a file: entry after entry, `seq` implied by the place, so that
 * a commit of many seats is one row and a replay is one pass. Little-endian:
 *
 *   at f64 · number f64 · kind u8 · figure u16 · length of text u8 · text (UTF-8)
 */
const HEAD = 20;

type Lies = { figure: number; text: string | null };
type What = Entry['what'];
type Of<W extends What> = Extract<Entry, { what: W }>;
type Common = Pick<Entry, 'seq' | 'at' | 'number'>;

/**
 * What each kind of entry has in the places that are its own. The number of a kind is what lies in
 * files: it is never given to another. A new kind is a new row here (layouts.ts says what else).
 */
const KINDS: {
  readonly [W in What]: {
    kind: number;
    spell: (entry: Of<W>) => Lies;
    read: (common: Common, lies: Lies) => Of<W>;
  };
} = {
  take: {
    kind: 0,
    spell: ({ sitting, form }) => ({ figure: sitting, text: form }),
    read: (common, { figure, text }) => ({ ...common, what: 'take', sitting: figure, form: text }),
  },
  leave: { kind: 1, spell: nothing, read: (common) => ({ ...common, what: 'leave' }) },
  lapse: { kind: 2, spell: nothing, read: (common) => ({ ...common, what: 'lapse' }) },
};

function nothing(): Lies {
  return { figure: 0, text: null };
}

const BY_KIND = new Map(Object.values(KINDS).map((each) => [each.kind, each]));

/** Collects entries until they are taken to be written. */
export class Packer {
  private bytes = Buffer.allocUnsafeSlow(256);
  private view = new DataView(this.bytes.buffer);
  private used = 0;

  add(entry: Entry): void {
    const { kind, spell } = KINDS[entry.what];
    const { figure, text } = (spell as (entry: Entry) => Lies)(entry);
    const most = HEAD + (text === null ? 0 : text.length * 3);
    if (this.used + most > this.bytes.length) this.grow(most);
    const { view, used } = this;
    view.setFloat64(used, entry.at, true);
    view.setFloat64(used + 8, entry.number, true);
    view.setUint8(used + 16, kind);
    view.setUint16(used + 17, figure, true);
    const length = text === null ? 0 : this.bytes.write(text, used + HEAD);
    if (length > 255) throw new RangeError('a text in an entry is at most 255 bytes');
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
    const kind = BY_KIND.get(view.getUint8(place + 16));
    const figure = view.getUint16(place + 17, true);
    const length = view.getUint8(place + 19);
    place += HEAD;
    if (kind === undefined) throw new Error(`log: entry ${seq} is of no known kind`);
    const text = length === 0 ? null : bytes.toString('utf8', place, place + length);
    each(kind.read({ seq, at, number }, { figure, text }));
    place += length;
  }
}

/**
 * The sum of everything up to and including `packed`, given the sum of what is before it. It runs
 * on through the whole log, so one comparison at the end proves every byte and their order.
 */
export const sumAfter = (before: number, packed: Uint8Array): number => crc32(packed, before);
