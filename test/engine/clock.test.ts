import { EventEmitter, once } from 'node:events';
import type { Worker } from 'node:worker_threads';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Refusal } from '../../src/domain/errors.js';
import { newThread, openDisk, type Thread } from '../../src/engine/embedded/disk.js';
import { start } from '../../src/engine/embedded/start.js';
import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { asking, opened, planned, refused, seated } from './contract/cast.js';
import { inFolder } from './folder.js';

// A wall clock that is set while NoSos are open, on the embedded engine. Redis' is redis-clock.test.ts.

const test = suite('a clock that is set');
const BEGINS = 1_800_000_000_000;
const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The writer's thread, of which is known when it has done all that was asked of it. */
class Writer extends EventEmitter {
  private asked = 0;

  constructor(private readonly worker: Worker) {
    super();
    worker.on('message', (answer) => {
      this.emit('message', answer);
      this.asked -= 1;
      // Whoever was answered may have asked for more by then.
      setImmediate(() => this.emit('answered'));
    });
    worker.on('exit', (code) => this.emit('exit', code));
  }

  postMessage: Worker['postMessage'] = (...job: [unknown]) => {
    this.asked += 1;
    this.worker.postMessage(...job);
  };

  async done(): Promise<void> {
    while (this.asked > 0) await once(this, 'answered');
  }
}

/** At a jump of an engine's time its disk has answered all that was asked: it is patient for more. */
const JUMP = 1000;

/** An engine whose wall clock is what a test sets it to, and whose even time passes when it says. */
async function scene(
  play: (scene: {
    engine: Engine;
    /** Sets the wall clock to what it should say, and `ms`. */
    set: (ms: number) => void;
    pass: (ms: number) => Promise<void>;
    restart: () => Promise<Engine>;
  }) => Promise<void>,
): Promise<void> {
  await inFolder(async (dataDir) => {
    const world = manualClock(BEGINS);
    let wrong = 0;
    const clock = { ...world, now: () => world.now() + wrong };
    let writer: Writer;
    const open = () => {
      writer = new Writer(newThread());
      const onError = (error: unknown) => console.error(error);
      const disk = openDisk(onError, writer as unknown as Thread);
      return start({ dataDir, clock, disk, onError });
    };
    let engine = await open();
    const pass = async (ms: number) => {
      for (let left = ms; left > 0; left -= JUMP) {
        world.advance(Math.min(JUMP, left));
        await writer.done();
      }
    };
    const restart = async () => {
      await engine.close();
      engine = await open();
      return engine;
    };
    try {
      await play({ engine, pass, restart, set: (ms) => (wrong = ms) });
    } finally {
      await engine.close();
    }
  });
}

const close = { do: 'close', by: 'organizer' } as const;
const bySchedule = { by: 'schedule' } as const;

test('P4 L7 a wall clock that is an hour ahead for some seconds lapses nobody', () =>
  scene(async ({ engine, set, pass }) => {
    const id = await opened(engine, { pocket: 300 });
    await seated(engine, id, 5);
    await pass(3 * SECOND);
    set(HOUR);
    await pass(5 * SECOND);
    assert.is((await engine.tail(id, null)).count, 5);
    set(0);
    await pass(285 * SECOND);
    assert.is((await engine.tail(id, null)).count, 5);
    await pass(8 * SECOND);
    assert.is((await engine.tail(id, null)).count, 0, 'and they lapse when they are due');
  }));

test('L5 the record of nine seconds says nine seconds, in order, whatever the clock did', () =>
  scene(async ({ engine, set, pass }) => {
    const id = await opened(engine);
    await seated(engine, id, 5);
    for (const step of [HOUR, -HOUR, 0]) {
      set(step);
      await pass(3 * SECOND);
    }
    const { life } = await engine.command(id, close);
    assert.ok(life.is === 'closed');
    assert.is(life.closedAt - life.openedAt, 9 * SECOND);
    assert.is(life.totals.personMinutes, Math.round((5 * 9) / 60));
    const instants = life.totals.series.map(({ at }) => at);
    assert.equal(instants, [life.openedAt, life.closedAt]);
  }));

