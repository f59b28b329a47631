import { createHash } from 'node:crypto';
import type { Clock } from '../clock.js';
import { KEPT } from '../domain/kept.js';
import type { Engine } from '../engine/engine.js';

/** How long a node goes by what it knows of a session before it asks again, in ms (within 5 s). */
const KNOWN_FOR = 3000;
/** Sessions that a node remembers having asked about; the oldest goes first. */
const MOST = 1000;

/** What a session is known by in the store and between nodes: no token, and none can be made of it. */
export type Session = { id: string; until: number };

export const sessionOf = (token: string, until: number): Session => ({
  id: createHash('sha256').update(`session:${token}`).digest('base64url'),
  until,
});

export type Sessions = ReturnType<typeof createSessions>;

/**
 * Owners' sessions that were ended before their time: signing out ends a session everywhere, on
 * every node, and not just the cookie in the one browser. (An organizer's key is revoked instead.)
 */
export function createSessions(deps: {
  engine: Pick<Engine, 'now' | 'reserve' | 'holder'>;
  clock: Pick<Clock, 'steady'>;
  /** Tells every node, this one included. */
  tell: (session: Session) => void;
}) {
  const { engine, clock } = deps;
  /** Until when each would have lasted. */
  const over = new Map<string, number>();
  const asked = new Map<string, number>();
  const rowOf = (id: string) => `signed out:${id}`;

  function note({ id, until }: Session): void {
    for (const [old, end] of over) if (end <= engine.now()) over.delete(old);
    over.set(id, until);
  }

  async function ask(session: Session): Promise<boolean> {
    const { id } = session;
    asked.delete(id);
    asked.set(id, clock.steady());
    if (asked.size > MOST) asked.delete(asked.keys().next().value as string);
    // A store that does not answer ends nobody's session: what is known goes on being known.
    const holder = await engine.holder(rowOf(id)).catch(() => null);
    if (holder !== null) note(session);
    return holder !== null;
  }

  return {
    /** Whether it was ended here or, as of some seconds ago, anywhere. */
    async isOver(session: Session): Promise<boolean> {
      const { id } = session;
      if (over.has(id)) return true;
      const last = asked.get(id);
      if (last === undefined) return ask(session);
      // Whoever is known is not made to wait for a store that may be slow.
      if (clock.steady() - last >= KNOWN_FOR) void ask(session);
      return false;
    },
    /** The same, as far as this node was told. */
    isKnownOver: ({ id }: Session): boolean => over.has(id),
    /** Ends it, here and everywhere. Throws `unavailable`. */
    async end(session: Session): Promise<void> {
      const latest = engine.now() + KEPT.sessions.until.within;
      await engine.reserve(rowOf(session.id), 'over', Math.min(session.until, latest));
      deps.tell(session);
    },
    /** A node says that it was ended. */
    hear: note,
  };
}
