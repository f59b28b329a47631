// A clock for tests that other work on the machine cannot eat: it stands still while our processes
// wait for a processor. What the product promises in seconds is judged by it, and so are limits that
// end a hang. Where the kernel does not tell (it does on Linux), it is the time on the wall.
import { readdirSync, readFileSync } from 'node:fs';

/** Goes on at a tenth of its pace at least, so that every hang ends. */
const LEAST = 0.1;
/** A look takes up to some milliseconds where there is a browser: a twentieth of the time, about. */
const SHARE = 20;
const OFTEN = 50;
const SELDOM = 200;

/**
 * Time that `root` and all that it started were given, in ms since this was called. The waits of
 * all their threads are summed, so it is rather too little than too much.
 */
export function machineTimeOf(root: number): () => number {
  let waits = waitsOf(root);
  let looked = performance.now();
  let given = 0;
  let pace = 1;
  let told = 0;
  let asked = looked;
  let next = 0;
  const look = (now: number) => {
    const then = waits;
    waits = waitsOf(root);
    let waited = 0;
    for (const [thread, ms] of waits) waited += Math.max(0, ms - (then.get(thread) ?? 0));
    const wall = now - looked;
    const more = Math.max(wall * LEAST, wall - waited);
    given += more;
    if (wall >= OFTEN) pace = more / wall;
    looked = now;
    const end = performance.now();
    next = end + Math.min(SELDOM, Math.max(OFTEN, (end - now) * SHARE));
  };
  return () => {
    const now = performance.now();
    if (now >= next) look(now);
    // Until somebody looks again it goes on as it did last. It never goes back, nor faster than the
    // clock on the wall, so that no span is told longer than it was.
    const more = given + (now - looked) * pace - told;
    told += Math.min(now - asked, Math.max(0, more));
    asked = now;
    return told;
  };
}

let ours: (() => number) | null = null;

/** Time that this process and all that it started were given, in ms since some moment. */
export function machineTime(): number {
  ours ??= machineTimeOf(process.pid);
  return ours();
}

/** How long each thread of a process, and of those below it, has waited for a processor, in ms. */
function waitsOf(root: number): Map<string, number> {
  const waits = new Map<string, number>();
  const pids = [String(root)];
  for (let pid = pids.pop(); pid; pid = pids.pop()) {
    for (const thread of tasksOf(pid)) {
      const task = `/proc/${pid}/task/${thread}`;
      // CPU time, waiting time, slices; the first two in ns (Documentation/scheduler/sched-stats).
      const [, waited] = read(`${task}/schedstat`).split(' ');
      waits.set(thread, Number(waited ?? 0) / 1e6);
      pids.push(...read(`${task}/children`).split(' ').filter(Boolean));
    }
  }
  return waits;
}

// What ends while it is looked at is not there any more; elsewhere than on Linux nothing is.
function tasksOf(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