test(
  'L7 nothing is closed or cancelled by schedule on one reading of the clock',
  () =>
    scene(async ({ engine, set, pass }) => {
      const open = await opened(engine, { endsAt: BEGINS + 2 * MINUTE });
      const waits = await planned(engine, { startsAt: BEGINS + HOUR, endsAt: BEGINS + 2 * HOUR });
      set(24 * HOUR);
      await pass(5 * SECOND);
      assert.ok(engine.now() < BEGINS + MINUTE, 'nobody is told of it');
      await refused(engine.command(open, { do: 'close', ...bySchedule }), 'conflict');
      await refused(engine.command(waits, { do: 'cancel', ...bySchedule }), 'conflict');
      set(-24 * HOUR);
      await pass(2 * MINUTE);
      await refused(engine.command(open, { do: 'close', ...bySchedule }), 'conflict');
      set(0);
      const { life } = await engine.command(open, { do: 'close', ...bySchedule });
      assert.ok(life.is === 'closed' && life.closedAt === BEGINS + 2 * MINUTE);
    }),
  { deadline: 40_000 },
);

test('a clock that stays set is followed after a minute, once nothing is open', () =>
  scene(async ({ engine, set, pass }) => {
    const id = await opened(engine);
    for (const wrong of [HOUR, -HOUR]) {
      set(wrong);
      await pass(70 * SECOND);
      assert.ok(Math.abs(engine.now() - BEGINS) < 5 * MINUTE);
    }
    await engine.command(id, close);
    await pass(55 * SECOND);
    assert.ok(Math.abs(engine.now() - BEGINS) < 10 * MINUTE, 'not yet');
    await pass(6 * SECOND);
    assert.ok(Math.abs(engine.now() - (BEGINS - HOUR)) < 10 * MINUTE, 'now');
  }));

test('L7 a clock that is years ahead at the very start closes, cancels and lapses nothing for a minute', () =>
  scene(async ({ engine, set, pass, restart }) => {
    const open = await opened(engine, { pocket: 300, endsAt: BEGINS + HOUR });
    const [one] = await seated(engine, open, 3);
    const waits = await planned(engine, { startsAt: BEGINS + HOUR, endsAt: BEGINS + 2 * HOUR });
    const year = 365 * 24 * HOUR;
    set(year);
    const again = await restart();
    assert.ok(again.doubts());
    const byItself = async () => {
      await refused(again.command(open, { do: 'close', ...bySchedule }), 'conflict');
      await refused(again.command(waits, { do: 'cancel', ...bySchedule }), 'conflict');
      assert.is((await again.tail(open, null)).count, 3);
    };
    await byItself();
    await pass(40 * SECOND);
    await byItself();
    // A time server puts it right: it is followed at once, and all is as it was.
    set(0);
    await pass(2 * SECOND);
    assert.not.ok(again.doubts());
    assert.ok(Math.abs(again.now() - BEGINS) < MINUTE);
    await byItself();
    assert.ok((await again.seat(open, one?.number ?? 0))?.seated);
    await pass(270 * SECOND);
    assert.is((await again.tail(open, null)).count, 0, 'and they lapse when they are due');
  }));

test('L3 L7 where it stays so for a minute it was right: what is due is done', () =>
  scene(async ({ engine, set, pass, restart }) => {
    const endsAt = BEGINS + HOUR;
    const open = await opened(engine, { endsAt });
    const waits = await planned(engine, { startsAt: BEGINS + HOUR, endsAt: BEGINS + 2 * HOUR });
    set(20 * HOUR);
    const again = await restart();
    await pass(59 * SECOND);
    await refused(again.command(open, { do: 'close', ...bySchedule }), 'conflict');
    await pass(3 * SECOND);
    assert.not.ok(again.doubts());
    const { life } = await again.command(open, { do: 'close', ...bySchedule });
    assert.ok(life.is === 'closed' && life.closedAt === endsAt);
    const cancelled = await again.command(waits, { do: 'cancel', ...bySchedule });
    assert.is(cancelled.life.is, 'cancelled');
  }));

