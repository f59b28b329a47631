import type { Noso, Venue } from '../../src/protocol/wire.js';
import { ask } from './ask.js';

/** The venue's next NoSo, however far ahead: a snapshot only looks a day ahead. */
export async function upcoming(venue: Venue): Promise<Noso | null> {
  const answer = await ask(`/api/nosos?state=scheduled&city=${encodeURIComponent(venue.city)}`);
  const body = answer?.body;
  if (typeof body !== 'object' || body === null || !('nosos' in body)) return null;
  if (!Array.isArray(body.nosos)) return null;
  const here = (body.nosos as Noso[]).filter((noso) => noso.venue.id === venue.id);
  here.sort((a, b) => Date.parse(a.startsAt) - Date.parse(b.startsAt));
  return here[0] ?? null;
}
