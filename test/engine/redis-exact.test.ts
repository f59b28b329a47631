import fc from 'fast-check';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { type Click, click } from '../../src/domain/clicks.js';
import { Refusal } from '../../src/domain/errors.js';
import { decide, type Noso, voidedAt } from '../../src/domain/noso.js';
import { totalsAt } from '../../src/domain/record.js';
import * as domain from '../../src/domain/seating.js';
import type { Engine } from '../../src/engine/engine.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { ownPrefix, startRedis } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { newNoso } from './contract/cast.js';
import { freezeScripts, frozenClock, setTime } from './frozen.js';

// The scripts beside the domain, with time standing still: what is due, expires or comes back does so to the
// ms. The model (model.ts) does the same as time goes by, and keeps away from such instants.

const test = suite('Redis engine, compared with the domain to the ms');

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const POCKET = 300;
const RUNS = 120;

const who = fc.integer({ min: 0, max: 4 });
const key = fc.constantFrom('a', 'b', 'c');
const sitting = fc.integer({ min: 1, max: 4 });
const age = fc.constantFrom(0, 10 * MINUTE, 10 * MINUTE + 1);
const step = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('take' as const),
      ...{ who, back: fc.boolean(), fresh: fc.boolean(), key: fc.option(key, { freq: 3 }) },
      proof: fc.oneof(
        fc.record({ kind: fc.constant('entry' as const), age }),
        fc.record({ kind: fc.constant('seat' as const), sitting }),
      ),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('leave' as const),
      who,
      sitting: fc.option(sitting, { freq: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('bind' as const), who: fc.option(who), key, age }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('hear' as const),
      who,
      sitting,
      age: fc.constantFrom(0, -5000, 30_000),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('click' as const),
      what: fc.constantFrom('in', 'in', 'out', 'undo'),
      who: fc.option(who),
      key: fc.option(fc.constantFrom('k', 'l', 'm', 'n')),
      of: fc.constantFrom('k', 'l', 'm', 'n'),
      door: fc.constantFrom('north', 'south', ''),
      age: fc.constantFrom(0, 0, 5 * MINUTE, 5 * MINUTE + 1),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ do: fc.constant('takeBack' as const), age: fc.nat(2 * MINUTE) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('amend' as const),
      capacity: fc.constantFrom(null, 0, 1, 2, 5),
      more: fc.option(fc.constantFrom(-50 * MINUTE, 10 * MINUTE)),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      // With the ms that each step takes, to either side of what is promised.
      ms: fc.constantFrom(...[1, 5, 10].flatMap((k) => [-2, -1, 0].map((d) => k * MINUTE + d))),
    }),
  },
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

type Plan = { capacity: number | null; pocket: number | null; gather: boolean };

/** What was answered: a value, or why it was refused, and when it is worth another try. */
async function said(work: () => unknown): Promise<unknown> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.why, retryAfter: error.retryAfter };
  }
}

/** An open NoSo and the domain's state of it. */
class Pair {
  state: domain.Seating;

  constructor(
    private readonly engine: Engine,
    private readonly numbers: number[],
    private noso: Noso,
  ) {
    const { life, startsAt } = noso;
    if (life.is !== 'open') throw new Error('it did not open');
    this.state = domain.newSeating(life.openedAt, Math.max(life.openedAt, startsAt));
  }

  get endsAt(): number {
    return this.noso.endsAt;
  }

  private get terms() {
    return { ...this.noso, voidedAt: voidedAt(this.noso) };
  }

  /** Appends entries; which seats they change, as the log tells it. */
  private append(entries: readonly (domain.LogEntry | null)[]): object[] {
    const changes: object[] = [];
    for (const entry of entries) {
      if (!entry) continue;
      domain.apply(this.state, entry);
      if (!('seq' in entry)) continue;
      const { seq, at, number } = entry;
      changes.push({ seq, at, number, seated: domain.isTaking(entry) });
    }
    return changes;
  }

  /** Lets go of what is due, the longest silent first. */
  private lapse(now: number): object[] {
    if (now >= this.noso.endsAt) return [];
    const seats = [...this.state.seats].sort(([, a], [, b]) => a.seen - b.seen);
    return seats.flatMap(([number]) =>
      this.append([domain.lapse(this.state, this.terms, number, now)]),
    );
  }