test('L3 after an evening or a night without power what was due is done at once', () =>
  scene(async ({ engine, set, restart }) => {
    const open = await opened(engine, { endsAt: BEGINS + HOUR });
    set(11 * HOUR);
    const again = await restart();
    assert.not.ok(again.doubts());
    const { life } = await again.command(open, { do: 'close', ...bySchedule });
    assert.is(life.is, 'closed');
  }));

test('P4 L5 what was stored before a restart bounds time from below', () =>
  scene(async ({ engine, set, pass, restart }) => {
    const id = await opened(engine, { pocket: 300 });
    await pass(90 * SECOND);
    const [one] = await seated(engine, id, 2);
    const before = engine.now();
    set(-HOUR);
    const again = await restart();
    assert.ok(again.now() >= before);
    await pass(10 * SECOND);
    assert.equal(await again.seat(id, one?.number ?? 0), { seated: true, ...one });
    await again.leave(id, one?.number ?? 0, null);
    const { life } = await again.command(id, close);
    assert.ok(life.is === 'closed');
    const instants = life.totals.series.map(({ at }) => at);
    assert.equal(
      instants,
      [...instants].sort((a, b) => a - b),
    );
    assert.is(instants.at(-1), life.closedAt);
    assert.is(life.closedAt - life.openedAt, 100 * SECOND);
  }));

/** What may happen, and what the clock may do before it. */
const verbs = fc.array(
  fc.record({
    set: fc.constantFrom(0, 0, HOUR, -HOUR, 7 * SECOND, -MINUTE, 48 * HOUR),
    verb: fc.constantFrom('take', 'back', 'leave', 'hear', 'seat', 'tail', 'wait'),
    who: fc.integer({ min: 0, max: 4 }),
    ms: fc.constantFrom(0, 250, 20 * SECOND, 70 * SECOND),
  }),
  { minLength: 1, maxLength: 25 },
);
type Verbs = typeof verbs extends fc.Arbitrary<infer T> ? T : never;

/** Everything that anybody is told, with the clock set as the verbs say, or left alone. */
async function told(steps: Verbs, isSet: boolean): Promise<unknown[]> {
  const said: unknown[] = [];
  await scene(async ({ engine, set, pass }) => {
    const id = await opened(engine, { id: 'noso', venue: 'venue', pocket: 90, capacity: 4 });
    for (const { set: wrong, verb, who, ms } of steps) {
      const number = 4000 + who;
      await pass(ms);
      if (isSet) set(wrong);
      const answer = async () => {
        switch (verb) {
          case 'take':
          case 'back':
            return engine.take(id, asking(engine, number, { back: verb === 'back' }));
          case 'leave':
            return engine.leave(id, number, null);
          case 'hear':
            return engine.hear(id, [{ number, sitting: 1, at: engine.now() }]);
          case 'seat':
            return engine.seat(id, number);
          default:
            return engine.tail(id, 0);
        }
      };
      said.push(await answer().catch((error: Refusal) => [error.why, error.retryAfter]));
    }
    said.push(await engine.tail(id, 0), await engine.command(id, close));
  });
  return said;
}

test(
  'L5 L7 P4 S4 a clock that is set before every verb changes nothing that anybody is told',
  async () => {
    await fc.assert(
      fc.asyncProperty(verbs, async (steps) => {
        assert.equal(await told(steps, true), await told(steps, false));
      }),
      { numRuns: 10 },
    );
  },
  { deadline: 60_000 },
);
