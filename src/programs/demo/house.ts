import type { Code, Noso, Venue, WallInfo } from '../../protocol/wire.js';

/** What the demo shows, and where. */
export type House = {
  noso: Noso;
  /** The address of a wall, its token in the fragment. */
  wall: string;
  /** The token of a second wall, off which the simulated phones read the code. */
  eyes: string;
  /** Where a phone joins now; its code is good for a minute. */
  join: string;
};

const HOUR = 3_600_000;
const NAMES = {
  fr: { title: 'Une heure pour rien', screen: 'Grande salle', eyes: 'Téléphones simulés' },
  en: { title: 'An hour for nothing', screen: 'Main room', eyes: 'Simulated phones' },
};
const WALLS = Object.values(NAMES).flatMap(({ screen, eyes }) => [screen, eyes]);

/**
 * Sets the scene over the HTTP API, as an organizer would: one venue, one open NoSo of an hour,
 * two walls. In a data folder that has seen the demo before, the venue is used again, and
 * what was left open there is closed. `url` is the server's, `owner` an owner's token.
 */
export async function furnish(
  url: string,
  owner: string,
  { now, language, timeZone }: { now: number; language: 'fr' | 'en'; timeZone: string },
): Promise<House> {
  async function ask<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${owner}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return (text ? JSON.parse(text) : undefined) as T;
  }

  const names = NAMES[language];
  const place = { name: 'Bibliothèque des Quais', city: 'Lyon', timeZone, language };
  const { venues } = await ask<{ venues: Venue[] }>('GET', '/api/venues');
  const known = venues.find(({ name, city }) => name === place.name && city === place.city);
  const venue = known
    ? await ask<Venue>('PATCH', `/api/venues/${known.id}`, place)
    : await ask<Venue>('POST', '/api/venues', place);
  if (known) {
    const { nosos } = await ask<{ nosos: Noso[] }>('GET', '/api/nosos?state=open');
    for (const { id, venue: at } of nosos) {
      if (at.id === venue.id) await ask('POST', `/api/nosos/${id}/close`);
    }
    const { walls } = await ask<{ walls: WallInfo[] }>('GET', `/api/venues/${venue.id}/walls`);
    for (const { id, name } of walls) {
      if (WALLS.includes(name)) await ask('DELETE', `/api/walls/${id}`);
    }
  }

  const { id } = await ask<Noso>('POST', '/api/nosos', {
    venue: venue.id,
    title: names.title,
    startsAt: new Date(now).toISOString(),
    endsAt: new Date(now + HOUR).toISOString(),
  });
  const noso = await ask<Noso>('POST', `/api/nosos/${id}/open`);
  const newWall = (name: string) =>
    ask<{ url: string; token: string }>('POST', `/api/venues/${venue.id}/walls`, { name });
  const wall = await newWall(names.screen);
  const eyes = await newWall(names.eyes);
  const { url: join } = await ask<Code>('GET', `/api/nosos/${id}/code`);
  return { noso, wall: wall.url, eyes: eyes.token, join };
}