  /** Does the same on both sides; what either says, and how its log went on. */
  async step(asked: Exclude<Step, { do: 'pass' }>): Promise<void> {
    const { engine, noso, state } = this;
    const now = engine.now();
    const since = state.seq;
    const ours = this.lapse(now);
    // Before either is asked: an engine's answer is of its own time.
    const { theirs, own } = this.both(asked, now);
    const expected = await said(() => own((...entries) => ours.push(...this.append(entries))));
    const answer = await said(theirs);
    const facts = JSON.stringify({ asked, now: now - state.openedAt, capacity: noso.capacity });
    assert.equal(answer, expected, facts);
    const { seats, tally, seq } = this.state;
    const { changes, ...tail } = await engine.tail(noso.id, since);
    assert.equal(
      { ...tail, changes },
      { epoch: tail.epoch, seq, count: seats.size, peak: tally.peak, changes: ours },
      facts,
    );
  }

  private both(asked: Exclude<Step, { do: 'pass' }>, now: number) {
    const { engine, numbers, state } = this;
    const { id } = this.noso;
    const number = 'who' in asked && asked.who !== null ? (numbers[asked.who] as number) : null;
    type Append = (...entries: (domain.LogEntry | null)[]) => void;
    type Both = { theirs: () => Promise<unknown>; own: (append: Append) => unknown };
    const done = (both: Both) => both;
    switch (asked.do) {
      case 'take': {
        const { proof, back, fresh, key } = asked;
        const taking: domain.Taking = {
          ...{ number: number ?? 0, back, fresh, key },
          proof: proof.kind === 'seat' ? proof : { kind: 'entry', issuedAt: now - proof.age },
        };
        return done({
          theirs: () => engine.take(id, taking),
          own: (append) => {
            const { taken, entry } = domain.take(state, this.terms, taking, now);
            append(entry);
            // Asking again for a seat that one has is being heard.
            if (entry?.what !== 'take') {
              domain.hear(state, taken.number, taken.sitting, now, now);
            }
            return taken;
          },
        });
      }
      case 'leave':
        return done({
          theirs: () => engine.leave(id, number ?? 0, asked.sitting),
          own: (append) => {
            const over = now >= this.noso.endsAt;
            const entry = over ? null : domain.leave(state, number ?? 0, asked.sitting, now);
            append(entry);
            return entry !== null;
          },
        });
      case 'bind': {
        const binding = { key: asked.key, number, issuedAt: now - asked.age };
        return done({
          theirs: () => engine.bind(id, binding),
          own: (append) => {
            const bound = domain.bind(state, this.terms, binding, now);
            append(bound.entry);
            return bound.number;
          },
        });
      }
      case 'hear': {
        const heard = { number: number ?? 0, sitting: asked.sitting, at: now - asked.age };
        return done({
          theirs: () => engine.hear(id, [heard]),
          own: () =>
            domain.hear(state, heard.number, heard.sitting, heard.at, now) ? [] : [heard],
        });
      }
      case 'click': {
        const common = { key: asked.key, door: asked.door, at: now - asked.age };
        const one: Click =
          asked.what === 'in'
            ? { ...common, what: 'in', number: number ?? (numbers[0] as number) }
            : asked.what === 'out'
              ? { ...common, what: 'out', number }
              : { ...common, what: 'undo', of: asked.of };
        return done({
          theirs: () => engine.click(id, one),
          own: (append) => {
            const { result, entries } = click(state, this.terms, one, now);
            append(...entries);
            return result;
          },
        });
      }
      case 'takeBack': {
        const from = now - asked.age;
        const sits = [...state.seats].filter(
          ([, { by, since }]) => by === null && since >= from && since <= now,
        );
        return done({
          theirs: async () => {
            const few = await engine.takenIn(id, from, now);
            // One by one, so that it is known in which order.
            return { few, freed: few > 1 ? [] : await engine.takeBack(id, from, now) };
          },
          own: (append) => {
            const one = sits.length > 1 || now >= this.noso.endsAt ? [] : sits;
            const freed = one.map(([number, { sitting }]) => ({ number, sitting }));
            for (const { number, sitting } of freed) {
              append(domain.takeBack(state, number, sitting, now));
            }
            return { few: sits.length, freed };
          },
        });
      }
      case 'amend': {
        const { capacity, more } = asked;
        const changes: Partial<Noso> =
          more === null ? { capacity } : { endsAt: this.noso.endsAt + more };
        const command = { do: 'amend' as const, changes };
        const facts = { now, openAtVenue: null, drawn: 0, intents: 0, count: state.seats.size };
        const termsOf = ({ capacity, endsAt }: Noso) => ({ capacity, endsAt });
        return done({
          theirs: async () => termsOf(await engine.command(id, command)),
          own: () => {
            this.noso = decide(this.noso, command, { ...facts, totals: () => never() });
            return termsOf(this.noso);
          },
        });
      }
    }
  }

