import type { Clock } from '../clock.js';
import { Refusal } from '../domain/errors.js';
import { type Noso, type Venue, whyNotOpen } from '../domain/noso.js';
import { spell } from '../domain/numbers.js';
import { ENTRY_PASS, type Taken } from '../domain/seating.js';
import { unavailable, within } from '../engine/deadline.js';
import type { Engine } from '../engine/engine.js';
import type { EntryPass, Seat } from '../protocol/wire.js';
import type { Codes } from './codes.js';
import type { Exchanges } from './exchanges.js';
import { iso } from './instants.js';
import { createLot } from './lot.js';
import type { Catalogue } from './mirror.js';
import type { Pass, Passes } from './passes.js';
import { viewNoso } from './present.js';
import { badCode } from './refusals.js';
import { createReturns, notTogether, sameCode } from './returns.js';
import type { Tokens } from './tokens.js';

/** Participants are answered within 2 s, however much there is to ask of the store (F1), in ms. */
const ANSWERED = 1850;
/** How far this process' reading of the engine's time may be off, in ms. */
const SKEW = 20;

/** A seat that came free: why, and when (ms). */
export type Unseated = { unseated: 'left' | 'lapsed' | 'voided'; at: number };

/** A seat as its phone is told of it, and as the engine knows it. */
export type Seated = { seat: Seat; taken: Taken };

/** How long an entry pass is good, in minutes. */
export const PASS_MINUTES = ENTRY_PASS / 60_000;

/** Whoever shows a number token; `noso`: where alone it is good, null for one that is kept (A8). */
export type Holder = { number: number; noso: string | null };

