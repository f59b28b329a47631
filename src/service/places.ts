import { Refusal } from '../domain/errors.js';
import type { Venue } from '../domain/noso.js';
import type { Engine, Wall } from '../engine/engine.js';
import type * as wire from '../protocol/wire.js';
import { newId, newKey } from './identity.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import { viewVenue } from './present.js';
import type { Writing } from './writing.js';

/** A venue's fields as they come in; null takes one away. */
type Fields = { [K in keyof Omit<Venue, 'id'>]?: Venue[K] | null | undefined };

export type Places = ReturnType<typeof createPlaces>;

/** Venues, and the walls that belong to them. */
export function createPlaces(deps: {
  engine: Pick<Engine, 'beats'>;
  catalogue: Catalogue;
  writing: Writing;
  publicUrl: () => string;
}) {
  const { engine, catalogue, writing } = deps;
  const view = (venue: Venue): wire.Venue => viewVenue(venue, writing.now());

  async function keep(venue: Venue): Promise<wire.Venue> {
    await writing.save('venue', venue);
    return view(venue);
  }

  return {
    add: ({ language, ...fields }: Fields): Promise<wire.Venue> =>
      keep({ ...present(fields), language: language ?? 'en', id: newId() } as Venue),

    async list(): Promise<wire.Venue[]> {
      await catalogue.refresh();
      return [...catalogue.venues()].sort((a, b) => a.name.localeCompare(b.name)).map(view);
    },

    async amend(id: string, fields: Fields): Promise<wire.Venue> {
      const before = await writing.venue(id);
      return keep(present({ ...before, ...fields }) as Venue);
    },

    remove: (id: string): Promise<void> => writing.remove('venue', id),

    /** A new wall's token, which is shown this once. */
    async addWall(
      of: string,
      { name, pairing }: { name?: string | undefined; pairing?: string | undefined },
    ): Promise<{ id: string; url: string; token: string }> {
      const venue = await writing.venue(of);
      if (pairing !== undefined) throw new Refusal('bad_code.pairing', 'pairing: no such code');
      const { id, token, hash } = newKey('wall');
      const wall: Wall = {
        id,
        venue: venue.id,
        name: name ?? venue.name,
        hash,
        createdAt: writing.now(),
      };
      await writing.save('wall', wall);
      return { id, url: `${deps.publicUrl()}/wall#${token}`, token };
    },

    async walls(of: string): Promise<wire.WallInfo[]> {
      await catalogue.refresh();
      const venue = await writing.venue(of);
      const own = [...catalogue.walls()]
        .filter((wall) => wall.venue === venue.id)
        .sort((a, b) => a.createdAt - b.createdAt);
      const beats = await engine.beats(own.map((wall) => wall.id));
      return own.map(({ id, name }) => {
        const at = beats.get(id);
        return { id, name, lastBeat: at === undefined ? null : iso(at) };
      });
    },

    removeWall: (id: string): Promise<void> => writing.remove('wall', id),
  };
}

/** The fields that are there: a merge patch takes one away with null. */
const present = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null && v !== undefined));
