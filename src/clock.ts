/** Stops whatever the call that returned it started. Calling it twice is harmless. */
export type Stop = () => void;

/** Time, as an argument: nothing but this reads the machine's clock or sets its timers. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Milliseconds since some moment; goes forward evenly, whatever the machine's clock is set to. */
  steady(): number;
  /** Calls `work` every `ms` milliseconds; does not keep the process alive. */
  every(ms: number, work: () => void): Stop;
  /** Calls `work` once, `ms` milliseconds from now; does not keep the process alive. */
  after(ms: number, work: () => void): Stop;
}

export const realClock: Clock = {
  now: () => Date.now(),
  steady: () => performance.now(),
  every(ms, work) {
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
