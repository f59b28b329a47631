import { Refusal } from '../../domain/errors.js';
import type { Venue } from '../../domain/noso.js';
import type { WallInfo } from '../../protocol/wire.js';
import { newId, newKey } from '../../service/identity.js';
import { newVenue, newWall, venuePatch } from '../../service/input.js';
import type { Desk } from './desk.js';

/** Venues, and the walls that belong to them. */
export function venuesApi(desk: Desk): void {
  const { api, engine, catalogue } = desk;

  const find = async (id: string): Promise<Venue> => {
    await catalogue.refresh();
    const venue = catalogue.venue(id);
    if (!venue) throw new Refusal('not_found', 'no such venue');
    return venue;
  };

  api.on('POST /api/venues', newVenue(desk.languages), async ({ body }) => {
    const { language = 'en', ...rest } = body;
    const venue = { ...present(rest), language, id: newId() } as Venue;
    await engine.save('venue', venue.id, venue);
    await desk.wrote();
    return { status: 201, body: venue };
  });

  api.on('GET /api/venues', null, async () => {
    await catalogue.refresh();
    const venues = [...catalogue.venues()].sort((a, b) => a.name.localeCompare(b.name));
    return { status: 200, body: { venues } };
  });

  api.on('PATCH /api/venues/:id', venuePatch(desk.languages), async ({ params, body }) => {
    const before = await find(params.id as string);
    const venue = present({ ...before, ...body }) as Venue;
    await engine.save('venue', venue.id, venue);
    await desk.wrote();
    return { status: 200, body: venue };
  });

  api.on('DELETE /api/venues/:id', null, async ({ params }) => {
    await engine.remove('venue', params.id as string);
    await desk.wrote();
    return { status: 204 };
  });

  api.on('POST /api/venues/:id/walls', newWall, async ({ params, body }) => {
    const venue = await find(params.id as string);
    if (body.pairing !== undefined) throw new Refusal('not_found', 'pairing: no such code');
    const { id, token, hash } = newKey('wall');
    const name = body.name ?? venue.name;
    const wall = { id, venue: venue.id, name, hash, createdAt: engine.now() };
    await engine.save('wall', id, wall);
    await desk.wrote();
    return { status: 201, body: { id, url: `${desk.publicUrl()}/wall#${token}`, token } };
  });

  api.on('GET /api/venues/:id/walls', null, async ({ params }) => {
    const venue = await find(params.id as string);
    const own = [...catalogue.walls()]
      .filter((wall) => wall.venue === venue.id)
      .sort((a, b) => a.createdAt - b.createdAt);
    const beats = await engine.beats(own.map((wall) => wall.id));
    const walls: WallInfo[] = own.map(({ id, name }) => {
      const at = beats.get(id);
      return { id, name, lastBeat: at === undefined ? null : new Date(at).toISOString() };
    });
    return { status: 200, body: { walls } };
  });

  api.on('DELETE /api/walls/:id', null, async ({ params }) => {
    await engine.remove('wall', params.id as string);
    await desk.wrote();
    return { status: 204 };
  });
}

/** The fields that are there: a merge patch takes one away with null. */
const present = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null && v !== undefined));
