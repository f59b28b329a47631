import { existsSync, readdirSync, rmSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian's package `faketime`. */
const LIBRARY = ['x86_64-linux-gnu', 'aarch64-linux-gnu']
  .map((machine) => `/usr/lib/${machine}/faketime/libfaketimeMT.so.1`)
  .find((file) => existsSync(file));

/** What the library leaves behind where its process is killed. */
const LEAVINGS = '/dev/shm';

/** Clocks of processes that can be set while they run; timers go on as they do in life. */
export type Clocks = {
  /** The settings of process `k`. */
  env: (k: number) => Record<string, string>;
  /** Sets its clock to the true time and `ms`; seen within a second. */
  set: (k: number, ms: number) => Promise<void>;
  /** Clears up after a process that is gone. */
  gone: (pid: number | undefined) => void;
  stop: () => Promise<void>;
};

/** Null where libfaketime is not installed. */
export async function createClocks(count: number): Promise<Clocks | null> {
  if (!LIBRARY) return null;
  const folder = await mkdtemp(join(tmpdir(), 'noso-clocks-'));
  const file = (k: number) => join(folder, `clock-${k}`);
  const set = (k: number, ms: number) =>
    writeFile(file(k), `${ms < 0 ? '-' : '+'}${(Math.abs(ms) / 1000).toFixed(3)}\n`);
  for (let k = 0; k < count; k += 1) await set(k, 0);
  return {
    env: (k) => ({
      LD_PRELOAD: LIBRARY,
      FAKETIME_TIMESTAMP_FILE: file(k),
      FAKETIME_CACHE_DURATION: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      FAKETIME_DONT_RESET: '1',
    }),
    set,
    gone(pid) {
      if (pid === undefined) return;
      for (const name of readdirSync(LEAVINGS)) {
        if (name.includes('faketime') && name.endsWith(`_${pid}`)) {
          rmSync(join(LEAVINGS, name), { force: true });
        }
      }
    },
    stop: () => rm(folder, { recursive: true, force: true }),
  };
}
