import type { Clock } from '../clock.js';
import type { Noso, Venue } from '../domain/noso.js';
import type { Change, Documents, Engine, Kind, Organizer, Wall } from '../engine/engine.js';

export type Catalogue = ReturnType<typeof createCatalogue>;

/**
 * This node's mirror of what organizers keep: read by key at no cost, brought up to date by cursor.
 * `refresh` after a write gives whoever wrote their own write; other nodes are told, and look
 * every second regardless.
 */
export function createCatalogue(engine: Engine, clock: Pick<Clock, 'steady'>) {
  const maps: { [K in Kind]: Map<string, Documents[K]> } = {
    venue: new Map(),
    noso: new Map(),
    organizer: new Map(),
    wall: new Map(),
  };
  const byVenue = new Map<string, Set<string>>();
  const listeners = new Set<(changes: Change[]) => void>();
  let revision = 0;
  let readAt = 0;
  let readTick = 0;
  let reading: Promise<void> | null = null;
  let again = false;

  function index(id: string, before: Noso | undefined, after: Noso | null): void {
    if (before) byVenue.get(before.venue)?.delete(id);
    if (!after) return;
    const ids = byVenue.get(after.venue) ?? new Set();
    byVenue.set(after.venue, ids.add(id));
  }

  function absorb(change: Change): void {
    if (change.kind === 'noso') index(change.id, maps.noso.get(change.id), change.document);
    const map = maps[change.kind] as Map<string, unknown>;
    if (change.document) map.set(change.id, change.document);
    else map.delete(change.id);
  }

  async function read(): Promise<void> {
    do {
      again = false;
      const began = engine.now();
      const tick = clock.steady();
      const found = await engine.changesSince(revision);
      for (const change of found.changes) absorb(change);
      revision = found.revision;
      readAt = began;
      readTick = tick;
      if (found.changes.length > 0) for (const listener of listeners) listener(found.changes);
    } while (again);
  }

  return {
    /** Brings the mirror up to what was written before this call. */
    async refresh(): Promise<void> {
      again = true; // whoever is reading now may have begun before the write
      reading ??= read().finally(() => {
        reading = null;
      });
      await reading;
    },
    /** Called after the mirror changed, with what did. Returns its stop. */
    onChange(listener: (changes: Change[]) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    revision: () => revision,
    /** Engine time of the last successful read: what a beat may be sent on the strength of … */
    readAt: () => readAt,
    /** … and the same on a clock that nobody sets. */
    readTick: () => readTick,
    venue: (id: string): Venue | undefined => maps.venue.get(id),
    noso: (id: string): Noso | undefined => maps.noso.get(id),
    organizer: (id: string): Organizer | undefined => maps.organizer.get(id),
    wall: (id: string): Wall | undefined => maps.wall.get(id),
    venues: (): Iterable<Venue> => maps.venue.values(),
    nosos: (): Iterable<Noso> => maps.noso.values(),
    organizers: (): Iterable<Organizer> => maps.organizer.values(),
    walls: (): Iterable<Wall> => maps.wall.values(),
    *nososAt(venue: string): Iterable<Noso> {
      for (const id of byVenue.get(venue) ?? []) yield maps.noso.get(id) as Noso;
    },
  };
}
