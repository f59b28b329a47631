import type { Clock } from '../../src/clock.js';
import { whyNotOpen } from '../../src/domain/byTheHour.js';
import { type Click, click } from '../../src/domain/clicks.js';
import { Refusal } from '../../src/domain/errors.js';
import { decide, type Noso, voidedAt } from '../../src/domain/noso.js';
import { totalsAt } from '../../src/domain/record.js';
import {
  apply,
  bind,
  type LogEntry,
  leave,
  newSeating,
  type Seating,
  take,
  takeBack,
} from '../../src/domain/seating.js';
import type { Change, Engine, SeatChange } from '../../src/engine/engine.js';

/** One entry of a NoSo's log, as walls need it. */
const changeOf = (entry: LogEntry): SeatChange[] =>
  'seq' in entry
    ? [
        {
          ...{ seq: entry.seq, at: entry.at, number: entry.number },
          seated: entry.what === 'take' || entry.what === 'hand',
        },
      ]
    : [];

type Live = { seating: Seating; log: SeatChange[] };

/**
 * The rules with nothing below them: an engine that keeps all in memory and answers at once, for tests
 * of what stands on engines. Nobody lapses, nothing expires but what is reserved, spent or forgotten
 * by hand; numbers are drawn in order, from 100,000 on.
 */
