import type { Clock } from '../../clock.js';

/** How many samples the offset is chosen from. */
const SAMPLES = 10;
/** How fast two honest clocks may part, as a share: more is a step. */
const DRIFT = 0.001;
/** A smaller step, in ms, is another server with a clock of its own: it is followed at once … */
const SMALL = 1000;
/** … a larger one when Redis' clock has stayed so for this long, in ms. */
const HOLD = 60_000;

/** When it was read, even time; how far Redis was ahead of that; how wrong this may be. In ms. */
type Sample = { at: number; offset: number; error: number };

/**
 * Redis' time, as this node knows it: even time and an offset. Redis is asked every second; the
 * answer that was fastest is the best, since Redis' time was read somewhere between question and
 * answer. If no offset fits both the new sample and the best one, Redis' clock was set: that is not
 * believed before it has stayed so for a minute (L7), whatever this machine's own wall clock says.
 */
export class RedisTime {
  private samples: Sample[] = [];
  /** What does not fit, while it is not believed. */
  private strange: Sample[] = [];
  private offset = 0;

  constructor(private readonly clock: Pick<Clock, 'steady'>) {}

  now(): number {
    return Math.round(this.clock.steady() + this.offset);
  }

  /** Asks Redis for its time, and takes note of it. */
  async ask(time: () => Promise<number>): Promise<void> {
    const sent = this.clock.steady();
    const theirs = await time();
    const received = this.clock.steady();
    const middle = (sent + received) / 2;
    this.note({ at: received, offset: theirs - middle, error: (received - sent) / 2 + 1 });
  }

  private note(sample: Sample): void {
    const small = this.samples.length === 0 || Math.abs(sample.offset - this.offset) <= SMALL;
    if (small) {
      this.samples = fits(sample, this.samples) ? [...this.samples, sample] : [sample];
      this.strange = [];
    } else {
      this.strange = fits(sample, this.strange) ? [...this.strange, sample] : [sample];
      const [first] = this.strange;
      if (!first || sample.at - first.at < HOLD) return;
      this.samples = this.strange;
      this.strange = [];
    }
    if (this.samples.length > SAMPLES) this.samples.splice(0, this.samples.length - SAMPLES);
    this.offset = this.samples.reduce((a, b) => (b.error <= a.error ? b : a)).offset;
  }
}

const fits = (sample: Sample, samples: readonly Sample[]): boolean =>
  samples.every((each) => {
    const drift = Math.abs(sample.at - each.at) * DRIFT;
    return Math.abs(each.offset - sample.offset) <= each.error + sample.error + drift;
  });
