import { Numbered } from './numbered.js';

/** A seat that is taken. */
export type Seat = {
  /** Which stay of this number it is, from 1. */
  sitting: number;
  since: number;
  /** When its phone was last heard, as far as was written down. */
  seen: number;
  /** Who seated it by hand: a door's id, or '' at the console; null: it has a phone. */
  by: string | null;
  /** Whether the number is in the total for this sitting's sake. */
  first: boolean;
  /** How many of the sittings before were taken back, which S4 does not count. */
  free: number;
};

/** What is remembered, until close, of a number that was seated and is not. */
export type Mark = {
  sitting: number;
  at: number;
  why: 'left' | 'lapsed' | 'voided';
  /** How many of its sittings were taken back; absent: none. */
  free?: number;
};

/** Sittings of a number, and those of them that were taken back, are fewer than that each. */
const MANY = 2 ** 24;

/** Two counts and something smaller than four in one double, exactly. */
const pack = (sitting: number, free: number, small: number): number => {
  if (sitting >= MANY) throw new RangeError(`a number's sitting ${sitting}`);
  return (free * MANY + sitting) * 4 + small;
};
const smallOf = (packed: number): number => packed % 4;
const sittingOf = (packed: number): number => Math.floor(packed / 4) % MANY;
const freeOf = (packed: number): number => Math.floor(packed / (4 * MANY));

const [SINCE, SEEN, STAY] = [0, 1, 2];

/**
 * Who sits, in the order in which they came: a `Map<number, Seat>` of 40 bytes a seat. What it gives are
 * copies. It may be deleted from while it is gone through, but not added to.
 */
export class Seats implements Iterable<[number, Seat]> {
  private readonly table = new Numbered(3);
  /** Who seated those that have no phone. */
  private readonly hands = new Map<number, string>();

  get size(): number {
    return this.table.size;
  }

  has(number: number): boolean {
    return this.table.find(number) >= 0;
  }

  get(number: number): Seat | undefined {
    const row = this.table.find(number);
    return row < 0 ? undefined : this.at(row);
  }

  set(number: number, { sitting, since, seen, by, first, free }: Seat): void {
    const { table } = this;
    const known = table.find(number);
    const row = known < 0 ? table.add(number) : known;
    table.write(row, SINCE, since);
    table.write(row, SEEN, seen);
    table.write(row, STAY, pack(sitting, free, first ? 1 : 0));
    if (by !== null) this.hands.set(number, by);
    else this.hands.delete(number);
  }

  /** Notes when the phone of whoever has that seat was last heard. */
  heard(number: number, seen: number): void {
    const row = this.table.find(number);
    if (row >= 0) this.table.write(row, SEEN, seen);
  }

  delete(number: number): boolean {
    this.hands.delete(number);
    return this.table.remove(number);
  }

  *keys(): Generator<number> {
    for (const row of this.table.rows()) yield this.table.numberAt(row);
  }

  *values(): Generator<Seat> {
    for (const row of this.table.rows()) yield this.at(row);
  }

  *[Symbol.iterator](): Generator<[number, Seat]> {
    for (const row of this.table.rows()) yield [this.table.numberAt(row), this.at(row)];
  }

  private at(row: number): Seat {
    const { table } = this;
    const packed = table.read(row, STAY);
    return {
      sitting: sittingOf(packed),
      since: table.read(row, SINCE),
      seen: table.read(row, SEEN),
      by: this.hands.get(table.numberAt(row)) ?? null,
      first: smallOf(packed) === 1,
      free: freeOf(packed),
    };
  }
}

const WHYS = ['left', 'lapsed', 'voided'] as const satisfies Mark['why'][];
const [AT, STAYED] = [0, 1];

/** What is remembered of those who sat: a `Map<number, Mark>` of 32 bytes each. It gives copies. */
export class Marks {
  private readonly table = new Numbered(2);

  get size(): number {
    return this.table.size;
  }

  get(number: number): Mark | undefined {
    const row = this.table.find(number);
    if (row < 0) return undefined;
    const packed = this.table.read(row, STAYED);
    const free = freeOf(packed);
    const sitting = sittingOf(packed);
    const why = WHYS[smallOf(packed)] as Mark['why'];
    const at = this.table.read(row, AT);
    return free > 0 ? { sitting, at, why, free } : { sitting, at, why };
  }

  set(number: number, { sitting, at, why, free = 0 }: Mark): void {
    const known = this.table.find(number);
    const row = known < 0 ? this.table.add(number) : known;
    this.table.write(row, AT, at);
    this.table.write(row, STAYED, pack(sitting, free, WHYS.indexOf(why)));
  }

  delete(number: number): boolean {
    return this.table.remove(number);
  }
}
