import type { Clock, Stop } from '../clock.js';
import type { Engine, Heard, Unseated } from '../engine/engine.js';
import type { Catalogue } from './mirror.js';

export type Sitting = { noso: string; number: number; sitting: number };

/** A phone as far as its heartbeats matter; times are the engine's, in ms. */
export type Phone = Sitting & {
  /** When a packet was last heard, and when that was last written down. */
  heardAt: number;
  notedAt: number;
};

/** Told of a sitting that is no more, and why. */
export type Ended = (of: Sitting, why: Unseated['why']) => void;

export type Hearing = ReturnType<typeof createHearing>;

/**
 * Hears phones' heartbeats where a seat does not outlive its silent phone for ever (P4): they are
 * written down once a second, and one phone's at most every third of the pocket.
 */
export function createHearing(deps: {
  engine: Pick<Engine, 'now' | 'hear' | 'seat'>;
  clock: Pick<Clock, 'every'>;
  catalogue: Pick<Catalogue, 'noso'>;
  onError: (error: unknown) => void;
}) {
  const { engine, catalogue } = deps;
  const heard = new Map<Phone, Heard>();

  function note(phone: Phone): Heard {
    phone.notedAt = phone.heardAt;
    return { number: phone.number, sitting: phone.sitting, at: phone.heardAt };
  }

  /** Writes down what was heard, and tells of those whose seats are no more. */
  async function flush(ended: Ended): Promise<void> {
    const batches = new Map<string, Heard[]>();
    for (const [{ noso }, each] of heard) {
      const batch = batches.get(noso);
      if (batch) batch.push(each);
      else batches.set(noso, [each]);
    }
    heard.clear();
    for (const [noso, batch] of batches) {
      for (const { number, sitting } of await engine.hear(noso, batch)) {
        const seat = await engine.seat(noso, number);
        ended({ noso, number, sitting }, seat?.seated === false ? seat.why : 'lapsed');
      }
    }
  }

  return {
    /** A seat was taken now, by a phone that is heard from here on. */
    phone: ({ noso, number, sitting }: Sitting): Phone => {
      const now = engine.now();
      return { noso, number, sitting, heardAt: now, notedAt: now };
    },

    /** Whether it matters that phones of this NoSo are heard. */
    matters: (noso: string): boolean => catalogue.noso(noso)?.pocket != null,

    /** A packet of this phone came. */
    heard(phone: Phone): void {
      phone.heardAt = engine.now();
      const pocket = catalogue.noso(phone.noso)?.pocket;
      if (pocket == null || phone.heardAt - phone.notedAt < (pocket * 1000) / 3) return;
      heard.set(phone, note(phone));
    },

    /** The phone is gone: what was heard of it last is written down now. */
    gone(phone: Phone): void {
      const waited = heard.delete(phone);
      if (!waited && phone.heardAt <= phone.notedAt) return;
      engine.hear(phone.noso, [note(phone)]).catch(deps.onError);
    },

    /** Writes down every second from now on. */
    start(ended: Ended): Stop {
      return deps.clock.every(1000, () => {
        if (heard.size > 0) flush(ended).catch(deps.onError);
      });
    },
  };
}
