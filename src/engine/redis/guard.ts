import type { Calls } from './calls.js';
import type { Live } from './liveState.js';
import type { Fence } from './masterFence.js';
import type { Pace } from './pace.js';
import type { Recovery } from './recovery.js';
import { masters as mastersOf } from './servers.js';

/** How long after a server was replaced all is looked at again and again, in ms … */
const WARY = 5000;
/**
 * … and how often where nothing seems amiss: who has not been heard of for two of these is not waited
 * for (epochLua.ts). Less than a second, since looks are made at a pace of their own.
 */
const LOOK_EVERY = 900;

/**
 * Sees whether a server is not the one that it was. If so, and every second regardless, this
 * node says at all NoSos of which it acknowledged something that it is there: which begins a new
 * epoch where data may be lost, and puts back what was (recovery.ts).
 */
export class Guard {
  /** Who the servers are: their replication ids. */
  private servers = new Set<string>();
  private waryUntil = 0;
  private lookedAt = 0;

  constructor(
    private readonly pace: Pace,
    private readonly calls: Calls,
    private readonly live: Live,
    private readonly recovery: Recovery,
    private readonly fence: Fence,
  ) {}

  async look(): Promise<void> {
    const { masters, all } = await this.calls.send(() => mastersOf(this.calls.clients));
    this.fence.note(masters);
    const ids = masters.map(({ id }) => id);
    const now = this.pace.elapsed;
    const replaced = this.servers.size > 0 && ids.some((id) => !this.servers.has(id));
    if (replaced) this.waryUntil = now + WARY;
    // Who does not answer now is no stranger when it does.
    this.servers = new Set(all ? ids : [...this.servers, ...ids]);
    const wary = now < this.waryUntil || !all;
    if (!wary && now - this.lookedAt < LOOK_EVERY) return;
    this.lookedAt = now;
    // A NoSo may wait for this node though there is nothing more to put back.
    const looks = this.recovery.remembered(wary).map((noso) => this.live.present(noso));
    const outcomes = await Promise.allSettled(looks);
    // While documents are still being put back, a NoSo may seem to be none.
    if (!wary && outcomes.every((outcome) => outcome.status === 'fulfilled')) {
      this.recovery.checked();
    }
  }
}
