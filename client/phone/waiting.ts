const STEPS = [3, 3, 5, 8, 13, 20];

/** Seconds before the next try, after so many without an answer. */
export const backOff = (silences: number): number =>
  STEPS[Math.min(silences, STEPS.length - 1)] ?? 3;

/** Spread by a quarter either way, so that phones which lost the server at once do not return so. */
export const jitter = (seconds: number): number => seconds * (0.75 + Math.random() / 2);

/** A wait that is shown: `tick` gets the whole seconds that are left. One at a time. */
export function createWait(tick: (left: number) => void) {
  let timer = 0;
  const stop = () => clearInterval(timer);
  return {
    stop,
    /** Then does `what`; a page that nobody looks at waits until somebody does. */
    start(seconds: number, what: () => void): void {
      stop();
      const until = Date.now() + seconds * 1000;
      const step = () => {
        tick(Math.max(0, Math.ceil((until - Date.now()) / 1000)));
        if (Date.now() < until || document.visibilityState === 'hidden') return;
        stop();
        what();
      };
      timer = window.setInterval(step, 250);
      step();
    },
  };
}

/** How often a page asks whether the doors are open, in ms. */
const DOORS = 20_000;

/** Before the opening: asks again in a while, or soon after it is due in `due()` milliseconds. */
export function createDoor(due: () => number, ask: () => void) {
  let timer = 0;
  const leave = () => clearTimeout(timer);
  return {
    leave,
    knock(): void {
      leave();
      const left = due();
      const soon = left > 0 ? left + Math.random() * 3000 : Number.POSITIVE_INFINITY;
      timer = window.setTimeout(ask, Math.min(soon, jitter(DOORS)));
    },
  };
}
