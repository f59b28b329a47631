import type { Clock, Stop } from '../clock.js';
import { due } from '../domain/byTheHour.js';
import { Refusal } from '../domain/errors.js';
import type { Lifecycle, Noso, NosoCommand } from '../domain/noso.js';
import type { Engine } from '../engine/engine.js';
import type { Tell } from './causes.js';

/** NoSos open, close and lapse by themselves within a second of their hour (L3). */
const LOOK = 250;

/** Clocks of two machines that are set may be this far apart, in ms. */
const APART = 60_000;

/** The newest instant that is stored of NoSos, in ms. */
const newest = (nosos: readonly Noso[]): number =>
  nosos.reduce((last, { life }) => Math.max(last, instantOf(life)), 0);

function instantOf(life: Lifecycle): number {
  switch (life.is) {
    case 'open':
      return life.openedAt;
    case 'closed':
      return life.closedAt;
    case 'cancelled':
      return life.cancelledAt;
    case 'scheduled':
      return 0;
  }
}

export type Schedule = {
  /** Whether all that was to be closed when this process came was. True from then on. */
  caughtUp: () => boolean;
  /** Looks now what is due. */
  look: () => void;
  stop: Stop;
};

/**
 * Carries out the schedule: whatever is due, at every look. Every node of a cluster does; the
 * engine lets one of them through, and to the others it is a conflict, which is fine.
 */
export function keepSchedule(deps: {
  engine: Engine;
  clock: Clock;
  /** Null as long as they are not known. */
  nosos: () => Iterable<Noso> | null;
  wrote: () => Promise<void>;
  /** Whether the engine's time may be wrong. */
  doubts?: () => boolean;
  tell: Tell;
  onError: (error: unknown) => void;
}): Schedule {
  const busy = new Set<string>();
  /** What cannot be carried out keeps nobody from being seated elsewhere (F9). */
  const faulty = new Set<string>();
  let caughtUp = false;

  async function carryOut(noso: Noso, command: NosoCommand): Promise<void> {
    if (busy.has(noso.id)) return;
    busy.add(noso.id);
    try {
      await deps.engine.command(noso.id, command);
      await deps.wrote();
    } catch (error) {
      if (!(error instanceof Refusal)) faulty.add(noso.id);
      // Another node was first, or it is not so any more: the mirror will say.
      if (!(error instanceof Refusal) || error.code === 'unavailable') throw error;
    } finally {
      busy.delete(noso.id);
    }
  }

  const look = (): void => {
    const known = deps.nosos();
    if (!known) return;
    const nosos = [...known];
    const { engine, clock } = deps;
    // A machine that starts without knowing the hour knows less than what it stored (L7).
    const behind = Math.min(engine.now(), clock.now()) < newest(nosos) - APART;
    if (behind) deps.tell('CLOCK');
    // And one that may know too much waits as well, with what cannot be taken back.
    const doubts = deps.doubts?.() ?? false;
    if (doubts) deps.tell('AHEAD');
    const taken = new Set(nosos.filter((n) => n.life.is === 'open').map((n) => n.venue));
    let overdue = 0;
    for (const noso of nosos) {
      const command = due(noso, deps.engine.now());
      // Whether to close is the engine's to say: where nodes share one clock, theirs may be wrong.
      if (command?.do === 'close' && !doubts && !faulty.has(noso.id)) overdue += 1;
      const full = command?.do === 'open' && (behind || taken.has(noso.venue));
      const waits = full || (doubts && command?.do !== 'close');
      if (command && !waits) carryOut(noso, command).catch(deps.onError);
    }
    caughtUp ||= overdue === 0;
  };
  return { caughtUp: () => caughtUp, look, stop: deps.clock.every(LOOK, look) };
}
