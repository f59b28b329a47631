import type { IncomingMessage } from 'node:http';
import type { Clock } from '../clock.js';
import type { Tell } from './causes.js';
import { ownOrigin } from './identity.js';

/** A foreign origin is named to whoever runs the server once it was seen so often … */
const SEEN = 3;
/** … within this long, in ms (A1). */
const WITHIN = 60_000;
/** A proxy that nobody was told to trust is told of this often at most, in ms. */
const TOLD_EVERY = 3_600_000;
/** Origins that are remembered at most; the oldest goes first. */
const MOST = 100;
/** Of an origin no more than this is told. */
const LONGEST = 120;

/** What a proxy adds to tell from whom a request is. */
const FORWARDED = ['x-forwarded-for', 'forwarded', 'x-real-ip'] as const;

export type Outside = ReturnType<typeof createOutside>;

/**
 * What of the outside world is set up otherwise than the settings say, as far as requests show it:
 * pages under an address that is not ours, proxies that are not trusted. Nothing of a request but
 * scheme, host and port of its origin is kept, and that for a minute or until the next one comes.
 */
export function createOutside(deps: {
  clock: Pick<Clock, 'steady'>;
  publicUrl: () => string;
  /** Whether `TRUST_PROXY` is set, whatever to. */
  trusts: boolean;
  tell: Tell;
}) {
  const { clock, tell } = deps;
  const seen = new Map<string, { count: number; since: number }>();
  let forwarded = 0;
  let toldAt = Number.NEGATIVE_INFINITY;

  /** Notes one that was refused; tells of it where it is no accident. */
  function note(origin: string): void {
    const name = nameOf(origin);
    const now = clock.steady();
    for (const [known, { since }] of seen) if (now - since >= WITHIN) seen.delete(known);
    const entry = seen.get(name) ?? { count: 0, since: now };
    entry.count += 1;
    seen.delete(name);
    seen.set(name, entry);
    if (seen.size > MOST) seen.delete(seen.keys().next().value as string);
    if (entry.count >= SEEN) tell('ORIGIN', { count: entry.count, url: name });
  }

  return {
    /** Whether a request names an origin that is not ours. It is noted, since it is refused. */
    isForeign(request: IncomingMessage): boolean {
      const { origin } = request.headers;
      if (origin === undefined || ownOrigin(origin, request, deps.publicUrl())) return false;
      note(origin);
      return true;
    },

    /** Looks at a request for what a proxy that nobody was told to trust adds. */
    look({ headers }: IncomingMessage): void {
      if (deps.trusts || !FORWARDED.some((name) => headers[name] !== undefined)) return;
      forwarded += 1;
      if (forwarded < SEEN || clock.steady() - toldAt < TOLD_EVERY) return;
      toldAt = clock.steady();
      tell('FORWARDED');
    },
  };
}

/** Scheme, host and port alone: an origin has no more, but whoever sends one may. */
function nameOf(origin: string): string {
  const name = URL.canParse(origin) ? new URL(origin).origin : 'null';
  return name.slice(0, LONGEST);
}
