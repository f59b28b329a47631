import { createHash } from 'node:crypto';
import type { Clock, Stop } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { KEPT } from '../domain/kept.js';
import type { CityWish, Engine } from '../engine/engine.js';
import { iso } from './instants.js';
import { fold } from './listing.js';
import type { Catalogue } from './mirror.js';
import type { Writing } from './writing.js';

/** What one address may ask for in an hour, … */
const AN_HOUR = 5;
const HOUR = 3_600_000;
/** … how many names all of them in a month, … */
const A_MONTH = 2000;
/** … and how often somebody must have, before an organizer sees it. */
const TOLD_FROM = 3;
/** How often it is looked what is a year old, and who asked an hour ago. */
const SWEEP = HOUR / 6;

/** A city with how many NoSos it has that are to come or on. */
export type City = { city: string; country?: string; nosos: number };
/** A city that was asked for, and how often within a year. */
export type Asked = { city: string; country?: string; count: number };

export type Cities = ReturnType<typeof createCities>;

/** Cities that have a NoSo, and those where somebody would like one. */
export function createCities(deps: {
  engine: Pick<Engine, 'now' | 'revise'>;
  clock: Pick<Clock, 'every'>;
  catalogue: Pick<Catalogue, 'nosos' | 'venue' | 'wishes'>;
  writing: Pick<Writing, 'wrote' | 'remove'>;
  onError: (error: unknown) => void;
}) {
  const { engine, catalogue, writing } = deps;
  /** When they may ask for another, by what their address is known by. In memory alone. */
  const lately = new Map<string, number[]>();

  function prune(now: number): void {
    for (const [key, times] of lately) {
      const left = times.filter((end) => end > now);
      if (left.length > 0) lately.set(key, left);
      else lately.delete(key);
    }
  }

  function admit(address: string, now: number): void {
    prune(now);
    const own = lately.get(address) ?? [];
    if (own.length >= AN_HOUR) throw tooMany(Math.min(...own) - now);
    lately.set(address, [...own, now + HOUR]);
  }

  /** Months begin in UTC; what is asked for in one is forgotten a year after it began. */
  const monthAt = (now: number): string => iso(now).slice(0, 7);
  const endOf = ({ month }: CityWish): number =>
    Date.parse(`${month}-01T00:00:00Z`) + KEPT.wishes.until.within;

  async function sweep(): Promise<void> {
    prune(engine.now());
    for (const wish of [...catalogue.wishes()]) {
      if (endOf(wish) > engine.now()) continue;
      await writing.remove('wish', wish.id).catch((error: unknown) => {
        // Another node was first.
        if (!(error instanceof Refusal) || error.code !== 'not_found') throw error;
      });
    }
  }
  const stop: Stop = deps.clock.every(SWEEP, () => void sweep().catch(deps.onError));

  return {
    stop,
    /** Forgets what is a year old. */
    sweep,

    /** Cities that have a NoSo that is to come, or on. */
    list(): City[] {
      const found = new Map<string, City>();
      for (const noso of catalogue.nosos()) {
        const venue = catalogue.venue(noso.venue);
        if (!venue || (noso.life.is !== 'scheduled' && noso.life.is !== 'open')) continue;
        const { city, country } = venue;
        const key = keyOf({ city, country });
        const { nosos } = found.get(key) ?? { nosos: 0 };
        found.set(key, { city, ...(country ? { country } : {}), nosos: nosos + 1 });
      }
      return [...found.values()].sort((a, b) => a.city.localeCompare(b.city));
    },

    /** Cities that were asked for often enough for an organizer to see it, the most wanted first. */
    asked(): Asked[] {
      const sums = new Map<string, Asked>();
      const wishes = [...catalogue.wishes()].sort((a, b) => (a.month < b.month ? -1 : 1));
      for (const { city, country, count } of wishes) {
        const key = keyOf({ city, country });
        const before = sums.get(key)?.count ?? 0;
        sums.set(key, { city, ...(country ? { country } : {}), count: before + count });
      }
      return [...sums.values()]
        .filter(({ count }) => count >= TOLD_FROM)
        .sort((a, b) => b.count - a.count || a.city.localeCompare(b.city));
    },

    /** "Bring one to mine." `address`: what `Limits.keyOf` makes of it. */
    async ask(wanted: { city: string; country?: string | undefined }, address: string) {
      const now = engine.now();
      const month = monthAt(now);
      const city = wanted.city.normalize('NFC').replace(/\s+/g, ' ');
      const country = wanted.country?.normalize('NFC').replace(/\s+/g, ' ');
      // An id stays for some days after what it is of: it says nothing.
      const id = createHash('sha256')
        .update(`${month}\n${keyOf({ city, country })}`)
        .digest('base64url')
        .slice(0, 24);
      const names = [...catalogue.wishes()].filter((wish) => wish.month === month);
      if (names.length >= A_MONTH && !names.some((wish) => wish.id === id)) throw tooMany(HOUR);
      admit(address, now);
      await engine.revise('wish', id, (before) => ({
        ...(before ?? { id, city, ...(country ? { country } : {}), month }),
        count: (before?.count ?? 0) + 1,
      }));
      await writing.wrote();
    },
  };
}

const tooMany = (ms: number) =>
  new Refusal('rate_limited.cities', undefined, Math.max(1, Math.ceil(ms / 1000)));

const keyOf = ({ city, country }: { city: string; country?: string | undefined }): string =>
  `${fold(city)}\n${fold(country ?? '')}`;
