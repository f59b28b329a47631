import { createHmac } from 'node:crypto';
import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { assertIntendable } from '../domain/noso.js';
import { spell } from '../domain/numbers.js';
import type { Engine } from '../engine/engine.js';
import type { Tokens } from './tokens.js';
import type { Writing } from './writing.js';

const SECOND = 1000;
/** Numbers that one address may draw at once, … */
const AT_ONCE = 20;
/** … how often one more, in ms, … */
const ONE_MORE = 30 * SECOND;
/** … and how many all of them in a day. */
const A_DAY = 20_000;
const DAY = 24 * 3600 * SECOND;

/** Whose number; `noso`: where alone it is good, null for one that is kept (A8). */
type Who = { number: number; noso: string | null };

export type Intents = ReturnType<typeof createIntents>;

/**
 * "I will be there": said by a number of what is planned. No seat is kept. The store remembers a digest
 * of the number under a key of its NoSo, so that what is kept of two NoSos cannot be compared (A8).
 */
export function createIntents(deps: {
  engine: Pick<Engine, 'draw' | 'intend' | 'withdraw' | 'intents'>;
  clock: Pick<Clock, 'now' | 'every'>;
  writing: Pick<Writing, 'noso' | 'isNoso'>;
  tokens: Pick<Tokens, 'number'>;
  /** The first signs; what others made is known by them, and moved. */
  secrets: readonly string[];
}) {
  const { engine, clock, secrets } = deps;
  /** How many each address may still draw, and as of when. In memory alone. */
  const drawers = new Map<string, { left: number; at: number }>();
  let today = { began: clock.now(), drawn: 0 };

  const digestBy = (secret: string, noso: string, number: number): string => {
    const key = createHmac('sha256', secret).update(`intent:${noso}`).digest();
    return createHmac('sha256', key).update(String(number)).digest('base64url').slice(0, 22);
  };
  const digests = (noso: string, number: number) =>
    secrets.map((secret) => digestBy(secret, noso, number));

  /** Who may draw as many again as anybody is forgotten. */
  function prune(): void {
    for (const [key, { left, at }] of drawers) {
      if (left + (clock.now() - at) / ONE_MORE >= AT_ONCE) drawers.delete(key);
    }
  }

  function admit(address: string): void {
    const now = clock.now();
    if (now - today.began >= DAY) today = { began: now, drawn: 0 };
    if (today.drawn >= A_DAY) throw tooMany(today.began + DAY - now);
    const { left: were, at } = drawers.get(address) ?? { left: AT_ONCE, at: now };
    const left = Math.min(AT_ONCE, were + Math.max(0, now - at) / ONE_MORE);
    if (left < 1) throw tooMany((1 - left) * ONE_MORE);
    drawers.set(address, { left: left - 1, at: now });
    today.drawn += 1;
  }

  return {
    stop: clock.every(AT_ONCE * ONE_MORE, prune),

    /**
     * A number for somebody who chooses a scheduled NoSo beforehand: one that is kept. Whoever has
     * one (`own`) draws none, and keeps that.
     */
    async draw(
      id: string,
      own: number | null,
      address: string,
    ): Promise<{ number: string; token: string }> {
      assertIntendable(await deps.writing.noso(id));
      if (own === null) admit(address);
      const number = own ?? ((await engine.draw(1))[0] as number);
      return { number: spell(number), token: deps.tokens.number(number) };
    },

    /** It will be there. */
    async intend(noso: string, who: Who): Promise<{ noso: string; number: string }> {
      const { number } = who;
      await deps.writing.noso(noso); // nothing else that an address may say reaches the store (A1)
      demandHere(who, noso);
      const [digest = '', ...older] = digests(noso, number);
      for (const each of older) await engine.withdraw(noso, each);
      await engine.intend(noso, digest);
      return { noso, number: spell(number) };
    },

    /** Not after all. */
    async withdraw(noso: string, who: Who): Promise<void> {
      if (!(await deps.writing.isNoso(noso))) return;
      demandHere(who, noso);
      for (const each of digests(noso, who.number)) await engine.withdraw(noso, each);
    },

    /** Whether it said that it will be there. */
    intends: async (noso: string, number: number): Promise<boolean> =>
      (await engine.intents(noso, digests(noso, number))).among,
  };
}

/** A token that is not kept opens nothing elsewhere (A8). */
function demandHere(who: Who, noso: string): void {
  if (who.noso === null || who.noso === noso) return;
  throw new Refusal('forbidden.noso', 'this number was not kept: it is of another NoSo');
}

const tooMany = (ms: number) =>
  new Refusal('rate_limited.draws', undefined, Math.max(1, Math.ceil(ms / SECOND)));
