import { unavailable } from '../deadline.js';
import { confirms } from './confirm.js';
import type { Clients } from './connect.js';
import type { Pace } from './pace.js';
import type { Master } from './servers.js';

/**
 * Whoever acknowledged for so long, in ms, is a replica: a backup that is read as a replica would be
 * (`redis-cli --rdb`) never does.
 */
const REPLICA = 3000;
/** So long, in ms, a master may be alone: a link that flaps is made anew within a second. */
const ALONE = 1000;

const CUT_OFF = 'Redis is cut off from its replicas, and nobody confirms it as the master';

/**
 * Two masters at once: one is elected, and the other, cut off from everybody but this node, does not
 * know. So a master that had replicas and hears none is trusted only as long as Sentinels, or the
 * Cluster's majority, confirm it (confirm.ts); else everything is `unavailable`, until a replica is
 * back, or another master is reached. A server that never had replicas while this node was there is
 * never in doubt.
 */
export class Fence {
  /** Masters that a replica listens to, and since when, by the pace. */
  private readonly heardSince = new Map<string, number>();
  /** Masters that had replicas, by their replication ids: a restart gives another one. */
  private readonly had = new Set<string>();
  /** Those of them that hear none, and since when. */
  private alone = new Map<string, { master: Master; since: number }>();
  private cutOff = false;

  constructor(
    private readonly clients: Clients,
    private readonly pace: Pace,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** Throws `unavailable` while a master is cut off. */
  assertHeard(): void {
    if (this.cutOff) throw unavailable(CUT_OFF, 'not_writable');
  }

  /** Takes note of the masters that answer. */
  note(masters: readonly Master[]): void {
    const now = this.pace.elapsed;
    const alone: typeof this.alone = new Map();
    for (const master of masters) {
      const { id, heard } = master;
      if (heard) {
        const since = this.heardSince.get(id) ?? now;
        this.heardSince.set(id, since);
        if (now - since >= REPLICA) this.had.add(id);
      } else {
        this.heardSince.delete(id);
        if (this.had.has(id)) alone.set(id, { master, since: this.alone.get(id)?.since ?? now });
      }
    }
    this.alone = alone;
    if (alone.size === 0) this.cutOff = false;
  }

  /** Asks who confirms those that are alone. */
  async look(): Promise<void> {
    const asked = [...this.alone].map(async ([id, { master, since }]) => {
      const confirmed = await confirms(this.clients, master);
      // A replica may be back by now.
      return !confirmed && this.alone.has(id) && this.pace.elapsed - since >= ALONE;
    });
    const cutOff = (await Promise.all(asked)).includes(true);
    if (cutOff && !this.cutOff) this.onError(new Error(CUT_OFF));
    this.cutOff = cutOff;
  }
}
