import { createHmac, randomBytes } from 'node:crypto';
import { Refusal } from '../domain/errors.js';

/** How many failures an address may have at once, and how many come back each second. */
const BURST = 100;
const PER_SECOND = 2;
/** Addresses remembered at most; the one that failed longest ago is forgotten first. */
const MOST = 50_000;

export type Limits = ReturnType<typeof createLimits>;

/**
 * Counts *failures* per address (F6): a venue is one address, so whoever shows something valid is
 * served whatever others behind the same address do. Addresses are kept neither in the clear nor
 * on disk: only as a keyed digest, under a key that dies with the process (A1).
 */
export function createLimits(now: () => number) {
  const salt = randomBytes(32);
  const buckets = new Map<string, { left: number; at: number }>();

  return {
    /** The key that stands for an address in this process. */
    keyOf: (address: string): string =>
      createHmac('sha256', salt).update(address).digest('base64').slice(0, 16),
    /**
     * Notes a failure. Throws `rate_limited` in its place once the address has had too many.
     */
    failed(key: string): void {
      const time = now();
      const bucket = buckets.get(key) ?? { left: BURST, at: time };
      bucket.left = Math.min(BURST, bucket.left + ((time - bucket.at) / 1000) * PER_SECOND);
      bucket.at = time;
      buckets.delete(key);
      buckets.set(key, bucket);
      if (buckets.size > MOST) buckets.delete(buckets.keys().next().value as string);
      if (bucket.left < 1) {
        throw new Refusal('rate_limited', undefined, Math.ceil((1 - bucket.left) / PER_SECOND));
      }
      bucket.left -= 1;
    },
  };
}