export function memoryEngine(clock: Pick<Clock, 'now'>): Engine {
  const documents = new Map<string, Change>();
  const lives = new Map<string, Live>();
  const reserved = new Map<string, { holder: string; until: number }>();
  const intents = new Map<string, Set<string>>();
  const rations = new Map<string, number>();
  const beats = new Map<string, number>();
  let revision = 0;
  let drawn = 99_999;
  const now = () => clock.now();

  const put = (kind: string, id: string, document: unknown): number => {
    revision += 1;
    documents.delete(`${kind} ${id}`);
    documents.set(`${kind} ${id}`, { kind, id, revision, document } as Change);
    return revision;
  };
  const read = (kind: string, id: string) => documents.get(`${kind} ${id}`)?.document ?? null;
  const nosoOf = (id: string) => read('noso', id) as Noso | null;
  const demand = (id: string): Noso => {
    const noso = nosoOf(id);
    if (!noso) throw new Refusal('not_found', 'no such NoSo');
    return noso;
  };
  const live = (id: string): Live & { terms: Noso & { voidedAt?: number | undefined } } => {
    const noso = nosoOf(id);
    const found = lives.get(id);
    if (noso?.life.is !== 'open' || !found) throw whyNotOpen(noso, now());
    return { ...found, terms: { ...noso, voidedAt: voidedAt(noso) } };
  };
  const enter = ({ seating, log }: Live, entries: readonly (LogEntry | null)[]): void => {
    for (const entry of entries) {
      if (!entry) continue;
      apply(seating, entry);
      log.push(...changeOf(entry));
    }
  };
  const ofPhones = ({ seating }: Live, since: number, until: number) =>
    [...seating.seats].filter(
      ([, seat]) => seat.by === null && seat.since >= since && seat.since <= until,
    );
  const of = (noso: string): Set<string> => {
    const all = intents.get(noso) ?? new Set();
    intents.set(noso, all);
    return all;
  };

  return {
    now,
    doubts: () => false,
    save: async (kind, id, document) => put(kind, id, document),
    async revise(kind, id, revise) {
      const after = revise(read(kind, id) as Parameters<typeof revise>[0]);
      put(kind, id, after);
      return after;
    },
    async remove(kind, id) {
      const document = read(kind, id);
      if (!document) throw new Refusal('not_found', `no such ${kind}`);
      if (kind === 'noso' && demand(id).life.is === 'open') throw new Refusal('conflict.state');
      put(kind, id, null);
    },
    changesSince: async (since) => ({
      ...{ epoch: 1, revision },
      changes: [...documents.values()].filter((each) => each.revision > since),
    }),
    async spend(id, until) {
      const first = (reserved.get(`spent ${id}`)?.until ?? 0) <= now();
      if (first) reserved.set(`spent ${id}`, { holder: '', until });
      return first;
    },
    async reserve(id, holder, until) {
      const known = reserved.get(id);
      if (!known || known.until <= now()) reserved.set(id, { holder, until });
      return reserved.get(id)?.holder as string;
    },
    async holder(id) {
      const known = reserved.get(id);
      return known && known.until > now() ? known.holder : null;
    },
    async command(id, command) {
      const noso = demand(id);
      const { seating } = lives.get(id) ?? {};
      const elsewhere = [...documents.values()].find(
        ({ kind, document }) =>
          kind === 'noso' && document?.venue === noso.venue && document.life.is === 'open',
      );
      const next = decide(noso, command, {
        now: now(),
        openAtVenue: elsewhere?.id ?? null,
        drawn: drawn - 99_999,
        intents: of(id).size,
        count: seating?.seats.size ?? 0,
        totals: (at) => totalsAt((seating as Seating).tally, at),
      });
      put('noso', id, next);
      if (next.life.is !== 'scheduled') intents.delete(id);
      if (command.do === 'open') lives.set(id, { seating: newSeating(now()), log: [] });
      if (next.life.is === 'closed') lives.delete(id);
      return next;
    },
    async intend(noso, digest) {
      if (demand(noso).life.is !== 'scheduled') throw new Refusal('conflict.state');
      of(noso).add(digest);
    },
    async withdraw(noso, digest) {
      of(noso).delete(digest);
    },
    intents: async (noso, digests) => ({
      count: of(noso).size,
      among: digests.some((digest) => of(noso).has(digest)),
    }),
    async ration(noso, what, most) {
      const total = (rations.get(`${noso} ${what}`) ?? 0) + 1;
      if (total > most) return null;
      rations.set(`${noso} ${what}`, total);
      return total;
    },
    async draw(count) {
      drawn += count;
      return Array.from({ length: count }, (_, k) => drawn - count + 1 + k);
    },
    async bind(id, binding) {
      const at = live(id);
      const { number, entry } = bind(at.seating, at.terms, binding, now());
      enter(at, [entry]);
      return number;
    },
    async take(id, taking) {
      const at = live(id);
      const { taken, entry } = take(at.seating, at.terms, taking, now());
      enter(at, [entry]);
      return taken;
    },
    async click(id, asked: Click) {
      const at = live(id);
      const { result, entries } = click(at.seating, at.terms, asked, now());
      enter(at, entries);
      return result;
    },
    async takeBack(id, since, until) {
      const at = live(id);
      return ofPhones(at, since, until).map(([number, { sitting }]) => {
        enter(at, [takeBack(at.seating, number, sitting, now())]);
        return { number, sitting };
      });
    },
    takenIn: async (id, since, until) => ofPhones(live(id), since, until).length,
    async doors(id) {
      const here = new Map<string, number>();
      for (const { by } of live(id).seating.seats.values()) {
        if (by !== null) here.set(by, (here.get(by) ?? 0) + 1);
      }
      return here;
    },
    async leave(id, number, sitting) {
      const at = lives.get(id);
      const entry = at ? leave(at.seating, number, sitting, now()) : null;
      if (at) enter(at, [entry]);
      return entry !== null;
    },
    hear: async (id, heard) =>
      heard.filter(
        ({ number, sitting }) => live(id).seating.seats.get(number)?.sitting !== sitting,
      ),
    async seat(id, number) {
      const { seats, marks } = live(id).seating;
      const [seat, mark] = [seats.get(number), marks.get(number)];
      if (seat) return { seated: true, number, sitting: seat.sitting, since: seat.since };
      return mark ? { seated: false, ...mark } : null;
    },
    async tail(id, since) {
      const { seating, log } = live(id);
      const changes = since === null ? [] : log.filter(({ seq }) => seq > since);
      const { seq, seats, tally } = seating;
      return { epoch: 1, seq, count: seats.size, peak: tally.peak, changes };
    },
    totals: async (id) => totalsAt(live(id).seating.tally, now()),
    seats: async (id) => {
      const { seq, seats } = live(id).seating;
      return { epoch: 1, seq, numbers: [...seats.keys()] };
    },
    watch: () => () => {},
    async beat(walls) {
      for (const wall of walls) beats.set(wall, now());
    },
    beats: async (walls) =>
      new Map(
        walls.flatMap((wall) => (beats.has(wall) ? [[wall, beats.get(wall) as number]] : [])),
      ),
    rehearse: async () => {},
    close: async () => {},
  };
}
