import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { decide, type Noso } from '../../src/domain/noso.js';
import { totalsAt } from '../../src/domain/record.js';
import * as seating from '../../src/domain/seating.js';
import type { Engine, SeatChange } from '../../src/engine/engine.js';
import { copyOf } from '../support/copy.js';
import type { Test } from '../support/suite.js';
import { type Operation, operations } from './operations.js';

/** An engine whose time can be moved on, for comparing it with the domain. */
export type Modelled = {
  engine: Engine;
  /**
   * Lets time pass for one NoSo. Where the engine's clock cannot be moved, its past is: then all
   * times of the NoSo are less by what this returns, else it returns 0.
   */
  pass(noso: string, ms: number): Promise<number>;
  close(): Promise<void>;
};

const RUNS = 60;
const NUMBERS = 5;
const LATE = 25_000;

/**
 * Drives an engine and the pure domain with the same operations, and compares every answer, every
 * log entry and the record (P2–P6, S4, L5). `NOSO_SEED` repeats a run; a failure prints its seed and
 * the shortest sequence that fails.
 */
export function model(test: Test, open: () => Promise<Modelled>): void {
  test(
    'P2 P3 P4 P5 P6 S4 L5: answers as the domain does, whatever the sequence',
    async () => {
      const modelled = await open();
      const seed = Number(process.env.NOSO_SEED ?? Date.now() % 2 ** 31);
      try {
        const numbers = await modelled.engine.draw(NUMBERS);
        const sequence = fc.array(operations, { minLength: 5, maxLength: 40 });
        const start = fc.record({
          capacity: fc.constantFrom(null, 2, 3),
          pocket: fc.constantFrom(null, 300),
        });
        const property = fc.asyncProperty(start, sequence, (plan, list) =>
          compare(modelled, numbers, plan, list),
        );
        await fc.assert(property, { numRuns: RUNS, seed, includeErrorInReport: true });
      } finally {
        await modelled.close();
      }
    },
    { deadline: 120_000 },
  );
}

let nosos = 0;

async function compare(
  modelled: Modelled,
  numbers: number[],
  plan: { capacity: number | null; pocket: number | null },
  list: Operation[],
): Promise<void> {
  const { engine } = modelled;
  const id = `model-${process.pid}-${nosos++}`;
  const now = engine.now();
  await engine.save('noso', id, {
    ...{ id, venue: id, title: id, startsAt: now, endsAt: now + 3_600_000, veil: 5 },
    ...{
      ...plan,
      entry: 'code',
      show: 'numbers',
      opens: 'organizer',
      gather: 0,
      life: { is: 'scheduled' },
    },
  });
  const twin = new Twin(
    modelled,
    numbers,
    await engine.command(id, { do: 'open', by: 'organizer' }),
  );
  for (const operation of list) await twin.step(operation);
  await twin.finish();
}

/** What an operation is answered, in a form to compare: a value, or a refusal by its code. */
type Answer = unknown;

async function answerOf(work: () => unknown): Promise<Answer> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { refused: error.code, retryAfter: error.retryAfter };
  }
}

/** The domain's state beside the engine's NoSo. Its times are as if nothing had been moved. */
class Twin {
  private state: seating.Seating;
  private readonly log: SeatChange[] = [];
  private moved = 0;

  constructor(
    private readonly modelled: Modelled,
    private readonly numbers: number[],
    private noso: Noso,
  ) {
    if (noso.life.is !== 'open') throw new Error('the NoSo did not open');
    this.state = seating.newSeating(noso.life.openedAt);
  }

  private get engine(): Engine {
    return this.modelled.engine;
  }

  private now(): number {
    return this.engine.now() + this.moved;
  }

