import { randomInt } from 'node:crypto';
import { lengthAt, mayBeDrawn, space } from '../../domain/numbers.js';
import { Batch } from './batch.js';
import type { Calls } from './calls.js';
import { bitOf, CHUNK, catalogueKeys, chunkOf, type Keys } from './keys.js';
import type { Ledger } from './ledger.js';
import type { Pace } from './pace.js';
import { DRAW, RESTORE_DRAWN } from './scripts/onceLua.js';
import { shareOf } from './shares.js';
import type { Witness } from './witness.js';

/** How many, and how long; null: as long as those of a NoSo that opens now. */
type Wanted = { count: number; digits: number | null };

/** Numbers drawn by one script at most. */
const DRAWN_AT_ONCE = 500;

/**
 * Draws numbers (A3, A4). Which were drawn is one bit for each number of the space, in pieces of
 * 65,536; a node proposes numbers from its CSPRNG, Redis takes those that were free. The space is 20
 * times as large as what was drawn, so that nearly all are.
 */
export class Numbers {
  private readonly batch: Batch<Wanted, number[]>;
  /** How many were ever drawn, as far as this node knows. */
  private drawn = 0;
  /** From which share the master draws, as far as this node knows. */
  private share: number | null = null;

  constructor(
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly keys: Keys,
    private readonly witness: Witness,
    pace: Pace,
  ) {
    this.batch = new Batch((wanted) => this.drawAll(wanted), 100, pace);
  }

  /** This node is of another store from now on. */
  forget(): void {
    this.drawn = 0;
  }

  draw(count: number, digits: number | null): Promise<number[]> {
    return count === 0 ? Promise.resolve([]) : this.batch.add({ count, digits });
  }

  /** Draws none: like any draw it is refused where the store does not take writes. */
  async rehearse(): Promise<void> {
    await this.drawSome({ count: 0, digits: null });
  }

  /** All that were ever drawn, in the order of their size, some at a time: for moving them. */
  async *drawnNumbers(): AsyncGenerator<number[]> {
    const drawn = Number((await this.calls.send((client) => client.get(this.keys.drawn))) ?? 0);
    // The longest that there can be: a NoSo that has just opened draws from it.
    const last = chunkOf(space(lengthAt(drawn), drawn).last);
    for (let chunk = 0; chunk <= last; chunk += 1) {
      const bits = await this.calls.send((client) => client.getBuffer(this.keys.drawnChunk(chunk)));
      if (bits) yield numbersIn(bits, chunk);
    }
  }

  /** Marks numbers as drawn, elsewhere, before; marking one twice changes nothing. */
  async markDrawn(numbers: readonly number[]): Promise<void> {
    const keys = catalogueKeys(this.keys);
    for (let k = 0; k < numbers.length; k += DRAWN_AT_ONCE) {
      const piece = numbers.slice(k, k + DRAWN_AT_ONCE);
      const chunks = piece.map((number) => this.keys.drawnChunk(chunkOf(number)));
      const all = [...keys, this.keys.drawn, ...chunks];
      await this.calls.run(RESTORE_DRAWN, all, piece.map(bitOf));
    }
  }

  /** Draws for several callers at once, those of a length together, and deals out. */
  private async drawAll(wanted: Wanted[]): Promise<number[][]> {
    const drawn = new Map<number | null, number[]>();
    for (const digits of new Set(wanted.map((each) => each.digits))) {
      const own = wanted.filter((each) => each.digits === digits);
      const count = own.reduce((sum, each) => sum + each.count, 0);
      const numbers: number[] = [];
      while (numbers.length < count) {
        const some = Math.min(count - numbers.length, DRAWN_AT_ONCE);
        numbers.push(...(await this.drawSome({ count: some, digits })));
      }
      drawn.set(digits, numbers);
    }
    return wanted.map(({ count, digits }) => drawn.get(digits)?.splice(0, count) ?? []);
  }

  /** As many as asked, or fewer: more were drawn than this node knew, or candidates ran out. */
  private async drawSome({ count, digits }: Wanted): Promise<number[]> {
    const { first, last } = space(digits ?? lengthAt(this.drawn), this.drawn);
    const candidates = new Set<number>();
    const most = count + 2 + Math.ceil(count / 8);
    while (candidates.size < most) {
      const number = randomInt(first, last + 1);
      // Redis takes no other; it may be another by the time it is asked.
      if (this.share === null || shareOf(this.witness.store, number) === this.share)
        candidates.add(number);
    }
    const list = [...candidates];
    const keys = list.map((number) => this.keys.drawnChunk(chunkOf(number)));
    const bits = list.flatMap((number) => [number, bitOf(number)]);
    const args = [count, mayBeDrawn(String(first).length), ...bits];
    const reply = await this.ledger.run(DRAW, args, [this.keys.drawn, ...keys]);
    this.drawn = reply.number(2);
    this.share = reply.number(3);
    const numbers = Array.from({ length: reply.length - 4 }, (_, k) => reply.number(k + 4));
    if (numbers.length > 0) this.ledger.note({ what: 'drawn', numbers });
    return numbers;
  }
}

/** The numbers of a chunk whose bit is set. The first bit of a byte is its highest. */
function numbersIn(bits: Buffer, chunk: number): number[] {
  const numbers: number[] = [];
  for (const [k, byte] of bits.entries()) {
    for (let bit = 0; byte !== 0 && bit < 8; bit += 1) {
      if (byte & (0x80 >> bit)) numbers.push(chunk * CHUNK + 8 * k + bit);
    }
  }
  return numbers;
}
