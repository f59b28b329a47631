import { createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

/** Resolves once `condition` gives something truthy, with that; rejects after `deadline` ms. */
export async function until<T>(
  condition: () => T | Promise<T>,
  { what = 'a condition', deadline = 10_000, every = 20 } = {},
): Promise<NonNullable<T>> {
  const end = Date.now() + deadline;
  for (;;) {
    const value = await condition();
    if (value) return value;
    if (Date.now() > end) throw new Error(`waited ${deadline} ms for ${what}`);
    await pause(every);
  }
}

/** A port of 127.0.0.1 that was free a moment ago. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (address && typeof address === 'object') resolve(address.port);
        else reject(new Error('no port'));
      });
    });
  });
}
