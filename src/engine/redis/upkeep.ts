import type { Clock, Stop } from '../../clock.js';
import { Refusal } from '../../domain/errors.js';
import type { Bells } from './bells.js';
import type { Calls } from './calls.js';
import type { Guard } from './guard.js';
import { type Keys, SWEEP_EVERY } from './keys.js';
import type { Ledger } from './ledger.js';
import type { Lifecycle } from './lifecycle.js';
import { HEADER, nowOf } from './liveReply.js';
import type { Live } from './liveState.js';
import type { Fence } from './masterFence.js';
import type { Pace } from './pace.js';
import type { Recovery } from './recovery.js';
import type { Catalogue } from './redisCatalogue.js';
import type { Numbers } from './redisNumbers.js';
import type { Seating } from './redisSeating.js';
import type { Rewrites } from './rewrites.js';
import { LAPSE } from './scripts/singleLua.js';
import { CLOSED_LATELY, type Open, type Tended } from './tended.js';
import type { Witness } from './witness.js';

/** How often it is looked what is due, in ms: a seat lapses within a second of its pocket (P4). */
const TICK = 250;
/** How often the catalogue is read, and the servers are asked who they are, in ms. */
const POLL_EVERY = 500;
/** How often Redis is asked for its time, in ms. */
const TIME_EVERY = 1000;
/** How often it is asked whether Redis' files are due to be rewritten, in ms. */
const REWRITE_EVERY = 4000;
/** How often it is made sure that a closed NoSo stays closed, in ms. */
const BURY_EVERY = 2000;
/** At least this often a NoSo with a pocket is looked at, in ms: after a loss seats are due earlier. */
const LOOK_AT_LEAST = 10_000;

/** What upkeep works with: one of each, as the engine has them. */
export type Tools = {
  pace: Pace;
  calls: Calls;
  keys: Keys;
  askTime: () => Promise<void>;
  catalogue: Catalogue;
  ledger: Ledger;
  lifecycle: Lifecycle;
  live: Live;
  recovery: Recovery;
  tended: Tended;
  rewrites: Rewrites;
  seating: Seating;
  witness: Witness;
  numbers: Numbers;
  guard: Guard;
  fence: Fence;
  bells: Bells;
  onError: (error: unknown) => void;
};

/** What goes on by itself, on every node: nothing of it needs another node, or harms if done twice. */
export class Upkeep {
  private readonly busy = new Set<string>();
  private revision = 0;
  private epoch = 0;
  private pollAt = 0;
  private sweepAt = 0;
  private rewriteAt = 0;
  private timeAt = 0;

  constructor(private readonly tools: Tools) {}

  start(clock: Clock): Stop {
    const { commands } = this.tools.calls.clients;
    // Another server, maybe, and others wait for what this node has to put back there.
    const look = () => this.once('guard', () => this.tools.guard.look());
    commands.on('ready', look);
    const stop = clock.every(TICK, () => this.tick(this.tools.pace.elapsed));
    return () => {
      commands.off('ready', look);
      stop();
    };
  }

  private tick(now: number): void {
    this.once('mend', () => this.tools.recovery.mend());
    this.once('hear', () => this.tools.seating.hearAgain());
    if (now >= this.pollAt) {
      this.pollAt = now + POLL_EVERY;
      this.once('poll', () => this.poll());
      this.once('witness', () => this.witness());
      this.once('guard', () => this.tools.guard.look());
      this.once('fence', () => this.tools.fence.look());
      this.once('bury', () => this.keepBuried(now));
    }
    if (now >= this.timeAt) {
      this.timeAt = now + TIME_EVERY;
      this.once('time', this.tools.askTime);
    }
    if (now >= this.rewriteAt) {
      this.rewriteAt = now + REWRITE_EVERY;
      this.once('rewrite', () => this.tools.rewrites.ask('due'));
    }
    for (const [noso, open] of this.tools.tended.open) {
      if (open.pocket === null || now < open.lookAt) continue;
      this.once(noso, () => this.lapse(noso, open));
    }
  }

  /** One of a kind at a time: while Redis does not answer nothing piles up. */
  private once(name: string, work: () => Promise<void>): void {
    if (this.busy.has(name)) return;
    this.busy.add(name);
    work()
      .catch((error: unknown) => {
        // What is closed or gone by now is no fault: another node was first, or the organizer.
        if (!(error instanceof Refusal)) this.tools.onError(error);
      })
      .finally(() => this.busy.delete(name));
  }

  private async poll(): Promise<void> {
    const { bells, catalogue, ledger, tended } = this.tools;
    bells.mend();
    // All of it now and then: who reads from the beginning forgets what was deleted long ago.
    const now = this.tools.pace.elapsed;
    const sweeps = now >= this.sweepAt;
    const found = await catalogue.changesSince(sweeps ? 0 : this.revision);
    const { epoch, revision, changes } = found;
    if (sweeps) this.sweepAt = now + SWEEP_EVERY;
    // After a loss revisions are of another catalogue: all of it is read anew.
    if (epoch !== this.epoch) this.sweepAt = 0;
    this.epoch = epoch;
    this.revision = revision;
    for (const change of changes) {
      if (change.kind !== 'noso') continue;
      if (change.document) tended.noted(change.document);
      else tended.forget(change.id);
    }
    ledger.prune();
  }

  /** Whether the store is still the one that it was; whoever decided that another will do is heard. */
  private async witness(): Promise<void> {
    const { witness, ledger, tended, numbers } = this.tools;
    await witness.check();
    if (!witness.beganAnew()) return;
    ledger.forget();
    tended.forgetAll();
    numbers.forget();
    this.revision = 0;
  }

  private async keepBuried(now: number): Promise<void> {
    const { tended, lifecycle } = this.tools;
    for (const [noso, closed] of tended.closed) {
      tended.forget(noso);
      if (now - closed.since > CLOSED_LATELY) tended.closed.delete(noso);
      if (now - closed.sure < BURY_EVERY) continue;
      closed.sure = now;
      await lifecycle.buryAgain(noso);
    }
  }

  /** Lets go of what is due. */
  private async lapse(noso: string, open: Open): Promise<void> {
    const reply = await this.tools.live.run(noso, LAPSE, []);
    const [due, now] = [reply.text(HEADER), nowOf(reply)];
    // Deadlines only move away, and a new seat has a whole pocket.
    const pocket = (open.pocket ?? 0) * 1000;
    const wait = due === '' ? pocket : Number(due) - now;
    const pause = Math.max(TICK, Math.min(wait, pocket, LOOK_AT_LEAST));
    open.lookAt = this.tools.pace.elapsed + pause;
  }
}
