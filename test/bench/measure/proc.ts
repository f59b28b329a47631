// What Linux knows of a process. Everything is read from outside, the same way for every contestant.
import { readdir, readFile } from 'node:fs/promises';

/** CPU time that the processes used so far, all threads, kernel time included; ms. */
export async function cpuOf(pids: number[]): Promise<number> {
  const all = await Promise.all(pids.map(cpuOfOne));
  return sum(all);
}

const sum = (values: Iterable<number>) => [...values].reduce((a, b) => a + b, 0);

const cpuOfOne = async (pid: number): Promise<number> => sum((await threadsOf(pid)).values());

/** CPU time of each thread of a process, by its id; ms. The main thread's id is the process'. */
export async function threadsOf(pid: number): Promise<Map<number, number>> {
  const threads = await readdir(`/proc/${pid}/task`);
  const times = threads.map(async (thread): Promise<[number, number]> => {
    const stat = await readFile(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').catch(() => '0');
    return [Number(thread), Number(stat.split(' ')[0]) / 1e6];
  });
  return new Map(await Promise.all(times));
}

const TICK_MS = 10;

/** CPU time that all processors of this machine spent on anything, ms. */
export async function busyTime(): Promise<number> {
  const line = (await readFile('/proc/stat', 'utf8')).split('\n')[0] ?? '';
  const [user, nice, system, , , irq, softirq, steal] = line.trim().split(/\s+/).slice(1);
  const ticks = [user, nice, system, irq, softirq, steal].map((field) => Number(field ?? 0));
  return sum(ticks) * TICK_MS;
}

/** Resident memory of the processes, KiB. */
export async function rssOf(pids: number[]): Promise<number> {
  const all = await Promise.all(
    pids.map(async (pid) => {
      const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
      return Number(/^Rss:\s+(\d+) kB/m.exec(text)?.[1]);
    }),
  );
  return all.reduce((a, b) => a + b, 0);
}

/**
 * Resident memory once it has settled, KiB: the lowest of samples over `forMs`, so that garbage
 * that a collector takes by itself is not counted and nobody's collector is pushed.
 */
export async function settledRss(pids: number[], forMs: number): Promise<number> {
  let lowest = Number.POSITIVE_INFINITY;
  const until = Date.now() + forMs;
  do {
    lowest = Math.min(lowest, await rssOf(pids));
    await pause(250);
  } while (Date.now() < until);
  return lowest;
}

/** Open file descriptors of the processes. */
export async function descriptorsOf(pids: number[]): Promise<number> {
  const all = await Promise.all(pids.map(async (pid) => (await readdir(`/proc/${pid}/fd`)).length));
  return all.reduce((a, b) => a + b, 0);
}

/** How many descriptors this machine grants a process, which bounds connections to one server. */
export async function mostDescriptors(): Promise<number> {
  const text = await readFile('/proc/self/limits', 'utf8');
  return Number(/^Max open files\s+(\d+)/m.exec(text)?.[1] ?? 1024);
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms));

/** Asks every few milliseconds until the answer is true; throws `what` after `limit` ms. */
export async function until(
  what: string,
  limit: number,
  ask: () => Promise<boolean>,
): Promise<void> {
  const end = Date.now() + limit;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(`not within ${limit} ms: ${what}`);
    await pause(10);
  }
}
