import { whyNotOpen } from '../domain/byTheHour.js';
import { Refusal } from '../domain/errors.js';
import { assertPlan, assertStart, type Noso, type NosoCommand, type Plan } from '../domain/noso.js';
import type { Engine, Sat } from '../engine/engine.js';
import type * as wire from '../protocol/wire.js';
import type { Codes } from './codes.js';
import { type Identity, newId } from './identity.js';
import { iso } from './instants.js';
import { fold, isAfter, readCursor, writeCursor } from './listing.js';
import type { Catalogue } from './mirror.js';
import { viewNoso, viewRecord, viewRecordSoFar } from './present.js';
import type { Writing } from './writing.js';

const PAGE = 50;

/** Which NoSos somebody asks for; times in ms. */
export type Wanted = {
  city?: string | undefined;
  state?: wire.NosoState | undefined;
  /** Those that end then or later. */
  from?: number | undefined;
  cursor?: string | undefined;
};

/** The fields that a merge patch names. */
export type Changes = { [K in keyof Plan]?: Plan[K] | undefined };

export type Planning = ReturnType<typeof createPlanning>;

/** NoSos: what anybody may see of them, and how organizers plan, open and close them. */
export function createPlanning(deps: {
  engine: Pick<Engine, 'now' | 'command' | 'tail' | 'totals' | 'takeBack' | 'takenIn' | 'intents'>;
  /** Told whose seats were taken back, so that their phones learn it, on whatever node. */
  takenBack: (noso: string, seats: Sat[]) => void;
  catalogue: Catalogue;
  codes: Codes;
  writing: Writing;
}) {
  const { engine, catalogue, codes, writing } = deps;

  /** Organizers see the count of an open NoSo, and how many mean to come; nobody else does over HTTP. */
  async function view(noso: Noso, { role }: Identity): Promise<wire.Noso> {
    const venue = await writing.venue(noso.venue);
    const mayCount = role === 'organizer' || role === 'owner';
    const { life } = noso;
    if (mayCount && life.is === 'scheduled') {
      const { count: intents } = await engine.intents(noso.id, []);
      return viewNoso(noso, venue, null, intents);
    }
    if (!mayCount || life.is !== 'open') return viewNoso(noso, venue, null);
    const tail = await unlessOver(engine.tail(noso.id, null));
    return viewNoso(noso, venue, tail?.count ?? null, life.intents ?? 0);
  }

  /** Null where it closed since the mirror was read. */
  async function unlessOver<T>(ask: Promise<T>): Promise<T | null> {
    try {
      return await ask;
    } catch (error) {
      if (error instanceof Refusal && error.code === 'not_open') return null;
      throw error;
    }
  }

  /** Carries out a command; a conflict says how things stand. */
  async function command(id: string, what: NosoCommand, who: Identity): Promise<wire.Noso> {
    try {
      const noso = await engine.command(id, what);
      await writing.wrote();
      return await view(noso, who);
    } catch (error) {
      if (!(error instanceof Refusal) || error.code !== 'conflict') throw error;
      await catalogue.refresh();
      const now = catalogue.noso(id);
      const also = now ? { noso: await view(now, who) } : {};
      throw new Refusal(error.why, error.detail, undefined, { ...error.also, ...also });
    }
  }

  return {
    command,

    async list(wanted: Wanted, who: Identity): Promise<{ nosos: wire.Noso[]; next?: string }> {
      const after = wanted.cursor === undefined ? null : readCursor(wanted.cursor);
      const all = [...catalogue.nosos()]
        .filter((noso) => isWanted(noso, wanted) && (after === null || isAfter(noso, after)))
        .sort((a, b) => a.startsAt - b.startsAt || (a.id < b.id ? -1 : 1));
      const page = all.slice(0, PAGE);
      const last = page.at(-1);
      const nosos = await Promise.all(page.map((noso) => view(noso, who)));
      return last && all.length > PAGE ? { nosos, next: writeCursor(last) } : { nosos };
    },

    one: async (id: string, who: Identity): Promise<wire.Noso> => view(await writing.noso(id), who),

    async plan(plan: Plan, who: Identity): Promise<wire.Noso> {
      await writing.venue(plan.venue, 'venue: no such venue');
      assertStart(plan.startsAt, engine.now());
      assertPlan(plan);
      if (plan.endsAt <= engine.now()) {
        throw new Refusal('bad_request.past', 'endsAt: is in the past', undefined, {
          field: 'endsAt',
        });
      }
      const noso: Noso = { ...plan, id: newId(), life: { is: 'scheduled' } };
      await writing.save('noso', noso);
      return view(noso, who);
    },

    async amend(id: string, sent: Changes, who: Identity): Promise<wire.Noso> {
      if (sent.venue !== undefined) await writing.venue(sent.venue, 'venue: no such venue');
      // Only what was sent is in it, so nothing is undefined.
      return command(id, { do: 'amend', changes: sent as Partial<Plan> }, who);
    },

    /** The code of the moment; of a link, which is printed beforehand, from the planning on. */
    async code(id: string): Promise<wire.Code> {
      const noso = await writing.noso(id);
      const now = engine.now();
      const code = noso.life.is === 'open' ? codes.shown(noso, now) : codes.printed(noso, now);
      if (!code) throw whyNotOpen(noso, now);
      return code;
    },

    /** Notes how many people somebody sees. */
    async headcount(id: string, count: number): Promise<{ at: string; count: number }> {
      const { life } = await engine.command(id, { do: 'headcount', count });
      await writing.wrote();
      const last = 'headcounts' in life ? life.headcounts?.at(-1) : undefined;
      return { at: iso(last?.at ?? engine.now()), count: last?.count ?? count };
    },

    /**
     * Takes back the seats that phones took in that time; codes and entry passes until then are no
     * good any more. Asked again it is the same answer.
     */
    async takeBack(id: string, since: number, asked: number | undefined) {
      const noso = await writing.noso(id);
      const until = Math.min(asked ?? engine.now(), engine.now());
      const voids = noso.life.is === 'open' ? (noso.life.voids ?? []) : [];
      const known = voids.find((each) => each.since === since && each.until === until);
      if (known && known.freed !== null) return { freed: known.freed, until: iso(until) };
      await engine.command(id, { do: 'void', since, until, freed: null });
      await writing.wrote();
      const seats = await engine.takeBack(id, since, until);
      deps.takenBack(id, seats);
      await engine.command(id, { do: 'void', since, until, freed: seats.length });
      await writing.wrote();
      return { freed: seats.length, until: iso(until) };
    },

    /** What taking back would free, and until when it was looked. Nothing is done. */
    async wouldTakeBack(id: string, since: number, asked: number | undefined) {
      const until = Math.min(asked ?? engine.now(), engine.now());
      return { freed: await engine.takenIn(id, since, until), until: iso(until) };
    },

    /** Of an open one: so far. */
    async record(id: string): Promise<wire.NosoRecord> {
      const noso = await writing.noso(id);
      if (noso.life.is === 'open') {
        const totals = await unlessOver(engine.totals(id));
        if (totals) return viewRecordSoFar(noso, noso.life.openedAt, totals);
        await catalogue.refresh();
      }
      const now = catalogue.noso(id) ?? noso;
      const record = viewRecord(now);
      if (record) return record;
      throw new Refusal('conflict.state', `the NoSo is ${now.life.is}: no record yet`);
    },
  };

  function isWanted(noso: Noso, { city, state, from }: Wanted): boolean {
    if (state !== undefined && noso.life.is !== state) return false;
    if (from !== undefined && noso.endsAt < from) return false;
    const venue = catalogue.venue(noso.venue);
    return venue !== undefined && (city === undefined || fold(venue.city) === fold(city));
  }
}
