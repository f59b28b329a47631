import { createHmac, randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';

/** How many failures an address may have at once, and how many come back each second. */
const BURST = 100;
const PER_SECOND = 2;
/** After how many seconds there is one more. */
const RETRY = Math.ceil(1 / PER_SECOND);
/** Addresses remembered at most; the one that failed longest ago is forgotten first. */
const MOST = 50_000;
/** An address that failed too often is kept waiting this long for each further no, in ms … */
const HOLD = 1000;
/** … as long as no more than this many wait: holding must not become a way to fill memory. */
const MOST_HELD = 5000;

export type Limits = ReturnType<typeof createLimits>;

/**
 * Counts *failures* per address (F6): a venue is one address, so whoever shows something valid is
 * served at once whatever others behind the same address do, and only a no ever waits. Addresses
 * are kept neither in the clear nor on disk: only as a keyed digest, under a key that dies with the
 * process (A1).
 */
export function createLimits(clock: Clock) {
  const salt = randomBytes(32);
  const buckets = new Map<string, { left: number; at: number }>();
  let held = 0;

  const keyOf = (address: string): string =>
    createHmac('sha256', salt).update(networkOf(address)).digest('base64').slice(0, 16);

  /** Notes a failure; false where it is one too many. */
  function failed(key: string): boolean {
    const time = clock.now();
    const bucket = buckets.get(key) ?? { left: BURST, at: time };
    const back = (Math.max(0, time - bucket.at) / 1000) * PER_SECOND;
    bucket.left = Math.min(BURST, bucket.left + back);
    bucket.at = time;
    buckets.delete(key);
    buckets.set(key, bucket);
    if (buckets.size > MOST) buckets.delete(buckets.keys().next().value as string);
    if (bucket.left < 1) return false;
    bucket.left -= 1;
    return true;
  }

  async function hold(): Promise<void> {
    if (held >= MOST_HELD) return;
    held += 1;
    await new Promise<void>((resolve) => void clock.after(HOLD, resolve));
    held -= 1;
  }

  return {
    /** What an address is known by here, and nowhere else: a digest under a key that dies with us. */
    keyOf,
    /**
     * What to answer `address`: the refusal itself, or, where it is one more of too many that say
     * "someone is guessing", `rate_limited`, a second later.
     */
    async judge(address: string, refusal: Refusal): Promise<Refusal> {
      if (refusal.code !== 'bad_code' && refusal.code !== 'unauthorized') return refusal;
      if (failed(keyOf(address))) return refusal;
      await hold();
      return new Refusal('rate_limited.guesses', undefined, RETRY);
    },
  };
}

/** An IPv4 address as it is; of an IPv6 address the half that its owner did not choose. */
function networkOf(address: string): string {
  const bare = address.replace(/%.*$/, ''); // a link-local address names its interface
  if (!ipaddr.isValid(bare)) return address;
  const read = ipaddr.process(bare); // IPv4 in IPv6's clothes is IPv4
  return read instanceof ipaddr.IPv6 ? read.parts.slice(0, 4).join(':') : read.toString();
}
