import type { Clock } from '../clock.js';
import type { Noso, Venue } from '../domain/noso.js';
import type {
  Change,
  Changes,
  CityWish,
  Documents,
  Door,
  Engine,
  Kind,
  Organizer,
  Paper,
  Series,
  Wall,
} from '../engine/engine.js';
import { createFreshness, NEVER } from './freshness.js';
import { NososByVenue } from './nososByVenue.js';
import { tellAll } from './tellAll.js';

const KINDS = [
  'venue',
  'noso',
  'organizer',
  'wall',
  'wish',
  'door',
  'paper',
  'series',
] as const satisfies Kind[];

export type Catalogue = ReturnType<typeof createCatalogue>;

/**
 * This node's mirror of what organizers keep: read by key at no cost, brought up to date by cursor.
 * `refresh` after a write gives whoever wrote their own write; other nodes are told, and look
 * every second regardless.
 */
export function createCatalogue(
  engine: Pick<Engine, 'now' | 'changesSince'>,
  clock: Pick<Clock, 'steady'>,
  onError: (error: unknown) => void,
) {
  const maps: { [K in Kind]: Map<string, Documents[K]> } = {
    venue: new Map(),
    noso: new Map(),
    organizer: new Map(),
    wall: new Map(),
    wish: new Map(),
    door: new Map(),
    paper: new Map(),
    series: new Map(),
  };
  const byVenue = new NososByVenue();
  const listeners = new Set<(changes: Change[]) => void>();
  let epoch: number | null = null;
  let revision = 0;
  let lastRead = NEVER;
  const freshness = createFreshness(engine, clock);
  /** The read that is under way, and the one after it, if anybody waits for that. */
  let reading: Promise<void> | null = null;
  let next: Promise<void> | null = null;

  function absorb(change: Change): void {
    if (change.kind === 'noso') {
      byVenue.take(change.id, maps.noso.get(change.id), change.document);
    }
    const map = maps[change.kind] as Map<string, unknown>;
    if (change.document) map.set(change.id, change.document);
    else map.delete(change.id);
  }

  async function read(): Promise<void> {
    const began = freshness.note();
    const changes = await news();
    lastRead = began;
    if (changes.length > 0) tellAll(listeners, (tell) => tell(changes), onError);
  }

  function start(): Promise<void> {
    next = null;
    reading ??= read().finally(() => {
      reading = null;
    });
    return reading;
  }

  /** Takes in what is new, all in one turn; nothing if a read fails. */
  async function news(): Promise<Change[]> {
    let found = await engine.changesSince(revision);
    const anew = epoch !== null && found.epoch !== epoch;
    if (anew) found = await engine.changesSince(0);
    const changes = anew ? [...goneFrom(found), ...found.changes] : found.changes;
    for (const change of changes) absorb(change);
    ({ epoch, revision } = found);
    return changes;
  }

  /** What is mirrored and not among all that there is: the store lost it. */
  function goneFrom(all: Changes): Change[] {
    const there = new Set(all.changes.map(({ kind, id }) => `${kind} ${id}`));
    return KINDS.flatMap((kind) =>
      [...maps[kind].keys()]
        .filter((id) => !there.has(`${kind} ${id}`))
        .map((id) => ({ kind, id, revision: all.revision, document: null })),
    );
  }

  return {
    /** Brings the mirror up to what was written before this call. */
    refresh(): Promise<void> {
      if (!reading) return start();
      // What is under way may have begun before the write. Who asks later waits for a later one:
      // however many ask, nobody waits for more than two.
      next ??= reading.then(start, start);
      return next;
    },
    /** Called after the mirror changed, with what did. Returns its stop. */
    onChange(listener: (changes: Change[]) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    revision: () => revision,
    /** When the last read that succeeded began: what a beat may be sent on the strength of. */
    lastRead: () => lastRead,
    /** Whether there was one. */
    isRead: () => lastRead !== NEVER,
    venue: (id: string): Venue | undefined => maps.venue.get(id),
    noso: (id: string): Noso | undefined => maps.noso.get(id),
    organizer: (id: string): Organizer | undefined => maps.organizer.get(id),
    wall: (id: string): Wall | undefined => maps.wall.get(id),
    venues: (): Iterable<Venue> => maps.venue.values(),
    nosos: (): Iterable<Noso> => maps.noso.values(),
    organizers: (): Iterable<Organizer> => maps.organizer.values(),
    walls: (): Iterable<Wall> => maps.wall.values(),
    series: (id: string): Series | undefined => maps.series.get(id),
    allSeries: (): Iterable<Series> => maps.series.values(),
    wishes: (): Iterable<CityWish> => maps.wish.values(),
    door: (id: string): Door | undefined => maps.door.get(id),
    doors: (): Iterable<Door> => maps.door.values(),
    papers: (): Iterable<Paper> => maps.paper.values(),
    *nososAt(venue: string): Iterable<Noso> {
      for (const id of byVenue.at(venue)) yield maps.noso.get(id) as Noso;
    },
  };
}
