import type { Clock } from '../../clock.js';
import type { Calls } from './calls.js';

/** How many samples the offset is chosen from. */
const SAMPLES = 10;
/** How fast two honest clocks may part, as a share: more is a step. */
const DRIFT = 0.001;

type Sample = { at: number; offset: number; error: number };

/**
 * Redis' time, as this node knows it: its own clock and an offset. Redis is asked every second; the
 * answer that was fastest is the best, since Redis' time was read somewhere between question and
 * answer. If no offset fits both the new sample and the best one, the node's clock was set, and only
 * what is new counts.
 */
export class RedisTime {
  private samples: Sample[] = [];
  private offset = 0;

  constructor(
    private readonly clock: Clock,
    private readonly calls: Calls,
  ) {}

  now(): number {
    return Math.round(this.clock.now() + this.offset);
  }

  /** Asks Redis for its time, and takes note of it. */
  async ask(): Promise<void> {
    const sent = this.clock.now();
    const [seconds, microseconds] = await this.calls.send((client) => client.time());
    const theirs = Number(seconds) * 1000 + Number(microseconds) / 1000;
    const received = this.clock.now();
    // A clock that was set back in between tells nothing.
    if (received < sent) return;
    const middle = (sent + received) / 2;
    this.note({
      at: received,
      offset: theirs - middle,
      error: (received - sent) / 2 + 1,
    });
  }

  private note(sample: Sample): void {
    const fits = this.samples.every((each) => {
      const drift = Math.abs(sample.at - each.at) * DRIFT;
      return Math.abs(each.offset - sample.offset) <= each.error + sample.error + drift;
    });
    if (!fits) this.samples = [];
    this.samples.push(sample);
    if (this.samples.length > SAMPLES) this.samples.shift();
    const best = this.samples.reduce((a, b) => (b.error <= a.error ? b : a));
    this.offset = best.offset;
  }
}
