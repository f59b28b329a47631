import { Refusal } from '../domain/errors.js';
import type { Venue } from '../domain/noso.js';
import type { Engine, Wall } from '../engine/engine.js';
import type * as wire from '../protocol/wire.js';
import { newId, newKey } from './identity.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import type { Pairing } from './pairing.js';
import { viewVenue } from './present.js';
import type { Screens } from './screens.js';
import type { Writing } from './writing.js';

/** A venue's fields as they come in; null takes one away. */
type Fields = { [K in keyof Omit<Venue, 'id'>]?: Venue[K] | null | undefined };

type WallFields = {
  name?: string | undefined;
  diagonal?: number | null | undefined;
  distance?: number | null | undefined;
};

/** How long a wall shows its name, in ms. */
const IDENTIFIED = 10_000;

export type Places = ReturnType<typeof createPlaces>;

/** Venues, and the walls that belong to them. */
export function createPlaces(deps: {
  engine: Pick<Engine, 'beats'>;
  catalogue: Catalogue;
  writing: Writing;
  publicUrl: () => string;
  pairing: Pick<Pairing, 'take'>;
  screens: Pick<Screens, 'of'>;
  /** Of the wall's page that this server serves. */
  version: string;
  /** Has a wall show its name until then (ms). */
  identify: (wall: string, until: number) => void;
}) {
  const { engine, catalogue, writing } = deps;
  const view = (venue: Venue): wire.Venue => viewVenue(venue, writing.now());

  const viewWall = (wall: Wall, at: number | undefined): wire.WallInfo => ({
    id: wall.id,
    name: wall.name,
    lastBeat: at === undefined ? null : iso(at),
    diagonal: wall.diagonal ?? null,
    distance: wall.distance ?? null,
    ...viewScreen(deps.screens.of(wall.id)),
  });

  const viewScreen = (screen: wire.ScreenInfo): Partial<wire.WallInfo> => ({
    ...screen,
    ...(screen.version !== undefined && screen.version !== deps.version && { earlier: true }),
  });

  async function wallOf(id: string): Promise<Wall> {
    if (!catalogue.wall(id)) await catalogue.refresh();
    const wall = catalogue.wall(id);
    if (!wall) throw new Refusal('not_found', 'no such wall');
    return wall;
  }

  /** The screen learns its token itself. */
  async function pair(venue: Venue, name: string | undefined, code: string) {
    const { id, wall } = await deps.pairing.take(code, venue.id);
    if (wall) {
      const createdAt = writing.now();
      await writing.save('wall', { ...wall, name: name ?? venue.name, createdAt });
    }
    return { id };
  }

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
    ): Promise<{ id: string; url?: string; token?: string }> {
      const venue = await writing.venue(of);
      if (pairing !== undefined) return pair(venue, name, pairing);
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
      return own.map((wall) => viewWall(wall, beats.get(wall.id)));
    },

    /** Measures that are null go back to what is usual. */
    async amendWall(id: string, fields: WallFields): Promise<wire.WallInfo> {
      const before = await wallOf(id);
      const wall = present({ ...before, ...fields }) as Wall;
      await writing.save('wall', wall);
      return viewWall(wall, (await engine.beats([id])).get(id));
    },

    /** The wall shows its name for a while. */
    async identifyWall(id: string): Promise<void> {
      await wallOf(id);
      deps.identify(id, writing.now() + IDENTIFIED);
    },

    removeWall: (id: string): Promise<void> => writing.remove('wall', id),
  };
}

/** The fields that are there: a merge patch takes one away with null. */
const present = (fields: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(fields).filter(([, v]) => v !== null && v !== undefined));
