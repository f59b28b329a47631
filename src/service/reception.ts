import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import type { Noso, Venue } from '../domain/noso.js';
import { spell } from '../domain/numbers.js';
import { ENTRY_PASS, type Proof, type Taken } from '../domain/seating.js';
import { unavailable, within } from '../engine/deadline.js';
import type { Engine } from '../engine/engine.js';
import type { EntryPass, Seat } from '../protocol/wire.js';
import type { Codes } from './codes.js';
import { iso } from './instants.js';
import type { Catalogue } from './mirror.js';
import type { Pass, Passes } from './passes.js';
import { viewNoso } from './present.js';
import { badCode, over } from './refusals.js';
import type { Tokens } from './tokens.js';

/** Participants are answered within 2 s, however much there is to ask of the store (F1), in ms. */
const ANSWERED = 1850;

/** A seat that came free: why, and when (ms). */
export type Unseated = { unseated: 'left' | 'lapsed'; at: number };

/** A seat as its phone is told of it, and as the engine knows it. */
export type Seated = { seat: Seat; taken: Taken };

/** How long an entry pass is good, in minutes. */
export const PASS_MINUTES = ENTRY_PASS / 60_000;

/** Somewhere to sit. */
export type Place = { noso: Noso; venue: Venue };

export type Reception = ReturnType<typeof createReception>;

/**
 * Where participants are received: the verbs behind the HTTP API, the form without JavaScript and
 * the phone's socket, so that all three seat people by the same rules. Throws `Refusal`s.
 */
