import type { Clock, Stop } from '../../clock.js';
import type { Noso } from '../../domain/noso.js';
import type { Bells } from './bells.js';
import { type Calls, isUnavailable } from './calls.js';
import type { Catalogue } from './catalogue.js';
import type { Keys } from './keys.js';
import { HEADER, type Live } from './live.js';
import type { Recovery } from './recovery.js';
import { REWRITE } from './scripts/catalogue.js';
import { LAPSE } from './scripts/single.js';
import { rewriteFiles } from './servers.js';

/** How often it is looked what is due, in ms: a seat lapses within a second of its pocket (P4). */
const TICK = 250;
/** How often NoSos of which something was acknowledged are looked at for a loss, in ms. */
const LOOK_EVERY = 500;
/** How often the catalogue is read, in ms. */
const POLL_EVERY = 1000;
/** How long a closed NoSo is still made sure to be forgotten, in ms. */
const CLOSED_LATELY = 10_000;

type Tended = { pocket: number | null; lookAt: number };

/** What goes on by itself, on every node: nothing of it needs another node, or harms if done twice. */
export class Upkeep {
  private readonly open = new Map<string, Tended>();
  private readonly closed = new Map<string, number>();
  private revision = 0;
  private polledAt = 0;
  private busy = new Set<string>();
  private stop: Stop = () => {};
  /** False once a rewrite of Redis' files was refused. */
  rewrites = true;

  constructor(
    private readonly clock: Clock,
    private readonly calls: Calls,
    private readonly keys: Keys,
    private readonly catalogue: Catalogue,
    private readonly live: Live,
    private readonly recovery: Recovery,
    private readonly bells: Bells,
    private readonly onError: (error: unknown) => void,
  ) {}

  start(): void {
    this.stop = this.clock.every(TICK, () => this.tick());
  }

  /** Takes note of a NoSo as it is now. */
  noted(noso: Noso): void {
    if (noso.life.is === 'open') {
      if (!this.open.has(noso.id)) this.open.set(noso.id, { pocket: noso.pocket, lookAt: 0 });
    } else {
      this.gone(noso.id);
    }
  }

  /** A NoSo is not open any more: this process forgets its numbers (L4). */
  gone(noso: string): void {
    if (this.open.delete(noso)) this.closed.set(noso, this.clock.now());
    this.recovery.forget(noso);
  }

  /** Has Redis' files rewritten, if that is due; `wanted`: something was to be forgotten just now. */
  async rewrite(wanted: boolean): Promise<void> {
    const due = await this.calls.run(REWRITE, [this.keys.rewrite], [wanted ? 1 : 0]);
    if (due.number(0) === 1) this.rewrites = await rewriteFiles(this.calls.clients);
  }

  private tick(): void {
    const now = this.clock.now();
    if (now - this.polledAt >= POLL_EVERY || now < this.polledAt) {
      this.polledAt = now;
      this.once('poll', () => this.poll());
    }
    const remembered = new Set(this.recovery.remembered());
    for (const [noso, tended] of this.open) {
      if (now >= tended.lookAt && (tended.pocket !== null || remembered.has(noso))) {
        tended.lookAt = now + LOOK_EVERY;
        this.once(noso, () => this.look(noso, tended, remembered.has(noso)));
      }
    }
  }

  /** One of a kind at a time: while Redis does not answer nothing piles up. */
  private once(name: string, work: () => Promise<void>): void {
    if (this.busy.has(name)) return;
    this.busy.add(name);
    work()
      .catch((error: unknown) => {
        if (!isUnavailable(error)) this.onError(error);
      })
      .finally(() => this.busy.delete(name));
  }

  private async poll(): Promise<void> {
    this.bells.mend();
    const { revision, changes } = await this.catalogue.changesSince(this.revision);
    this.revision = revision;
    for (const change of changes) {
      if (change.kind !== 'noso') continue;
      if (change.document) this.noted(change.document);
      else this.gone(change.id);
    }
    for (const [noso, at] of this.closed) {
      this.recovery.forget(noso);
      if (this.clock.now() - at > CLOSED_LATELY) this.closed.delete(noso);
    }
    await this.rewrite(false);
  }

  /** Lets go of what is due, and sees whether Redis lost something that this node acknowledged. */
  private async look(noso: string, tended: Tended, remembered: boolean): Promise<void> {
    const reply = await this.live.run(noso, LAPSE, []);
    const due = reply.text(HEADER);
    if (!remembered) {
      // Deadlines only move away, and a new seat has a whole pocket.
      const pocket = (tended.pocket ?? 0) * 1000;
      const wait = due === '' ? pocket : Number(due) - reply.number(3);
      tended.lookAt = this.clock.now() + Math.max(TICK, Math.min(wait, pocket));
    } else if (due !== '' && Number(due) <= reply.number(3) + LOOK_EVERY) {
      tended.lookAt = 0;
    }
    await this.recovery.settle(noso);
    this.recovery.checked(noso);
  }

  close(): void {
    this.stop();
  }
}
