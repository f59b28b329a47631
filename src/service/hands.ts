import { whyNotOpen } from '../domain/byTheHour.js';
import { type Click, type ClickResult, retryAfterOf } from '../domain/clicks.js';
import { Refusal } from '../domain/errors.js';
import type { Noso } from '../domain/noso.js';
import { spell, unspell } from '../domain/numbers.js';
import type { Door, Engine } from '../engine/engine.js';
import type * as wire from '../protocol/wire.js';
import { newId, newKey } from './identity.js';
import { iso } from './instants.js';
import type { Lot } from './lot.js';
import type { Catalogue } from './mirror.js';
import type { Passes } from './passes.js';
import { viewNoso } from './present.js';
import { failureOf } from './refusals.js';
import type { Writing } from './writing.js';

/** Clicks of one request are carried out for so long, in ms; the rest is sent again (F1). */
const PATIENCE = 1500;
/** Seats of paper numbers that are looked up at once. */
const AT_ONCE = 100;

/** A click as it came in, times in ms. */
export type ClickIn = Omit<wire.DoorClick, 'at'> & { at: number };

export type Hands = ReturnType<typeof createHands>;

/** People without a phone (P9): numbers on paper, and doors; and what is done by hand there. */
export function createHands(deps: {
  engine: Engine;
  catalogue: Catalogue;
  writing: Writing;
  passes: Pick<Passes, 'keyOfClick'>;
  lot: Lot;
  /** Told what became of a click: `ok`, or the code of a refusal. */
  clicked: (result: string) => void;
  publicUrl: () => string;
}) {
  const { engine, catalogue, writing, passes, lot } = deps;

  /** Of those that are planned or open: what is over draws no numbers, and has no door. */
  async function stillToBe(id: string): Promise<Noso> {
    const noso = await writing.noso(id);
    if (noso.life.is === 'scheduled' || noso.life.is === 'open') return noso;
    throw new Refusal('conflict.state', `the NoSo is ${noso.life.is}`);
  }

  function paperOf(noso: string): Set<number> {
    const numbers = new Set<number>();
    for (const paper of catalogue.papers()) {
      if (paper.noso === noso) for (const number of paper.numbers) numbers.add(number);
    }
    return numbers;
  }

  async function demandPaper(noso: string, typed: string): Promise<number> {
    const number = unspell(typed);
    if (number !== null && !paperOf(noso).has(number)) await catalogue.refresh();
    if (number === null || !paperOf(noso).has(number)) {
      throw new Refusal('not_found', 'not a paper number of this NoSo');
    }
    return number;
  }

  /** What a click comes to, as the door is told. */
  function told(id: string, { why, number }: ClickResult, paper: Set<number>): wire.DoorResult {
    if (why !== 'ok') return { id, ...failureOf(new Refusal(why, undefined, retryAfterOf(why))) };
    return paper.has(number) ? { id, ok: true, number: spell(number) } : { id, ok: true };
  }

  /** `digits`: of the numbers that the door's NoSo draws. */
  async function carryOut(door: Door, digits: number, asked: ClickIn): Promise<ClickResult> {
    const { id, what, at, of } = asked;
    const common = { key: passes.keyOfClick(door.noso, door.id, id), door: door.id, at };
    const number = asked.number === undefined ? null : await demandPaper(door.noso, asked.number);
    const click = (of: Click) => engine.click(door.noso, of);
    switch (what) {
      case 'in': {
        if (number !== null) return click({ ...common, what, number });
        return lot.with(digits, async (drawn) => {
          const result = await click({ ...common, what, number: drawn });
          // What is refused uses no number up.
          return result.why === 'ok' ? result : { ...result, number: 0 };
        });
      }
      case 'out':
        return click({ ...common, what, number });
      case 'undo':
        return click({ ...common, what, of: passes.keyOfClick(door.noso, door.id, of ?? '') });
    }
  }

  return {
    async drawPaper(id: string, count: number): Promise<{ numbers: string[] }> {
      const noso = await stillToBe(id);
      const digits = noso.life.is === 'open' ? noso.life.digits : null;
      const numbers = await engine.draw(count, digits);
      await writing.save('paper', { id: newId(), noso: id, numbers });
      return { numbers: numbers.map(spell) };
    },

    async paper(id: string): Promise<wire.PaperInfo[]> {
      const noso = await writing.noso(id);
      await catalogue.refresh();
      const numbers = [...paperOf(id)];
      const seated: boolean[] = [];
      for (let k = 0; noso.life.is === 'open' && k < numbers.length; k += AT_ONCE) {
        const some = numbers.slice(k, k + AT_ONCE).map((number) => engine.seat(id, number));
        for (const seat of await Promise.all(some)) seated.push(seat?.seated === true);
      }
      return numbers.map((number, k) => ({ number: spell(number), seated: seated[k] ?? false }));
    },

    async seatPaper(id: string, typed: string): Promise<{ number: string }> {
      await writing.noso(id);
      const number = await demandPaper(id, typed);
      const asked: Click = { key: null, door: '', at: engine.now(), what: 'in', number };
      const { why } = await engine.click(id, asked);
      if (why !== 'ok') throw new Refusal(why, undefined, retryAfterOf(why));
      return { number: spell(number) };
    },

    /** What is not there is given back already. */
    async givePaperBack(id: string, typed: string): Promise<void> {
      const number = unspell(typed);
      if (number === null || !paperOf(id).has(number)) return;
      const asked: Click = { key: null, door: '', at: engine.now(), what: 'out', number };
      const why = await engine.click(id, asked).then(
        (result) => result.why,
        (error: unknown) => {
          // Where no NoSo is open nobody sits.
          if (error instanceof Refusal && /^not_(open|found)$/.test(error.code)) return null;
          throw error;
        },
      );
      // Whoever gave it back may have died with the answer: it is acknowledged once more.
      if (why === 'not_found') await engine.leave(id, number, null);
    },

    /** A new door's token, which is shown this once. */
    async addDoor(of: string, name = ''): Promise<{ id: string; url: string; token: string }> {
      const noso = await stillToBe(of);
      const { id, token, hash } = newKey('door');
      await writing.save('door', { id, noso: noso.id, name, hash, createdAt: engine.now() });
      return { id, url: `${deps.publicUrl()}/door#${token}`, token };
    },

    async doors(of: string): Promise<wire.DoorInfo[]> {
      const noso = await writing.noso(of);
      await catalogue.refresh();
      const own = [...catalogue.doors()]
        .filter((door) => door.noso === of)
        .sort((a, b) => a.createdAt - b.createdAt);
      const here = noso.life.is === 'open' ? await engine.doors(of) : new Map<string, number>();
      const seen = await engine.beats(own.map(({ id }) => id));
      return own.map(({ id, name }) => {
        const at = seen.get(id);
        return { id, name, seated: here.get(id) ?? 0, lastSeen: at === undefined ? null : iso(at) };
      });
    },

    removeDoor: (id: string): Promise<void> => writing.remove('door', id),

    /** What a door's people did, in their order; each click once, however often it is sent. */
    async clicks(id: string, asked: readonly ClickIn[]): Promise<wire.DoorAnswer> {
      const door = catalogue.door(id);
      if (!door) throw new Refusal('unauthorized.revoked', 'the door is no more');
      const noso = await writing.noso(door.noso);
      if (noso.life.is !== 'open') throw whyNotOpen(noso, engine.now());
      const { digits } = noso.life;
      const until = engine.now() + PATIENCE;
      const paper = paperOf(noso.id);
      const results: wire.DoorResult[] = [];
      for (const each of asked) {
        try {
          if (engine.now() > until) throw new Refusal('unavailable.late', undefined, 1);
          results.push(told(each.id, await carryOut(door, digits, each), paper));
        } catch (error) {
          if (!(error instanceof Refusal) || error.code === 'not_open') throw error;
          results.push({ id: each.id, ...failureOf(error) });
        }
        const last = results.at(-1);
        deps.clicked(last?.ok === false ? last.code : 'ok');
      }
      await engine.beat([door.id]);
      const [{ epoch, seq, count }, here] = await Promise.all([
        engine.tail(noso.id, null),
        engine.doors(noso.id),
      ]);
      const venue = await writing.venue(noso.venue);
      return {
        results,
        noso: viewNoso(noso, venue, null),
        ...{ epoch, seq, count },
        here: here.get(door.id) ?? 0,
      };
    },
  };
}
