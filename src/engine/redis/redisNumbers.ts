import { randomInt } from 'node:crypto';
import { space } from '../../domain/numbers.js';
import { Batch } from './batch.js';
import type { Calls } from './calls.js';
import { bitOf, CHUNK, catalogueKeys, chunkOf, type Keys } from './keys.js';
import type { Ledger } from './ledger.js';
import type { Pace } from './pace.js';
import { DRAW, RESTORE_DRAWN } from './scripts/onceLua.js';

/** Numbers drawn by one script at most. */
const DRAWN_AT_ONCE = 500;

/**
 * Draws numbers (A3, A4). Which were drawn is one bit for each number of the space, in pieces of
 * 65,536; a node proposes numbers from its CSPRNG, Redis takes those that were free. The space is 20
 * times as large as what was drawn, so that nearly all are.
 */
export class Numbers {
  private readonly batch: Batch<number, number[]>;
  /** How many were ever drawn, as far as this node knows. */
  private drawn = 0;

  constructor(
    private readonly calls: Calls,
    private readonly ledger: Ledger,
    private readonly keys: Keys,
    pace: Pace,
  ) {
    this.batch = new Batch((counts) => this.drawAll(counts), 100, pace);
  }

  draw(count: number): Promise<number[]> {
    return count === 0 ? Promise.resolve([]) : this.batch.add(count);
  }

  /** Draws none: like any draw it is refused where the store does not take writes. */
  async rehearse(): Promise<void> {
    await this.drawSome(0);
  }

  /** All that were ever drawn, in the order of their size, some at a time: for moving them. */
  async *drawnNumbers(): AsyncGenerator<number[]> {
    const drawn = Number((await this.calls.send((client) => client.get(this.keys.drawn))) ?? 0);
    const last = chunkOf(space(drawn).last);
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

  /** Draws for several callers at once, and deals out. */
  private async drawAll(counts: number[]): Promise<number[][]> {
    const wanted = counts.reduce((a, b) => a + b, 0);
    const numbers: number[] = [];
    while (numbers.length < wanted) {
      const piece = await this.drawSome(Math.min(wanted - numbers.length, DRAWN_AT_ONCE));
      numbers.push(...piece);
    }
    return counts.map((count) => numbers.splice(0, count));
  }

  /** As many as asked, or fewer: the space grew, or candidates ran out. */
  private async drawSome(count: number): Promise<number[]> {
    const { first, last } = space(this.drawn);
    const candidates = new Set<number>();
    const most = count + 2 + Math.ceil(count / 8);
    while (candidates.size < most) candidates.add(randomInt(first, last + 1));
    const list = [...candidates];
    const keys = list.map((number) => this.keys.drawnChunk(chunkOf(number)));
    const bits = list.flatMap((number) => [number, bitOf(number)]);
    const args = [count, mayBeDrawn(this.drawn), ...bits];
    const reply = await this.ledger.run(DRAW, args, [this.keys.drawn, ...keys]);
    this.drawn = reply.number(2);
    const numbers = Array.from({ length: reply.length - 3 }, (_, k) => reply.number(k + 3));
    if (numbers.length > 0) this.ledger.note({ what: 'drawn', numbers });
    return numbers;
  }
}

/** How many may have been drawn before the space of `drawn` gives way to a larger one. */
function mayBeDrawn(drawn: number): number {
  const { last } = space(drawn);
  let low = drawn;
  let high = last;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (space(middle).last === last) low = middle + 1;
    else high = middle;
  }
  return low;
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
