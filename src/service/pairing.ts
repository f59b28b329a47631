import { createHmac, randomBytes, randomInt } from 'node:crypto';
import { Refusal } from '../domain/errors.js';
import { KEPT } from '../domain/kept.js';
import type { Engine, Wall } from '../engine/engine.js';
import { readScreenCode, screenCode } from '../protocol/screenCode.js';
import { ALPHABET } from '../protocol/spelling.js';
import { hashOf, newId } from './identity.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';

/** How long a code is good, in ms. */
const LASTS = KEPT.pairings.until.within;
/** Screens that wait, on this server and of one address. */
const MOST = 200;
const MOST_OF_ADDRESS = 5;
const ATTEMPTS = 8;

export type Waiting = { code: string; secret: string; expiresAt: string };
export type Pairing = ReturnType<typeof createPairing>;

/**
 * Ties a screen without a keyboard to a venue: it shows a code, an organizer names it, and the screen
 * learns its token by the secret that it alone has. What waits is in the store, as keyed digests,
 * until it ends: any node can answer, also after a restart. The token itself is nowhere: it is made
 * of the wall's id and our secret, as often as it is asked for.
 */
export function createPairing(deps: {
  engine: Pick<Engine, 'now' | 'reserve' | 'holder' | 'spend'>;
  catalogue: Pick<Catalogue, 'wall' | 'refresh'>;
  /** The first signs, all verify. */
  secrets: readonly string[];
}) {
  const { engine, catalogue, secrets } = deps;
  /** When those that wait end, by what their address is known by. Kept in memory alone. */
  const waiting = new Map<string, number[]>();

  const digest = (what: string, secret: string): string =>
    createHmac('sha256', secret).update(`pairing:${what}`).digest('base64url');
  const tokenOf = (id: string, secret: string): string => {
    const own = createHmac('sha256', secret).update(`wall:${id}`).digest().subarray(0, 24);
    return `wall.${id}.${own.toString('base64url')}`;
  };
  const [signing = ''] = secrets;
  const over = () => new Refusal('bad_code.pairing', 'no screen waits with this');

  /** What is written there, and the digest that it goes by, whichever of our secrets made it. */
  async function find(kind: 'code' | 'secret', what: string) {
    for (const secret of secrets) {
      const mark = digest(what, secret);
      const held = await engine.holder(`${kind}.${mark}`);
      if (held !== null) return { mark, held };
    }
    throw over();
  }

  function admit(address: string): void {
    const now = engine.now();
    let all = 0;
    for (const [key, ends] of waiting) {
      const left = ends.filter((end) => end > now);
      if (left.length > 0) waiting.set(key, left);
      else waiting.delete(key);
      all += left.length;
    }
    const own = waiting.get(address) ?? [];
    if (all >= MOST || own.length >= MOST_OF_ADDRESS) {
      const soonest = Math.min(
        ...(own.length >= MOST_OF_ADDRESS ? own : [...waiting.values()].flat()),
      );
      throw new Refusal('rate_limited.pairings', undefined, Math.ceil((soonest - now) / 1000));
    }
    waiting.set(address, [...own, now + LASTS]);
  }

  return {
    /** A code for a screen to show. `address`: what `Limits.keyOf` makes of it. */
    async begin(address: string): Promise<Waiting> {
      admit(address);
      const until = engine.now() + LASTS;
      const secret = randomBytes(24).toString('base64url');
      const mark = digest(secret, signing);
      for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
        const code = screenCode(() => randomInt(ALPHABET.length));
        const named = digest(code, signing);
        if ((await engine.reserve(`code.${named}`, mark, until)) !== mark) continue;
        await engine.reserve(`secret.${mark}`, named, until);
        return { code, secret, expiresAt: iso(until) };
      }
      throw new Refusal('unavailable.no_answer', 'no code was free', 1);
    },

    /** The screen's own wall, once an organizer has named its code; null while nobody has. */
    async claim(secret: string): Promise<{ id: string; token: string } | null> {
      const { held: named } = await find('secret', secret);
      const [id = ''] = ((await engine.holder(`wall.${named}`)) ?? '').split(' ');
      if (id === '') return null;
      if (!catalogue.wall(id)) await catalogue.refresh();
      const wall = catalogue.wall(id);
      const token = secrets.map((each) => tokenOf(id, each)).find((t) => hashOf(t) === wall?.hash);
      return token === undefined ? null : { id, token };
    },

    /**
     * The wall that the code's screen becomes, to be kept; null where it was kept before: a code is
     * good for one wall, and naming it twice for the same venue changes nothing.
     */
    async take(
      typed: string,
      venue: string,
    ): Promise<{ id: string; wall: Pick<Wall, 'id' | 'venue' | 'hash'> | null }> {
      const code = readScreenCode(typed);
      if (code === null) throw over();
      const { mark } = await find('code', code);
      const until = engine.now() + LASTS;
      const asked = `${newId()} ${venue}`;
      const held = await engine.reserve(`wall.${mark}`, asked, until);
      const [id = '', of] = held.split(' ');
      if (of !== venue) throw over();
      if (catalogue.wall(id)) return { id, wall: null };
      // One that was revoked since does not come back by its code.
      if (!(await engine.spend(`paired:${id}`, until))) throw over();
      return { id, wall: { id, venue, hash: hashOf(tokenOf(id, signing)) } };
    },
  };
}
