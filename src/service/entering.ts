import { Refusal } from '../domain/errors.js';
import type { Noso, Venue } from '../domain/noso.js';
import { spell } from '../domain/numbers.js';
import { ENTRY_PASS } from '../domain/seating.js';
import type { Engine } from '../engine/engine.js';
import type { EntryPass } from '../protocol/wire.js';
import type { Codes } from './codes.js';
import type { Desk, Holder, Place, Seated } from './desk.js';
import type { Exchanges } from './exchanges.js';
import type { Turn } from './guesses.js';
import { iso } from './instants.js';
import { createLot } from './lot.js';
import type { Catalogue } from './mirror.js';
import type { Pass, Passes } from './passes.js';
import { viewNoso } from './present.js';
import { badCode } from './refusals.js';
import type { Tokens } from './tokens.js';

/** How far this process' reading of the engine's time may be off, in ms. */
const SKEW = 20;

/** How somebody comes in: a pass, or a code and perhaps an id of their own that makes it repeatable. */
export type Way = { pass: string } | { code: string; id?: string | undefined };

/** Whoever shows a code: their address, as `Limits.keyOf` has it, and their turn to have it looked up. */
type Trying = { from: string; turn: Turn };

/** How long an entry pass is good, in minutes. */
export const PASS_MINUTES = ENTRY_PASS / 60_000;

/** How people come in: codes become passes, passes numbers, and both together seats. */
export function createEntering(deps: {
  desk: Desk;
  engine: Engine;
  catalogue: Pick<Catalogue, 'refresh'>;
  codes: Codes;
  tokens: Tokens;
  passes: Passes;
  exchanges: Pick<Exchanges, 'admit'>;
  /** Told how many seconds it took to seat somebody, or to refuse to. */
  tookSeat: (seconds: number) => void;
}) {
  const { engine, catalogue, codes, tokens, passes, exchanges } = deps;
  const { place, find, findOpen, demandPass, demandHolder, demandHere, tokenFor, viewSeat } =
    deps.desk;
  const lot = createLot(engine);

  /** The NoSo a code stands for; `bad_code` if it is none, or has gone by. */
  async function findByCode(code: string, turn: Turn): Promise<Place> {
    let id = codes.lookUp(code, engine.now());
    if (id === null) {
      await catalogue.refresh();
      id = codes.lookUp(code, engine.now());
    }
    if (id === null) throw badCode(code);
    turn.right(id);
    return find(id);
  }

  /** The entry that a code opens at `from`'s asking: one more of those that are bounded (P8). */
  async function open(code: string, { from, turn }: Trying): Promise<{ noso: Noso; venue: Venue }> {
    const place = await findOpen((await findByCode(code, turn)).noso.id);
    await exchanges.admit(place.noso.id, place.noso.capacity, from);
    return place;
  }

  /**
   * What a way in amounts to. Whoever asks again with the same id is the same person, whatever has
   * become of the code, and opens nothing.
   */
  async function entryOf(way: Way, trying: Trying): Promise<Pass> {
    if ('pass' in way) return demandPass(way.pass);
    const proof = { kind: 'entry', issuedAt: engine.now() } as const;
    const entry = (noso: string, key: string | null) =>
      ({ noso, proof, number: null, key }) as Pass;
    const { code, id } = way;
    try {
      const { noso } = await open(code, trying);
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
      trying.turn.right(noso);
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
      const { noso } = place(id) ?? (await find(id));
      return { seat: viewSeat(noso, taken), taken, again };
    } finally {
      deps.tookSeat(Math.max(0, engine.now() - began) / 1000);
    }
  }

  return {
    /** Exchanges a code for an entry pass. */
    async exchange(code: string, trying: Trying): Promise<EntryPass & { venue: Venue; for: Noso }> {
      const { noso, venue } = await open(code, trying);
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
      if (read.key === null) throw new Refusal('bad_code.pass', 'an entry pass is needed');
      const { noso: id, key } = read;
      const { issuedAt } = read.proof;
      const { noso, digits } = await findOpen(id);
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
    async sitByCode(who: Holder & { code: string } & Trying): Promise<Seated> {
      return take(await entryOf({ code: who.code }, who), who, false);
    },

    /**
     * The whole way in at once: a number, unless a token is shown, and its seat. Asked again with
     * the same pass, or the same id, it is the same number and sitting (P8). `again`: it was known.
     */
    async enter(
      who: {
        way: Way;
        token: string | null;
        /** False for a token that is just there, in a cookie: elsewhere it is as good as none. */
        meant: boolean;
        keep: boolean;
        back: boolean;
      } & Trying,
    ): Promise<Seated & { token: string; kept: boolean; again: boolean }> {
      const shown = who.token === null ? null : demandHolder(who.token);
      const read = await entryOf(who.way, who);
      const elsewhere = shown !== null && shown.noso !== null && shown.noso !== read.noso;
      const holder = elsewhere && !who.meant ? null : shown;
      const seated = await take(read, holder, who.back);
      const { noso } = await find(read.noso);
      const kept = who.keep || holder?.noso === null;
      const same = holder !== null && (holder.noso === null) === kept;
      const token = same ? (who.token as string) : tokenFor(seated.taken.number, noso, kept);
      return { token, kept, ...seated };
    },
  };
}
