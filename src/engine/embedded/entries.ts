import { crc32 } from 'node:zlib';
import type { LogEntry } from '../../domain/seating.js';

/**
 * How a stretch of the log lies in a file: entry after entry, `seq` implied by the place, so that
 * a commit of many seats is one row and a replay is one pass. Little-endian:
 *
 *   at f64 · number f64 · kind u8 · figure u16 · length of text u8 · text (UTF-8)
 */
const HEAD = 20;

type Lies = { figure: number; text: string | null };
type What = LogEntry['what'];
type Of<W extends What> = Extract<LogEntry, { what: W }>;
type Common = { seq: number; at: number; number: number };

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
    // Version 1 kept the id of a form here: to us the key of a pass that nobody has.
    spell: ({ sitting, key }) => ({ figure: sitting, text: key }),
    read: (common, { figure, text }) => ({ what: 'take', sitting: figure, key: text, ...common }),
  },
  leave: { kind: 1, spell: nothing, read: (common) => ({ what: 'leave', ...common }) },
  lapse: { kind: 2, spell: nothing, read: (common) => ({ what: 'lapse', ...common }) },
  // It changes no seat: it has neither a position nor a time.
  bound: {
    kind: 3,
    spell: ({ key }) => ({ figure: 0, text: key }),
    read: ({ number }, { text }) => ({ what: 'bound', number, key: text ?? '' }),
  },
  hand: {
    kind: 4,
    spell: ({ sitting, by }) => ({ figure: sitting, text: by }),
    read: (common, { figure, text }) => ({
      what: 'hand',
      sitting: figure,
      by: text ?? '',
      ...common,
    }),
  },
  void: { kind: 5, spell: nothing, read: (common) => ({ what: 'void', ...common }) },
  // Neither has this one.
  clicked: {
    kind: 6,
    spell: ({ sitting, key, done }) => ({ figure: sitting, text: `${key} ${done}` }),
    read: ({ number }, { figure, text }) => {
      const [key = '', done = ''] = (text ?? '').split(' ');
      return { what: 'clicked', number, sitting: figure, key, done };
    },
  },
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
  /** How many were collected since they were last taken. */
  collected = 0;

  add(entry: LogEntry): void {
    const { kind, spell } = KINDS[entry.what];
    const { figure, text } = (spell as (entry: LogEntry) => Lies)(entry);
    const most = HEAD + (text === null ? 0 : text.length * 3);
    if (this.used + most > this.bytes.length) this.grow(most);
    const { view, used } = this;
    view.setFloat64(used, 'at' in entry ? entry.at : 0, true);
    view.setFloat64(used + 8, entry.number, true);
    view.setUint8(used + 16, kind);
    view.setUint16(used + 17, figure, true);
    const length = text === null ? 0 : this.bytes.write(text, used + HEAD);
    if (length > 255) throw new RangeError('a text in an entry is at most 255 bytes');
    view.setUint8(used + 19, length);
    this.used += HEAD + length;
    this.collected += 1;
  }

  /** What was collected, in memory of its own (it may be transferred); empties the packer. */
  take(): Uint8Array<ArrayBuffer> {
    const packed = new Uint8Array(this.used);
    packed.set(this.bytes.subarray(0, this.used));
    this.used = 0;
    this.collected = 0;
    return packed;
  }

  private grow(by: number): void {
    const larger = Buffer.allocUnsafeSlow(Math.max(this.bytes.length * 2, this.used + by));
    larger.set(this.bytes.subarray(0, this.used));
    this.bytes = larger;
    this.view = new DataView(larger.buffer);
  }
}

/**
 * Calls `each` for every packed entry, the first change of a seat among them having the position
 * `first`. Returns how many entries there were.
 */
export function unpack(packed: Uint8Array, first: number, each: (entry: LogEntry) => void): number {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.byteLength);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  let seq = first;
  let entries = 0;
  for (let place = 0; place < bytes.length; entries += 1) {
    const at = view.getFloat64(place, true);
    const number = view.getFloat64(place + 8, true);
    const kind = BY_KIND.get(view.getUint8(place + 16));
    const figure = view.getUint16(place + 17, true);
    const length = view.getUint8(place + 19);
    place += HEAD;
    if (kind === undefined) throw new Error(`log: entry ${seq} is of no known kind`);
    const text = length === 0 ? null : bytes.toString('utf8', place, place + length);
    const entry = kind.read({ seq, at, number }, { figure, text });
    each(entry);
    if ('seq' in entry) seq += 1;
    place += length;
  }
  return entries;
}

/** Cuts packed entries into pieces of so many at most, each with the place of its first, from 1. */
export function* pieces(
  packed: Uint8Array,
  most: number,
): Generator<{ first: number; piece: Uint8Array }> {
  let first = 1;
  let begins = 0;
  let count = 0;
  for (let place = 0; place < packed.length; ) {
    place += HEAD + (packed[place + HEAD - 1] as number);
    count += 1;
    if (count < most && place < packed.length) continue;
    yield { first, piece: packed.subarray(begins, place) };
    first += count;
    begins = place;
    count = 0;
  }
}

/**
 * The sum of everything up to and including `packed`, given the sum of what is before it. It runs
 * on through the whole log, so one comparison at the end proves every byte and their order.
 */
export const sumAfter = (before: number, packed: Uint8Array): number => crc32(packed, before);