/** How somebody comes in: a pass, or a code and perhaps an id of their own that makes it repeatable. */
export type Way = { pass: string } | { code: string; id?: string | undefined };

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
  exchanges: Pick<Exchanges, 'admit'>;
  /** Told after a number left, so that its other connections learn it, on whatever node. */
  left: (noso: string, number: number, sitting: number | null) => void;
  /** Told how many seconds it took to seat somebody, or to refuse to. */
  tookSeat: (seconds: number) => void;
}) {
  const { engine, clock, catalogue, codes, tokens, passes, exchanges } = deps;
  const lot = createLot(engine);
  const returns = createReturns({ engine, clock, nosos: catalogue.nosos });

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

  function demandHolder(token: string): Holder {
    const claims = tokens.verify('number', token);
    if (!claims) throw new Refusal('unauthorized.invalid', 'not a valid number token');
    return { number: claims.number, noso: claims.noso ?? null };
  }

  /** A token that is not kept opens nothing elsewhere (A8). */
  function demandHere(holder: Holder, noso: string): void {
    if (holder.noso !== null && holder.noso !== noso) {
      throw new Refusal('forbidden.noso', 'this number was not kept: it is of another NoSo');
    }
  }

  const tokenFor = (number: number, noso: Noso, keep: boolean) =>
    keep ? tokens.number(number) : tokens.numberAt(number, noso.id, noso.startsAt);

  /** An open NoSo, and how long its numbers are; this node may not have heard of its opening yet. */
  async function findOpen(id: string): Promise<Place & { digits: number }> {
    const known = catalogue.noso(id)?.life.is;
    if (known !== 'open') await catalogue.refresh();
    const place = await find(id);
    const { life } = place.noso;
    if (life.is !== 'open') throw whyNotOpen(place.noso, engine.now());
    return { ...place, digits: life.digits };
  }

  function viewSeat(noso: Noso, taken: Taken): Seat {
    return {
      noso: noso.id,
      number: spell(taken.number),
      pass: passes.seat(noso.id, taken.number, taken.sitting, noso.startsAt),
      since: iso(taken.since),
      endsAt: iso(noso.endsAt),
      serverTime: engine.now(),
      returnCode: passes.returnCode(noso.id, taken.number, taken.sitting),
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

  /** The entry that a code opens at `from`'s asking: one more of those that are bounded (P8). */
  async function open(code: string, from: string): Promise<{ noso: Noso; venue: Venue }> {
    const place = await findOpen((await findByCode(code)).noso.id);
    exchanges.admit(place.noso.id, place.noso.capacity, from);
    return place;
  }

  /**
   * What a way in amounts to. Whoever asks again with the same id is the same person, whatever has
   * become of the code, and opens nothing.
   */
  async function entryOf(way: Way, from: string): Promise<Pass> {
    if ('pass' in way) return demandPass(way.pass);
    const proof = { kind: 'entry', issuedAt: engine.now() } as const;
    const entry = (noso: string, key: string | null) =>
      ({ noso, proof, number: null, key }) as Pass;
    const { code, id } = way;
    try {
      const { noso } = await open(code, from);
      return entry(noso.id, id === undefined ? null : passes.keyOfId(noso.id, id));
    } catch (refusal) {
      const noso = id === undefined ? null : codes.lookUpPast(code, engine.now());
      if (noso === null || !(refusal instanceof Refusal)) throw refusal;
      const key = passes.keyOfId(noso, id as string);
      const asked = { key, number: null, issuedAt: 0 };
      const known = await engine.bind(noso, asked).catch((error: unknown) => {
        if (error instanceof Refusal && error.code === 'bad_code') return null;
        throw error;
      });
      if (known === null) throw refusal;
      return entry(noso, key);
    }
  }

  /** `again`: it was seated already, as far as can be told. */
  async function take(
    read: Pass,
    who: Holder | null,
    back: boolean,
  ): Promise<Seated & { again: boolean }> {
    if (who) demandHere(who, read.noso);
    if (read.number !== null && read.number !== who?.number) {
      throw new Refusal('bad_code.pass', 'the pass of a seat goes with its number');
    }
    const began = engine.now();
    const { noso: id, proof, key } = read;
    try {
      let again = false;
      const taken = who
        ? await engine.take(id, { number: who.number, fresh: false, proof, back, key })
        : await lot.with((await findOpen(id)).digits, async (number) => {
            const one = await engine.take(id, { number, fresh: true, proof, back, key });
            again = one.number !== number;
            return one;
          });
      if (who) again = taken.since < began - SKEW;
      const { noso } = await find(id);
      return { seat: viewSeat(noso, taken), taken, again };
    } finally {
      deps.tookSeat(Math.max(0, engine.now() - began) / 1000);
    }
  }

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
    /** Exchanges a code for an entry pass; `from` is the address, as `Limits.keyOf` has it. */
    async exchange(code: string, from: string): Promise<EntryPass & { venue: Venue; for: Noso }> {
      const { noso, venue } = await open(code, from);
      const at = engine.now();
      return {
        pass: passes.entry(noso.id, at, noso.startsAt),
        expiresAt: iso(at + ENTRY_PASS),
        noso: viewNoso(noso, venue, null),
        venue,
        for: noso,
      };
    },

    /** The NoSo that a code leads to, without opening a way in. `bad_code`. */
    findByCode,

    /**
     * Which NoSo a pass is for, of what kind it is, and until when (ms) an entry pass may be used;
     * null if it is no pass.
     */
    readPass(
      pass: string,
    ): { noso: string; kind: 'seat' } | { noso: string; kind: 'entry'; until: number } | null {
      const read = passes.read(pass);
      if (!read) return null;
      const { noso, proof } = read;
      return proof.kind === 'seat'
        ? { noso, kind: 'seat' }
        : { noso, kind: 'entry', until: proof.issuedAt + ENTRY_PASS };
    },

    /** A number token's number, and a renewed token once it is time. */
    readToken(
      token: string,
    ): { number: string; noso: string | null; renewed: string | null } | null {
      const claims = tokens.verify('number', token);
      if (!claims) return null;
      const renewed = tokens.worthRenewing(claims) ? tokens.number(claims.number) : null;
      return { number: spell(claims.number), noso: claims.noso ?? null, renewed };
    },

    /**
     * The number that an entry pass stands for: drawn now, or when it was first asked for (P8).
     * `again`: it had one.
     */
    async drawNumber(who: {
      pass: string;
      keep: boolean;
    }): Promise<{ number: string; token: string; again: boolean }> {
      const read = demandPass(who.pass);
      const { noso: id, key, proof } = read;
      if (proof.kind !== 'entry' || key === null) {
        throw new Refusal('bad_code.pass', 'an entry pass is needed');
      }
      const { noso, digits } = await findOpen(id);
      const { issuedAt } = proof;
      let again = false;
      const { number } = await lot.with(digits, async (drawn) => {
        const bound = await engine.bind(id, { key, number: drawn, issuedAt });
        again = bound !== drawn;
        return { number: bound };
      });
      return { number: spell(number), token: tokenFor(number, noso, who.keep), again };
    },

    /** Takes the seat: idempotent, see `domain/seating.take` for what it may throw. */
    async sit(who: Holder & { pass: string; back: boolean }): Promise<Seated> {
      return take(demandPass(who.pass), who, who.back);
    },

    /** The same, with a code in the place of a pass. */
    async sitByCode(who: Holder & { code: string; from: string }): Promise<Seated> {
      return take(await entryOf({ code: who.code }, who.from), who, false);
    },

    /**
     * The whole way in at once: a number, unless a token is shown, and its seat. Asked again with
     * the same pass, or the same id, it is the same number and sitting (P8). `again`: it was known.
     */
    async enter(who: {
      way: Way;
      token: string | null;
      /** False for a token that is just there, in a cookie: elsewhere it is as good as none. */
      meant: boolean;
      keep: boolean;
      back: boolean;
      from: string;
    }): Promise<Seated & { token: string; kept: boolean; again: boolean }> {
      const shown = who.token === null ? null : demandHolder(who.token);
      const read = await entryOf(who.way, who.from);
      const elsewhere = shown !== null && shown.noso !== null && shown.noso !== read.noso;
      const holder = elsewhere && !who.meant ? null : shown;
      const seated = await take(read, holder, who.back);
      const { noso } = await find(read.noso);
      const kept = who.keep || holder?.noso === null;
      const same = holder !== null && (holder.noso === null) === kept;
      const token = same ? (who.token as string) : tokenFor(seated.taken.number, noso, kept);
      return { ...seated, token, kept };
    },

    /**
     * Another browser of somebody who is seated goes on with their seat (P10): with an entry pass,
     * which is used up, or without one where the NoSo is full and no wall shows a code. What does
     * not belong together is `bad_code.return`.
     */
    async comeBack(who: {
      pass: string | null;
      number: number;
      returnCode: string;
    }): Promise<Seated & { token: string }> {
      const read = who.pass === null ? null : demandPass(who.pass);
      if (read && read.proof.kind !== 'entry') {
        throw new Refusal('bad_code.pass', 'an entry pass is needed');
      }
      const nosos = read ? [(await findOpen(read.noso)).noso] : await returns.full();
      for (const noso of nosos) {
        if (!read) returns.tried(noso.id);
        const found = await engine.seat(noso.id, who.number);
        if (!found?.seated) continue;
        const right = passes.returnCode(noso.id, found.number, found.sitting);
        if (!sameCode(right, who.returnCode)) continue;
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

    find,
  };
  const { exchange, drawNumber, sit, sitByCode, enter, comeBack, seat, leave } = self;
  return {
    ...self,
    exchange: inTime(exchange),
    drawNumber: inTime(drawNumber),
    sit: inTime(sit),
    sitByCode: inTime(sitByCode),
    enter: inTime(enter),
    comeBack: inTime(comeBack),
    seat: inTime(seat),
    leave: inTime(leave),
  };
}
