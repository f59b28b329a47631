// The real engine, without a server: synthetic people take seats as fast as it answers.
import { randomBytes } from 'node:crypto';
import type { Engine } from '../../../src/engine/engine.js';

const HOUR = 3_600_000;
/** Takes under way at once, as a busy node has them. */
const AT_ONCE = 256;

export const newId = (): string => randomBytes(9).toString('hex');

/** A venue with an open NoSo; the NoSo's id. */
export async function openNoso(engine: Engine): Promise<string> {
  const venue = newId();
  const noso = newId();
  const place = { name: 'Bench', city: 'Lyon', timeZone: 'Europe/Paris', language: 'fr' };
  await engine.save('venue', venue, { id: venue, ...place });
  await engine.save('noso', noso, {
    id: noso,
    venue,
    title: 'Bench',
    startsAt: engine.now(),
    endsAt: engine.now() + 3 * HOUR,
    capacity: null,
    entry: 'code',
    show: 'numbers',
    pocket: null,
    veil: 5,
    opens: 'organizer',
    gather: 0,
    life: { is: 'scheduled' },
  });
  await engine.command(noso, { do: 'open', by: 'organizer' });
  return noso;
}

/** Seats `count` people, in turn among the NoSos, with numbers from `first` on. */
export async function seat(
  engine: Engine,
  nosos: string[],
  count: number,
  first: number,
): Promise<void> {
  let next = 0;
  const issuedAt = engine.now();
  const lane = async () => {
    while (next < count) {
      const index = next++;
      const noso = nosos[index % nosos.length] as string;
      const number = first + Math.floor(index / nosos.length) * 7;
      await engine.take(noso, {
        number,
        proof: { kind: 'entry', issuedAt },
        back: false,
        fresh: false,
        key: null,
      });
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, count) }, lane));
}

/** Throws unless every NoSo counts exactly `each`. */
export async function assertCounts(engine: Engine, nosos: string[], each: number): Promise<void> {
  for (const noso of nosos) {
    const { count } = await engine.tail(noso, null);
    if (count !== each) throw new Error(`a NoSo counts ${count} where ${each} are seated`);
  }
}