  async step(operation: Operation): Promise<void> {
    if (operation.what === 'pass') {
      this.moved += await this.modelled.pass(this.noso.id, operation.ms);
      return;
    }
    const before = this.now();
    // Long after its end an engine may have closed it by itself.
    if (before > this.noso.endsAt + LATE) return;
    const said = await answerOf(() => this.ask(operation));
    const entries = await this.entries();
    // When exactly the engine acted is known from what it logged; else it is between the two.
    const moments = [...new Set([...entries.map((e) => e.at), before - 2, this.now() + 2])];
    const tried: Answer[] = [];
    for (const moment of moments) {
      const outcome = await this.attempt(operation, moment, entries);
      if (outcome && same(outcome.answer, said)) {
        this.state = outcome.state;
        this.noso = outcome.noso;
        this.log.push(...entries);
        return;
      }
      tried.push(outcome?.answer ?? 'another log');
    }
    const facts = { operation, said, entries, tried, state: this.state, terms: this.noso };
    assert.unreachable(JSON.stringify(facts, printable, 1));
  }

  /** What the engine appended to its log since the last step. */
  private async entries(): Promise<SeatChange[]> {
    const tail = await this.engine.tail(this.noso.id, this.state.seq);
    const entries = (tail.changes ?? []).map((e) => ({ ...e, at: e.at + this.moved }));
    assert.is(tail.seq, this.state.seq + entries.length, 'the log has no gaps');
    return entries;
  }

  private async ask(operation: Exclude<Operation, { what: 'pass' }>): Promise<Answer> {
    const { engine, numbers } = this;
    const { id } = this.noso;
    const number = numbers['who' in operation ? operation.who : 0] as number;
    switch (operation.what) {
      case 'take': {
        const taken = await engine.take(id, { ...this.taking(operation), number });
        return { ...taken, since: taken.since + this.moved };
      }
      case 'bind': {
        const issuedAt = engine.now() - operation.age;
        return engine.bind(id, { key: operation.key, number, issuedAt });
      }
      case 'leave':
        return engine.leave(id, number, operation.sitting);
      case 'hear': {
        const { sitting } = operation;
        return (await engine.hear(id, [{ number, sitting, at: engine.now() }])).length;
      }
      case 'seat': {
        const seat = await engine.seat(id, number);
        if (seat?.seated) return { ...seat, since: seat.since + this.moved };
        return seat && { ...seat, at: seat.at + this.moved };
      }
      case 'seats': {
        const seats = await engine.seats(id, engine.now() - operation.ago);
        return seats.numbers.sort((a, b) => a - b);
      }
      case 'amend': {
        const done = await engine.command(id, { do: 'amend', changes: this.changes(operation, 0) });
        return { capacity: done.capacity, endsAt: done.endsAt + this.moved };
      }
    }
  }

