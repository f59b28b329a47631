import type { Refusal } from '../../domain/errors.js';
import { unavailable } from '../deadline.js';
import type { Calls } from './calls.js';
import { catalogueKeys, type Keys } from './keys.js';
import type { Pace } from './pace.js';
import { REMEMBERED } from './recovery.js';
import { WITNESS } from './scripts/witnessLua.js';

/** How often it is said again that something is missing, in ms. */
const SAID_EVERY = 60_000;

export const notWhole = (): Refusal => unavailable('the store does not hold what it held');

/** What there was of documents and drawn numbers, and when this was read, by the pace. */
type Sample = { at: number; revision: number; drawn: number };

const MISSING: Record<string, string> = {
  another: 'Redis does not hold what it held: it was emptied, or is another one',
  documents: 'Redis lacks documents that it held a while ago: it is an older copy',
  numbers: 'Redis lacks drawn numbers that it held a while ago: it is an older copy',
};

/**
 * Knows the store by what it held, and notices one that holds less: Redis came back empty, or as it
 * was days ago. What a failover loses is of the last seconds, and put back (recovery.ts, ledger.ts).
 * This is another thing. Nodes do not put it back: none of them knows which numbers were ever drawn
 * (A4) nor who sat before the last minute, and a house half put back looks like a whole one. So
 * everything is `unavailable`, on every node and for every node that starts, and said in the log,
 * until somebody has put the data back, or has decided to go on without (`npm run anew`).
 */
export class Witness {
  private id = '';
  private samples: Sample[] = [];
  /** What is missing, and when that was last said. */
  private begun = false;
  private missing: { what: string; saidAt: number } | null = null;

  constructor(
    private readonly calls: Calls,
    private readonly keys: Keys,
    private readonly pace: Pace,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The id of the store. Nobody but nodes knows it. */
  get store(): string {
    return this.id;
  }

  /** The store that this node began with. */
  know(id: string): void {
    this.id = id;
  }

  /** Throws `unavailable` while the store holds less than it did. */
  assertWhole(): void {
    if (this.missing) throw notWhole();
  }

  async check(): Promise<void> {
    if (this.id === '') return;
    const then = this.before();
    const keys = [...catalogueKeys(this.keys), this.keys.drawn];
    const reply = await this.calls.run(WITNESS, keys, [this.id, then.revision, then.drawn]);
    const now = this.pace.elapsed;
    switch (reply.text(0)) {
      case 'settling':
        return;
      case 'less':
        return this.miss(MISSING[reply.text(1)] ?? reply.text(1), now);
      case 'anew':
        this.id = reply.text(1);
        this.samples = [];
        this.begun = true;
    }
    this.missing = null;
    this.samples.push({ at: now, revision: reply.number(2), drawn: reply.number(3) });
    // The newest of those that a failover cannot have lost comes first; what is older goes.
    const old = this.samples.findLastIndex(({ at }) => at <= now - REMEMBERED);
    if (old > 0) this.samples.splice(0, old);
  }

  /** Whether somebody has decided, since this was last asked, to go on with less. */
  beganAnew(): boolean {
    const { begun } = this;
    this.begun = false;
    return begun;
  }

  /** What there was a minute before all was last well: a failover does not lose that. */
  private before(): Omit<Sample, 'at'> {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    const old = first && last && first.at <= last.at - REMEMBERED;
    return old ? first : { revision: 0, drawn: 0 };
  }

  private miss(what: string, now: number): void {
    const said = this.missing;
    if (said && now < said.saidAt + SAID_EVERY) return;
    this.missing = { what, saidAt: now };
    this.onError(
      new Error(`${what} (${this.keys.state}): put it back, or decide: npm run anew (noso anew)`),
    );
  }
}
