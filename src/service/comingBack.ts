import { Refusal } from '../domain/errors.js';
import type { Taken } from '../domain/seating.js';
import type { Engine } from '../engine/engine.js';
import type { Seat } from '../protocol/wire.js';
import type { Desk, Seated } from './desk.js';
import type { Turn } from './guesses.js';
import type { Catalogue } from './mirror.js';
import type { Pass, Passes } from './passes.js';
import { type createReturns, notTogether, sameCode } from './returns.js';

/** A seat that came free: why, and when (ms). */
export type Unseated = { unseated: 'left' | 'lapsed' | 'voided'; at: number };

/** How people who are seated come back to their seat, look after it, and give it back. */
export function createComingBack(deps: {
  desk: Desk;
  engine: Engine;
  catalogue: Pick<Catalogue, 'noso' | 'refresh'>;
  passes: Passes;
  returns: ReturnType<typeof createReturns>;
  /** Told after a number left, so that its other connections learn it, on whatever node. */
  left: (noso: string, number: number, sitting: number | null) => void;
}) {
  const { engine, catalogue, passes, returns } = deps;
  const { find, findOpen, demandPass, demandHolder, demandHere, tokenFor, viewSeat } = deps.desk;

  /** From now on this pass stands for the number that it brought back, and for no other (P8). */
  async function useUp({ noso, proof, key }: Pass, { number, sitting }: Taken): Promise<void> {
    try {
      const taking = { number, fresh: false, proof, back: false, key };
      if ((await engine.take(noso, taking)).sitting !== sitting) throw notTogether();
    } catch (error) {
      if (error instanceof Refusal && error.code === 'conflict') throw notTogether();
      throw error;
    }
  }

  const self = {
    /**
     * Another browser of somebody who is seated goes on with their seat (P10): with an entry pass,
     * which is used up, or without one where the NoSo is full and no wall shows a code. What does
     * not belong together is `bad_code.return`.
     */
    async comeBack(who: {
      pass: string | null;
      number: number;
      returnCode: string;
      turn: Turn;
    }): Promise<Seated & { token: string }> {
      const read = who.pass === null ? null : demandPass(who.pass);
      if (read && read.proof.kind !== 'entry') {
        throw new Refusal('bad_code.pass', 'an entry pass is needed');
      }
      const nosos = read ? [(await findOpen(read.noso)).noso] : await returns.full();
      for (const noso of nosos) {
        if (!read) await returns.tried(noso.id);
        const found = await engine.seat(noso.id, who.number);
        if (!found?.seated) continue;
        const right = passes.returnCode(noso.id, found.number, found.sitting);
        if (!sameCode(right, who.returnCode)) continue;
        who.turn.right(noso.id);
        if (read) await useUp(read, found);
        const token = tokenFor(found.number, noso, false);
        return { seat: viewSeat(noso, found), taken: found, token };
      }
      throw notTogether();
    },

    /** The seat that a token's number holds at a NoSo, why it holds none any more, or null. */
    async seat(token: string, id: string): Promise<Seat | Unseated | null> {
      const holder = demandHolder(token);
      const { noso } = await find(id);
      demandHere(holder, id);
      if (noso.life.is !== 'open') return null;
      const found = await engine.seat(id, holder.number);
      if (!found) return null;
      return found.seated ? viewSeat(noso, found) : { unseated: found.why, at: found.at };
    },

    /** The token of the same number, kept for another time or good at this open NoSo alone (A8). */
    async keep(token: string, id: string, keep: boolean): Promise<string> {
      const holder = demandHolder(token);
      const { noso } = await findOpen(id);
      demandHere(holder, id);
      return tokenFor(holder.number, noso, keep);
    },

    /** Leaves, ending the sitting, whichever it is. Nothing to leave is no error. */
    async leave(token: string, id: string): Promise<void> {
      const holder = demandHolder(token);
      if (!catalogue.noso(id)) await catalogue.refresh();
      // Whatever else a phone may call a NoSo is not brought before the store.
      if (!catalogue.noso(id)) return;
      demandHere(holder, id);
      await self.end(id, holder.number, null);
    },

    /** Ends one sitting of a number (null: whichever). True if it was on. */
    async end(id: string, number: number, sitting: number | null): Promise<boolean> {
      const ended = await engine.leave(id, number, sitting);
      if (ended) deps.left(id, number, sitting);
      return ended;
    },
  };
  return self;
}