  /** The same operation on a copy of the domain's state, at `now`; null if the logs differ. */
  private async attempt(
    operation: Exclude<Operation, { what: 'pass' }>,
    now: number,
    entries: SeatChange[],
  ): Promise<{ answer: Answer; state: seating.Seating; noso: Noso } | null> {
    const state = copyOf(this.state);
    let { noso } = this;
    let logged = 0;
    const over = now >= noso.endsAt;
    for (const entry of entries) {
      const lapsed = entry.seated ? null : seating.lapse(state, noso, entry.number, entry.at);
      if (!lapsed || lapsed.at !== entry.at) break;
      seating.apply(state, lapsed);
      logged += 1;
    }
    const append = (entry: seating.LogEntry | null) => {
      if (!entry) return;
      seating.apply(state, entry);
      if (!('seq' in entry)) return;
      const next = entries[logged++];
      if (next?.number !== entry.number || next.at !== entry.at) throw new Error('another log');
      if (next.seated !== seating.isTaking(entry)) throw new Error('another log');
    };
    const number = this.numbers['who' in operation ? operation.who : 0] as number;
    const perform = (): Answer => {
      switch (operation.what) {
        case 'take': {
          const taking = { ...this.taking(operation, this.moved), number };
          const { taken, entry } = seating.take(state, noso, taking, now);
          append(entry);
          // Asking again for a seat that one has is being heard.
          if (entry?.what !== 'take') seating.hear(state, taken.number, taken.sitting, now, now);
          return taken;
        }
        case 'bind': {
          const issuedAt = this.engine.now() + this.moved - operation.age;
          const bound = seating.bind(state, noso, { key: operation.key, number, issuedAt }, now);
          append(bound.entry);
          return bound.number;
        }
        case 'leave': {
          const entry = over ? null : seating.leave(state, number, operation.sitting, now);
          append(entry);
          return entry !== null;
        }
        case 'hear':
          return seating.hear(state, number, operation.sitting, now, now) ? 0 : 1;
        case 'seat': {
          const seat = state.seats.get(number);
          if (seat) return { seated: true, number, sitting: seat.sitting, since: seat.since };
          const mark = state.marks.get(number);
          return mark ? { seated: false, ...mark } : null;
        }
        case 'seats':
          return this.seatedAt(now - operation.ago, entries);
        case 'amend': {
          const facts = {
            now,
            openAtVenue: null,
            drawn: 0,
            intents: 0,
            count: state.seats.size,
            totals: noTotals,
          };
          const changes = this.changes(operation, this.moved);
          noso = decide(noso, { do: 'amend', changes }, facts);
          return { capacity: noso.capacity, endsAt: noso.endsAt };
        }
      }
    };
    try {
      const answer = await answerOf(perform);
      if (logged !== entries.length) return null;
      const due = over
        ? []
        : [...state.seats.keys()].filter((n) => seating.lapse(state, noso, n, now));
      return due.length > 0 ? null : { answer, state, noso };
    } catch {
      return null;
    }
  }

  private seatedAt(asOf: number, entries: SeatChange[]): number[] {
    const set = new Set<number>();
    for (const { at, number, seated } of [...this.log, ...entries]) {
      if (at > asOf) break;
      if (seated) set.add(number);
      else set.delete(number);
    }
    return [...set].sort((a, b) => a - b);
  }

  private taking(
    operation: Operation & { what: 'take' },
    moved = 0,
  ): Omit<seating.Taking, 'number'> {
    const { back, key, fresh, proof } = operation;
    if (proof.kind === 'seat') return { back, key, fresh, proof };
    return {
      back,
      key,
      fresh,
      proof: { kind: 'entry', issuedAt: this.engine.now() + moved - proof.age },
    };
  }

  private changes(operation: Operation & { what: 'amend' }, moved: number): Partial<Noso> {
    if (operation.more === null) return { capacity: operation.capacity };
    return { endsAt: this.noso.endsAt - this.moved + moved + operation.more };
  }

  /** Closes it, and compares the record with the domain's (L5). */
  async finish(): Promise<void> {
    const entries = await this.entries();
    for (const entry of entries) {
      const lapsed = seating.lapse(this.state, this.noso, entry.number, entry.at);
      assert.ok(lapsed, 'what happened since was a lapse');
      seating.apply(this.state, lapsed);
    }
    const closed = await this.engine.command(this.noso.id, { do: 'close', by: 'organizer' });
    if (closed.life.is !== 'closed') throw new Error('the NoSo did not close');
    const { closedAt, totals } = closed.life;
    const series = totals.series.map(({ at, count }) => ({ at: at + this.moved, count }));
    assert.equal({ ...totals, series }, totalsAt(this.state.tally, closedAt + this.moved));
    assert.equal(await answerOf(() => this.engine.tail(this.noso.id, null)), {
      refused: 'not_open',
      retryAfter: undefined,
    });
  }
}

const noTotals = (): never => {
  throw new Error('there is nothing to total');
};

/** Equal, but for a second that passed between two looks at a clock. */
function same(a: Answer, b: Answer): boolean {
  try {
    assert.equal(a, b);
    return true;
  } catch {
    return false;
  }
}

const printable = (_: string, value: unknown): unknown =>
  value instanceof Map ? Object.fromEntries(value) : value;