export function createReception(deps: {
  engine: Engine;
  clock: Clock;
  catalogue: Catalogue;
  codes: Codes;
  tokens: Tokens;
  passes: Passes;
  /** Told after a number left, so that its other connections learn it, on whatever node. */
  left: (noso: string, number: number, sitting: number | null) => void;
  /** Told how many seconds it took to seat somebody, or to refuse to. */
  tookSeat: (seconds: number) => void;
}) {
  const { engine, clock, catalogue, codes, tokens, passes } = deps;

  /** Or else `unavailable`: each of several steps may be in time, and all together late. */
  const inTime =
    <A extends unknown[], T>(work: (...args: A) => Promise<T>) =>
    (...args: A): Promise<T> =>
      within(clock, ANSWERED, work(...args), () => unavailable('it takes too long', 'late'));

  /** A NoSo that this node may not have heard of yet is looked for once before it is denied. */
  async function find(id: string): Promise<Place> {
    if (!catalogue.noso(id)) await catalogue.refresh();
    const noso = catalogue.noso(id);
    const venue = noso && catalogue.venue(noso.venue);
    if (!noso || !venue) throw new Refusal('not_found', 'no such NoSo');
    return { noso, venue };
  }

  function demandPass(pass: string): Pass {
    const read = passes.read(pass);
    if (!read) throw new Refusal('bad_code.pass', 'unknown or expired pass');
    return read;
  }

  function demandNumber(token: string): number {
    const claims = tokens.verify('number', token);
    if (!claims) throw new Refusal('unauthorized.invalid', 'not a valid number token');
    return claims.number;
  }

  /** Until when an entry pass issued at `at` is good, as far as can be known now. */
  const entryUntil = (noso: Noso, at: number) =>
    (noso.life.is === 'scheduled' ? Math.max(at, noso.startsAt) : at) + ENTRY_PASS;

  function viewSeat(noso: Noso, taken: Taken): Seat {
    return {
      noso: noso.id,
      number: spell(taken.number),
      pass: passes.seat(noso.id, taken.number, taken.sitting, noso.startsAt),
      since: iso(taken.since),
      endsAt: iso(noso.endsAt),
      serverTime: engine.now(),
    };
  }

  /** The NoSo a code stands for; `bad_code` if it is none, or has gone by. */
  async function findByCode(code: string): Promise<Place> {
    let id = codes.lookUp(code, engine.now());
    if (id === null) {
      await catalogue.refresh();
      id = codes.lookUp(code, engine.now());
    }
    if (id === null) throw badCode(code);
    return find(id);
  }

  async function take(
    read: Pass,
    number: number,
    back: boolean,
    form: string | null,
  ): Promise<Seated> {
    if (read.number !== null && read.number !== number) {
      throw new Refusal('bad_code.pass', 'this pass is of another number');
    }
    const began = engine.now();
    try {
      const taken = await engine.take(read.noso, { number, proof: read.proof, back, form });
      const { noso } = await find(read.noso);
      return { seat: viewSeat(noso, taken), taken };
    } finally {
      deps.tookSeat(Math.max(0, engine.now() - began) / 1000);
    }
  }

  const self = {
    /** Exchanges a code for an entry pass. `bad_code`. */
    async exchange(code: string): Promise<EntryPass & { venue: Venue; for: Noso }> {
      const { noso, venue } = await findByCode(code);
      const at = engine.now();
      return {
        pass: passes.entry(noso.id, at, noso.startsAt),
        expiresAt: iso(entryUntil(noso, at)),
        noso: viewNoso(noso, venue, null),
        venue,
        for: noso,
      };
    },

    /** Which NoSo a pass is for, and of what kind it is; null if it is no pass. */
    readPass(pass: string): { noso: string; kind: Proof['kind'] } | null {
      const read = passes.read(pass);
      return read && { noso: read.noso, kind: read.proof.kind };
    },

    /** A number token's number, and a renewed token once it is time. */
    readToken(token: string): { number: string; renewed: string | null } | null {
      const claims = tokens.verify('number', token);
      if (!claims) return null;
      const renewed = tokens.worthRenewing(claims) ? tokens.number(claims.number) : null;
      return { number: spell(claims.number), renewed };
    },

    /** Draws a number. An entry pass is needed, so that numbers are not burnt from afar. */
    async drawNumber(pass: string): Promise<{ number: string; token: string }> {
      const read = demandPass(pass);
      if (read.proof.kind !== 'entry')
        throw new Refusal('bad_code.pass', 'an entry pass is needed');
      const { noso } = await find(read.noso);
      const { life } = noso;
      if (life.is === 'closed' || life.is === 'cancelled') throw over(noso);
      const good = life.is === 'open' ? Math.max(read.proof.issuedAt, life.openedAt) : engine.now();
      if (engine.now() > good + ENTRY_PASS)
        throw new Refusal('bad_code.pass', 'the pass has expired');
      const [number] = await engine.draw(1);
      return { number: spell(number as number), token: tokens.number(number as number) };
    },

    /** Takes the seat: idempotent, see `domain/seating.take` for what it may throw. */
    async sit(who: { number: number; pass: string; back: boolean }): Promise<Seated> {
      return take(demandPass(who.pass), who.number, who.back, null);
    },

    /** The same, with a code in the place of a pass. */
    async sitByCode(who: { number: number; code: string }): Promise<Seated> {
      const { noso } = await findByCode(who.code);
      const proof: Proof = { kind: 'entry', issuedAt: engine.now() };
      return take({ noso: noso.id, proof, number: null }, who.number, false, null);
    },

    /**
     * The same, for a form without JavaScript, which may not have a number yet. The form's random
     * id is remembered until close: sent again after a lost answer, it is the same seat.
     */
    async sitByForm(who: {
      token: string | null;
      pass: string;
      form: string;
      back: boolean;
    }): Promise<{ seat: Seat; token: string }> {
      const read = demandPass(who.pass);
      const claims = who.token === null ? null : tokens.verify('number', who.token);
      const number = claims ? claims.number : Number((await self.drawNumber(who.pass)).number);
      const { seat } = await take(read, number, who.back, who.form);
      return { seat, token: tokens.number(Number(seat.number)) };
    },

    /** The seat that a token's number holds at a NoSo, why it holds none any more, or null. */
    async seat(token: string, id: string): Promise<Seat | Unseated | null> {
      const number = demandNumber(token);
      const { noso } = await find(id);
      if (noso.life.is !== 'open') return null;
      const found = await engine.seat(id, number);
      if (!found) return null;
      return found.seated ? viewSeat(noso, found) : { unseated: found.why, at: found.at };
    },

    /** Leaves, ending the sitting, whichever it is. Nothing to leave is no error. */
    async leave(token: string, id: string): Promise<void> {
      const number = demandNumber(token);
      if (!catalogue.noso(id)) await catalogue.refresh();
      // Whatever else a phone may call a NoSo is not brought before the store.
      if (catalogue.noso(id)) await self.end(id, number, null);
    },

    /** Ends one sitting of a number (null: whichever). True if it was on. */
    async end(id: string, number: number, sitting: number | null): Promise<boolean> {
      const ended = await engine.leave(id, number, sitting);
      if (ended) deps.left(id, number, sitting);
      return ended;
    },

    find,
  };
  const { exchange, drawNumber, sit, sitByCode, sitByForm, seat, leave } = self;
  return {
    ...self,
    exchange: inTime(exchange),
    drawNumber: inTime(drawNumber),
    sit: inTime(sit),
    sitByCode: inTime(sitByCode),
    sitByForm: inTime(sitByForm),
    seat: inTime(seat),
    leave: inTime(leave),
  };
}
