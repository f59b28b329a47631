import type { Clock } from '../clock.js';
import type { Engine } from '../engine/engine.js';
import { FOREVER } from './secretMark.js';

/** How long after a move a start says so again, in ms: whoever looks once a week is to know. */
const STANDS = 8 * 24 * 3_600_000;
/** How long until a store that did not answer is asked again, in ms. */
const AGAIN = 1000;
const VERSION = 1;

/**
 * An address that posters, links and walls were given. Each is written under the next number, and none is
 * changed, so that of two nodes with another one is the first.
 */
type Told = {
  v: typeof VERSION;
  url: string;
  /** When it took the place of the one before, by the engine's time; null where nobody had been told of that. */
  since: number | null;
};

const NAME = 'address';
const nameOf = (number: number): string => `${NAME}:${number}`;

/** The last that was written, under which number; by halves, since over the years there may be many. */
async function lastOf(
  engine: Pick<Engine, 'holder'>,
): Promise<{ number: number; told: Told | null }> {
  let [there, gone] = [0, 1];
  for (; (await engine.holder(nameOf(gone))) !== null; gone *= 2) there = gone;
  while (gone - there > 1) {
    const middle = Math.floor((there + gone) / 2);
    if ((await engine.holder(nameOf(middle))) === null) gone = middle;
    else there = middle;
  }
  const text = there === 0 ? null : await engine.holder(nameOf(there));
  return { number: there, told: text === null ? null : (JSON.parse(text) as Told) };
}

/** The address that people were told last, or null. */
export const readAddressTold = async (engine: Pick<Engine, 'holder'>): Promise<string | null> =>
  (await lastOf(engine)).told?.url ?? null;

/** Writes down, where no server has run yet, what people were told by the one that this is a copy of. */
export async function noteAddressTold(engine: Pick<Engine, 'reserve'>, url: string): Promise<void> {
  const told: Told = { v: VERSION, url, since: null };
  await engine.reserve(nameOf(1), JSON.stringify(told), FOREVER);
}

/** Among the rows of the embedded engine's file that reservations stand in (spent.ts). */
export function addressToldIn(rows: readonly [id: string, until: number][]): string | null {
  const all = rows.flatMap(([id]) => {
    const [, number, text] = /^address:(\d+)\n(.+)$/.exec(id) ?? [];
    return text === undefined ? [] : [{ number: Number(number), told: JSON.parse(text) as Told }];
  });
  return all.sort((a, b) => b.number - a.number)[0]?.told.url ?? null;
}

/**
 * Sees whether what codes and links say is what they said last, also before a restart, and calls `moved`
 * where it is not (F8): posters do not follow.
 */
export function createAddressTold(deps: {
  engine: Pick<Engine, 'holder' | 'reserve' | 'now'>;
  clock: Pick<Clock, 'after'>;
  publicUrl: () => string;
  /** Whether anybody can have been told of an address: a venue is there. Null while that is not known. */
  anybody: () => boolean | null;
  moved: (url: string) => void;
}) {
  const { engine, clock, publicUrl, anybody, moved } = deps;
  let stop: (() => void) | null = null;
  let ended = false;

  async function judge(): Promise<'done' | 'again'> {
    const told = anybody();
    if (told === null) return 'again';
    const last = await lastOf(engine);
    const [url, now] = [publicUrl(), engine.now()];
    if (last.told?.url === url) {
      const { since } = last.told;
      if (since !== null && now - since < STANDS) moved(url);
      return 'done';
    }
    const since = told && last.told !== null ? now : null;
    const next: Told = { v: VERSION, url, since };
    const written = await engine.reserve(nameOf(last.number + 1), JSON.stringify(next), FOREVER);
    if (since !== null && (JSON.parse(written) as Told).url === url) moved(url);
    return 'done';
  }

  const self = {
    /** Looks now, and again until the store has answered; to be called at a start and after each move. */
    async look(): Promise<void> {
      stop?.();
      // A store that is down now heals later (F1); readiness says so meanwhile.
      const outcome = await judge().catch(() => 'again' as const);
      if (outcome === 'again' && !ended) stop = clock.after(AGAIN, () => void self.look());
    },
    stop(): void {
      ended = true;
      stop?.();
    },
  };
  return self;
}
