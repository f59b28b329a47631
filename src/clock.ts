import { uptime } from 'node:os';

/** Stops whatever the call that returned it started. Calling it twice is harmless. */
export type Stop = () => void;

/** Time, as an argument: nothing but this reads the machine's clock or sets its timers. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some moment; goes forward evenly, whatever the machine's clock is set to. */
  steady(): number;
  /** Calls `work` every `ms` milliseconds, the first time no earlier; does not keep the process alive. */
  every(ms: number, work: () => void): Stop;
  /** Calls `work` once, `ms` milliseconds from now; does not keep the process alive. */
  after(ms: number, work: () => void): Stop;
}

/** A sleep shorter than this, in ms, is not looked for, and so often it is. */
const NAP = 2000;
const LOOK = 1000;

/** Even time that counts a machine's sleep as well, which the process' own does not on Linux. */
function evenTime(): () => number {
  const ahead = () => uptime() * 1000 - performance.now();
  const awake = ahead();
  let slept = 0;
  let lookAt = 0;
  return () => {
    const now = performance.now();
    if (now >= lookAt) {
      lookAt = now + LOOK;
      const asleep = ahead() - awake;
      if (asleep > slept + NAP) slept = asleep;
    }
    return now + slept;
  };
}

/** Whatever goes at a multiple of this, in ms, goes together: waking costs more than most of what it is for. */
const PULSE = 250;

/** `every` of multiples of a pulse, with one timer for all; the first time is up to one pulse late. */
function togetherEvery(): Clock['every'] {
  const beats = new Set<{ work: () => void; pulses: number; left: number }>();
  let timer: NodeJS.Timeout | undefined;
  let pulsedAt = 0;
  const pulse = () => {
    pulsedAt = performance.now();
    // Who comes while it pulses is not of this pulse, and who goes not any more.
    for (const beat of [...beats]) {
      beat.left -= 1;
      if (beat.left > 0 || !beats.has(beat)) continue;
      beat.left = beat.pulses;
      beat.work();
    }
  };
  return (ms, work) => {
    if (timer === undefined) {
      timer = setInterval(pulse, PULSE).unref();
      pulsedAt = performance.now();
    }
    const pulses = ms / PULSE;
    // What is left of the pulse that is under way does not count.
    const isUnderWay = performance.now() - pulsedAt >= 1;
    const beat = { work, pulses, left: pulses + (isUnderWay ? 1 : 0) };
    beats.add(beat);
    return () => {
      beats.delete(beat);
      if (beats.size > 0) return;
      clearInterval(timer);
      timer = undefined;
    };
  };
}

const atPulses = togetherEvery();

export const realClock: Clock = {
  now: () => Date.now(),
  steady: evenTime(),
  every(ms, work) {
    if (ms % PULSE === 0) return atPulses(ms, work);
    const timer = setInterval(work, ms);
    timer.unref();
    return () => clearInterval(timer);
  },
  after(ms, work) {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};

/** A clock that moves only when told to, for tests. */
export interface ManualClock extends Clock {
  /** Moves time forward by `ms`, running what falls due on the way, in order. */
  advance(ms: number): void;
}

export function manualClock(start = 0): ManualClock {
  let time = start;
  let next = 0;
  const timers = new Map<number, { at: number; every: number | null; work: () => void }>();
  const add = (ms: number, every: number | null, work: () => void): Stop => {
    const id = next++;
    timers.set(id, { at: time + ms, every, work });
    return () => void timers.delete(id);
  };
  return {
    now: () => time,
    steady: () => time,
    every: (ms, work) => add(ms, ms, work),
    after: (ms, work) => add(ms, null, work),
    advance(ms) {
      const end = time + ms;
      for (;;) {
        const due = [...timers].filter(([, t]) => t.at <= end).sort((a, b) => a[1].at - b[1].at)[0];
        if (!due) break;
        const [id, timer] = due;
        time = timer.at;
        if (timer.every === null) timers.delete(id);
        else timer.at += timer.every;
        timer.work();
      }
      time = end;
    },
  };
}