  /** All that can be read of it, and the record that it closes to (L5). */
  async finish(): Promise<void> {
    const { engine, state, numbers } = this;
    const { id, endsAt } = this.noso;
    const now = engine.now();
    const before = state.seq;
    this.lapse(now);
    for (const number of numbers) {
      const seat = state.seats.get(number);
      const mark = state.marks.get(number);
      const expected = seat
        ? { seated: true, number, sitting: seat.sitting, since: seat.since }
        : mark
          ? { seated: false, ...mark }
          : null;
      assert.equal(await engine.seat(id, number), expected);
    }
    const doors = new Map<string, number>();
    for (const { by } of state.seats.values()) {
      if (by !== null) doors.set(by, (doors.get(by) ?? 0) + 1);
    }
    const sorted = (map: Map<string, number>) => [...map].sort(([a], [b]) => (a < b ? -1 : 1));
    assert.equal(sorted(await engine.doors(id)), sorted(doors));
    assert.equal(await engine.totals(id), totalsAt(state.tally, Math.min(now, endsAt)));
    const { changes } = await engine.tail(id, 0);
    for (const asOf of [now, ...(changes ?? []).flatMap(({ at }) => [at, at - 1])]) {
      const seats = await engine.seats(id, asOf);
      const log = (changes ?? []).filter(({ at }) => at <= asOf);
      const there = new Set<number>();
      for (const { number, seated } of log) {
        if (seated) there.add(number);
        else there.delete(number);
      }
      assert.equal([seats.seq, [...seats.numbers].sort()], [log.length, [...there].sort()]);
    }
    assert.ok(before <= state.seq);
    const { life } = await engine.command(id, { do: 'close', by: 'organizer' });
    if (life.is !== 'closed') throw new Error('it did not close');
    const closedAt = Math.min(now, endsAt);
    assert.equal([life.closedAt, life.totals], [closedAt, totalsAt(state.tally, closedAt)]);
  }
}

const never = (): never => {
  throw new Error('nothing is totalled');
};

test(
  'L5 P2 P3 P4 P5 P6 P8 P9 S4 answers, logs and records are the domain’s to the ms',
  async () => {
    freezeScripts();
    const server = await startRedis();
    const redis = new Redis(server.url);
    const start = Math.floor(Date.now() / SECOND) * SECOND;
    const { clock, step: stepClock } = frozenClock(start);
    await setTime(redis, start);
    const engine = await openRedis({ url: server.url, clock, prefix: ownPrefix() });
    const pass = (ms: number) => setTime(redis, stepClock(ms));
    try {
      const numbers = await engine.draw(5);
      const plans: fc.Arbitrary<Plan> = fc.record({
        capacity: fc.constantFrom(null, 2, 3),
        pocket: fc.constantFrom(null, POCKET),
        gather: fc.boolean(),
      });
      const run = async (plan: Plan, steps: readonly Step[]) => {
        const now = engine.now();
        const startsAt = now + (plan.gather ? 15 * MINUTE : 0);
        const noso = newNoso(engine, {
          ...{ startsAt, endsAt: now + 60 * MINUTE, gather: 15 },
          ...{ capacity: plan.capacity, pocket: plan.pocket },
        });
        await engine.save('noso', noso.id, noso);
        const open = { do: 'open', by: 'organizer' } as const;
        const pair = new Pair(engine, numbers, await engine.command(noso.id, open));
        // In one go: an engine that looks by itself at what is due finds it at the same instant.
        let due = 0;
        for (const each of steps) {
          due += each.do === 'pass' ? each.ms : 1;
          if (each.do === 'pass') continue;
          // Long after its end an engine closes it by itself.
          await pass(Math.max(1, Math.min(due, pair.endsAt - engine.now())));
          due = 0;
          await pair.step(each);
        }
        await pair.finish();
      };
      const sequences = fc.array(step, { minLength: 5, maxLength: 40 });
      const property = fc.asyncProperty(plans, sequences, run);
      // Of one seed: what is tried is the same each time, and more is tried by giving another.
      const seed = Number(process.env.NOSO_SEED ?? 20_261_126);
      const numRuns = Number(process.env.NOSO_RUNS ?? RUNS);
      await fc.assert(property, { numRuns, seed, includeErrorInReport: true });
    } finally {
      await engine.close();
      redis.disconnect();
      await server.stop();
    }
  },
  { deadline: 120_000 },
);
