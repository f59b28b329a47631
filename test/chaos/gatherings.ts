import { realClock } from '../../src/clock.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { createPasses } from '../../src/service/passes.js';
import { newId, newNoso, newVenue } from '../engine/contract/cast.js';
import type { TestApi } from '../support/api.js';
import { SECRET } from '../support/server.js';

/** A NoSo of a run, and how people behave there. Times in ms, the pocket in seconds. */
export type Gathering = {
  noso: string;
  capacity: number | null;
  pocket: number | null;
  /** The token of its walls. */
  wall: string;
  /** Another entry pass that is good. */
  pass: () => string;
  /** How often somebody comes, on average. */
  every: number;
  stays: [number, number];
  /** How many of those who came leave, of 1. */
  leaving: number;
};

const passes = createPasses([SECRET], Date.now);

/** An entry pass, as somebody has it who exchanges a code now. */
export const newPass = (noso: string): string => passes.entry(noso, Date.now(), Date.now());

/** Too short for the contract, which asks for 300; runs are shorter than that. */
const POCKET = 8;
const CAPACITY = 12;

/**
 * Three NoSos that are open: one without bounds, one with few seats that many want, and one whose
 * seats lapse. Veils are down: what happens is shown at once.
 */
export async function convene(api: TestApi, redis: string): Promise<Gathering[]> {
  const hall = await api.noso({ veil: 0 });
  const attic = await api.noso({ veil: 0, capacity: CAPACITY });
  const cellar = await openWithPocket(redis);
  const plans = [
    {
      id: hall.id,
      venue: hall.venue.id,
      capacity: null,
      pocket: null,
      every: 220,
      stays: [500, 12_000],
      leaving: 0.5,
    },
    {
      id: attic.id,
      venue: attic.venue.id,
      capacity: CAPACITY,
      pocket: null,
      every: 450,
      stays: [500, 5000],
      leaving: 1,
    },
    {
      id: cellar.id,
      venue: cellar.venue,
      capacity: null,
      pocket: POCKET,
      every: 900,
      stays: [0, 0],
      leaving: 0,
    },
  ] as const;
  return Promise.all(
    plans.map(async ({ id, venue, stays, ...rest }) => {
      const { token } = await api.wall(venue);
      return { ...rest, stays: [...stays], noso: id, wall: token, pass: () => newPass(id) };
    }),
  );
}

async function openWithPocket(url: string): Promise<{ id: string; venue: string }> {
  const engine = await openRedis({ url, clock: realClock, prefix: 'noso:' });
  try {
    const venue = newVenue(newId());
    const noso = newNoso(engine, { venue: venue.id, pocket: POCKET, veil: 0 });
    await engine.save('venue', venue.id, venue);
    await engine.save('noso', noso.id, noso);
    await engine.command(noso.id, { do: 'open', by: 'organizer' });
    return { id: noso.id, venue: venue.id };
  } finally {
    await engine.close();
  }
}
