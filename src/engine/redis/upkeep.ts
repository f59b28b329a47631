import type { Clock, Stop } from '../../clock.js';
import type { Noso } from '../../domain/noso.js';
import type { Bells } from './bells.js';
import { type Calls, isUnavailable } from './calls.js';
import type { Catalogue } from './catalogue.js';
import type { Keys } from './keys.js';
import type { Ledger } from './ledger.js';
import type { Lifecycle } from './lifecycle.js';
import { HEADER, type Live, nowOf } from './live.js';
import type { Recovery } from './recovery.js';
import { REWRITE } from './scripts/once.js';
import { LAPSE } from './scripts/single.js';
import { replicationIds, rewriteFiles } from './servers.js';
import type { RedisTime } from './time.js';

/** How often it is looked what is due, in ms: a seat lapses within a second of its pocket (P4). */
const TICK = 250;
/** How often the catalogue is read, and the servers are asked who they are, in ms. */
const POLL_EVERY = 500;
/** How long after a server was replaced all is looked at again and again, in ms … */
const WARY = 5000;
/** … and how often where nothing seems amiss. */
const LOOK_EVERY = 5000;
/** How many polls go by between two looks whether Redis' files are due to be rewritten. */
const POLLS_PER_REWRITE = 8;
/** How long it is made sure that a closed NoSo stays closed and forgotten, in ms. */
const CLOSED_LATELY = 60_000;
/** How often, in ms. */
const BURY_EVERY = 2000;
/** At least this often a NoSo with a pocket is looked at, in ms: after a loss seats are due earlier. */
const LOOK_AT_LEAST = 10_000;

type Tended = { pocket: number | null; lookAt: number };

/** What upkeep works with: one of each, as the engine has them. */
export type Parts = {
  clock: Clock;
  calls: Calls;
  keys: Keys;
  time: RedisTime;
  catalogue: Catalogue;
  ledger: Ledger;
  lifecycle: Lifecycle;
  live: Live;
  recovery: Recovery;
  bells: Bells;
  onError: (error: unknown) => void;
};

/** What goes on by itself, on every node: nothing of it needs another node, or harms if done twice. */
export class Upkeep {
  private readonly open = new Map<string, Tended>();
  /** NoSos that closed lately, and when they were last made sure of. */
  private readonly closed = new Map<string, { since: number; sure: number }>();
  private readonly busy = new Set<string>();
  private revision = 0;
  private polledAt = 0;
  private polls = 0;
  /** Who the servers are: their replication ids. */
  private servers = new Set<string>();
  private waryUntil = 0;
  private lookedAt = 0;
  private stop: Stop = () => {};
  /** False once a rewrite of Redis' files was refused. */
  rewrites = true;

  constructor(private readonly parts: Parts) {}

  /** Resolves once it is known what to compare with. */
  async start(): Promise<void> {
    await this.guard();
    this.stop = this.parts.clock.every(TICK, () => this.tick());
  }

  /** Takes note of a NoSo as it is now. */
  noted(noso: Noso): void {
    const { life } = noso;
    if (life.is === 'open') {
      if (!this.open.has(noso.id)) this.open.set(noso.id, { pocket: noso.pocket, lookAt: 0 });
      return;
    }
    this.open.delete(noso.id);
    if (life.is === 'scheduled') return;
    this.parts.recovery.forget(noso.id);
    if (life.is === 'closed' && this.parts.time.now() - life.effectiveAt < CLOSED_LATELY) {
      const since = this.parts.clock.now();
      if (!this.closed.has(noso.id)) this.closed.set(noso.id, { since, sure: since });
    }
  }

  /** Has Redis' files rewritten, if that is due; 'wanted': something is to be forgotten since. */
  async rewrite(what: 'wanted' | 'due'): Promise<void> {
    const due = await this.parts.calls.run(REWRITE, [this.parts.keys.rewrite], [what]);
    if (due.number(0) !== 1) return;
    const outcome = await rewriteFiles(this.parts.calls.clients);
    this.rewrites = outcome !== 'refused';
    // One that began before the close may still hold its numbers.
    if (outcome === 'busy')
      await this.parts.calls.run(REWRITE, [this.parts.keys.rewrite], ['busy']);
  }

  private tick(): void {
    const now = this.parts.clock.now();
    if (now - this.polledAt >= POLL_EVERY || now < this.polledAt) {
      this.polledAt = now;
      this.once('poll', () => this.poll());
      this.once('guard', () => this.guard());
    }
    for (const [noso, tended] of this.open) {
      if (tended.pocket === null || now < tended.lookAt) continue;
      this.once(noso, () => this.lapse(noso, tended));
    }
  }

  /** One of a kind at a time: while Redis does not answer nothing piles up. */
  private once(name: string, work: () => Promise<void>): void {
    if (this.busy.has(name)) return;
    this.busy.add(name);
    work()
      .catch((error: unknown) => {
        if (!isUnavailable(error)) this.parts.onError(error);
      })
      .finally(() => this.busy.delete(name));
  }

  private async poll(): Promise<void> {
    this.parts.bells.mend();
    const { revision, changes } = await this.parts.catalogue.changesSince(this.revision);
    this.revision = revision;
    for (const change of changes) {
      if (change.kind !== 'noso') continue;
      if (change.document) this.noted(change.document);
      else {
        this.open.delete(change.id);
        this.parts.recovery.forget(change.id);
      }
    }
    this.parts.ledger.prune();
    await this.keepBuried();
    this.polls += 1;
    if (this.polls % POLLS_PER_REWRITE === 0) await this.rewrite('due');
  }

  private async keepBuried(): Promise<void> {
    const { clock, recovery, lifecycle } = this.parts;
    const now = clock.now();
    for (const [noso, closed] of this.closed) {
      recovery.forget(noso);
      if (now - closed.since > CLOSED_LATELY) this.closed.delete(noso);
      if (now - closed.sure < BURY_EVERY) continue;
      closed.sure = now;
      await lifecycle.buryAgain(noso);
    }
  }

  /**
   * Sees whether a server is not the one that it was. If so, and every few seconds regardless, all
   * NoSos that this node acknowledged something of are looked at: which begins a new epoch where
   * data may be lost, and puts it back.
   */
  private async guard(): Promise<void> {
    const { calls, clock, recovery } = this.parts;
    const ids = await calls.send(() => replicationIds(calls.clients));
    const now = clock.now();
    if (this.servers.size > 0 && ids.some((id) => !this.servers.has(id)))
      this.waryUntil = now + WARY;
    this.servers = new Set(ids);
    const wary = now < this.waryUntil;
    if (!wary && now - this.lookedAt < LOOK_EVERY) return;
    this.lookedAt = now;
    const looks = recovery.remembered().map((noso) => this.parts.live.run(noso, LAPSE, []));
    const outcomes = await Promise.allSettled(looks);
    // While documents are still being put back, a NoSo may seem to be none.
    if (!wary && outcomes.every((outcome) => outcome.status === 'fulfilled')) recovery.checked();
  }

  /** Lets go of what is due. */
  private async lapse(noso: string, tended: Tended): Promise<void> {
    const reply = await this.parts.live.run(noso, LAPSE, []);
    const [due, now] = [reply.text(HEADER), nowOf(reply)];
    // Deadlines only move away, and a new seat has a whole pocket.
    const pocket = (tended.pocket ?? 0) * 1000;
    const wait = due === '' ? pocket : Number(due) - now;
    const pause = Math.max(TICK, Math.min(wait, pocket, LOOK_AT_LEAST));
    tended.lookAt = this.parts.clock.now() + pause;
  }

  close(): void {
    this.stop();
  }
}
