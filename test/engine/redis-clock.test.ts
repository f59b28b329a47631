import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Noso } from '../../src/domain/noso.js';
import type { Taken, Taking } from '../../src/domain/seating.js';
import { type Script, script } from '../../src/engine/redis/scripts/script.js';
import { ownPrefix, type Server, shared, startAlone } from '../support/redis.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { newId, newVenue, refused } from './contract/cast.js';
import { quietNode } from './healing.js';

// Redis' clock is set while NoSos are open. The embedded engine's is clock.test.ts.

const test = suite("Redis engine: Redis' clock is set");
const redis = shared(() => startAlone());
const SECOND = 1000;
const HOUR = 3600 * SECOND;

type Node = Awaited<ReturnType<typeof quietNode>>;

/** A node whose scripts are told Redis' time, and what `key` says is wrong with it. */
async function misled(url: string, prefix: string, key: string): Promise<Node> {
  const node = await quietNode(url, prefix);
  const run = node.calls.run.bind(node.calls);
  const known = new Map<Script, Script>();
  const wrong = (sound: Script): Script => {
    const lua = sound.lua.replaceAll(
      "local time = redis.call('TIME')",
      `local time = redis.call('TIME')
       time[1] = time[1] + (redis.call('GET', '${key}') or 0)`,
    );
    return script(sound.name, lua);
  };
  node.calls.run = (sound, keys, args) => {
    if (!known.has(sound)) known.set(sound, wrong(sound));
    return run(known.get(sound) as Script, keys, args);
  };
  for (let k = 0; k < 3; k += 1) await node.askTime();
  await node.guard.look();
  return node;
}

/** Two nodes, and Redis' clock in a test's hands. */
async function scene(
  play: (scene: {
    one: Node;
    two: Node;
    another: () => Promise<Node>;
    /** Sets Redis' clock to what it should say, and `ms`. */
    set: (ms: number) => Promise<unknown>;
    opened: (over?: Partial<Noso>) => Promise<string>;
  }) => Promise<void>,
): Promise<void> {
  const [server] = (await redis()).servers as [Server];
  const prefix = ownPrefix();
  const key = `${prefix}wrong`;
  const nodes: { node: Node; stop: () => void }[] = [];
  const another = async () => {
    const node = await misled(server.url, prefix, key);
    nodes.push({ node, stop: node.upkeep.start(realClock) });
    return node;
  };
  const [one, two] = [await another(), await another()];
  const set = (ms: number) => server.ask((client) => client.set(key, String(ms / SECOND)));
  const opened = async (over: Partial<Noso> = {}) => {
    const now = one.time.now();
    const noso: Noso = {
      id: newId(),
      venue: newId(),
      title: 'Hush',
      startsAt: now,
      endsAt: now + HOUR / 2,
      capacity: null,
      entry: 'code',
      show: 'numbers',
      pocket: null,
      veil: 5,
      opens: 'organizer',
      gather: 0,
      life: { is: 'scheduled' },
      ...over,
    };
    await one.catalogue.save('venue', noso.venue, newVenue(noso.venue));
    await one.catalogue.save('noso', noso.id, noso);
    one.tended.noted(await one.lifecycle.command(noso.id, { do: 'open', by: 'organizer' }));
    return noso.id;
  };
  try {
    await play({ one, two, another, set, opened });
  } finally {
    for (const { node, stop } of nodes) {
      stop();
      node.close();
    }
  }
}

const asking = (node: Node, number: number, back = false): Taking => ({
  number,
  proof: { kind: 'entry', issuedAt: node.time.now() },
  back,
  fresh: false,
  key: null,
});

const seated = (node: Node, noso: string, count: number): Promise<Taken[]> =>
  Promise.all(
    Array.from({ length: count }, (_, k) => node.seating.take(noso, asking(node, 4000 + k))),
  );
const countOf = async (node: Node, noso: string) => (await node.log.tail(noso, null)).count;
const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

test('P4 L7 a clock that is an hour ahead for some seconds lapses nobody, on any node', () =>
  scene(async ({ one, two, another, set, opened }) => {
    const id = await opened({ pocket: 6 });
    const [first] = (await seated(one, id, 5)) as [Taken];
    await two.log.tail(id, null);
    for (const wrong of [HOUR, -HOUR, 0]) {
      await set(wrong);
      await wait(900);
      for (const node of [two, one]) assert.is(await countOf(node, id), 5, `${wrong}`);
      assert.ok(Math.abs(one.time.now() - two.time.now()) < SECOND);
    }
    await set(HOUR);
    await countOf(one, id);
    const three = await another();
    assert.is(await countOf(three, id), 5, 'nor does a node that comes meanwhile');
    await set(0);
    // They lapse when they are due by even time.
    await until(async () => (await countOf(one, id)) === 0, { deadline: 9000 });
    const { changes } = await two.log.tail(id, 5);
    for (const { at } of changes ?? []) {
      const after = at - first.since;
      assert.ok(after >= 6000 && after <= 7600, `lapsed after ${after} ms`);
    }
  }));

test('L5 L7 the record of some seconds says so, in order, and the schedule waits', () =>
  scene(async ({ one, two, set, opened }) => {
    const id = await opened();
    const began = realClock.steady();
    await seated(one, id, 40);
    await two.log.tail(id, null);
    for (const wrong of [24 * HOUR, -HOUR, HOUR]) {
      await set(wrong);
      await wait(SECOND);
      await one.seating.leave(id, 4000, null);
      const early = two.lifecycle.command(id, { do: 'close', by: 'schedule' });
      await refused(early, 'conflict');
    }
    const took = realClock.steady() - began;
    const { life } = await two.lifecycle.command(id, { do: 'close', by: 'organizer' });
    assert.ok(life.is === 'closed');
    const lasted = life.closedAt - life.openedAt;
    assert.ok(Math.abs(lasted - took) < SECOND, `${lasted} of ${took} ms`);
    assert.ok(Math.abs(life.totals.personMinutes - (39.3 * took) / 60_000) <= 1);
    const instants = life.totals.series.map(({ at }) => at);
    assert.equal(
      instants,
      [...instants].sort((a, b) => a - b),
    );
    assert.is(instants.at(-1), life.closedAt);
    assert.ok(Math.abs(life.effectiveAt - one.time.now()) < 3 * SECOND, 'as screens count');
  }));

const verbs = fc.array(
  fc.record({
    wrong: fc.constantFrom(0, 0, HOUR, -HOUR, 10 * SECOND, -60 * SECOND, 48 * HOUR),
    verb: fc.constantFrom('take', 'back', 'leave', 'hear', 'seat', 'tail', 'lapse'),
    who: fc.integer({ min: 0, max: 3 }),
    node: fc.boolean(),
  }),
  { minLength: 1, maxLength: 20 },
);

test(
  'L5 P4 P6 set before every verb, it changes nothing: instants are those of even time',
  () =>
    scene(async ({ one, two, set, opened }) => {
      const check = async (steps: Parameters<typeof play>[0]) => {
        await set(0);
        for (const node of [one, two]) await node.askTime();
        await play(steps);
      };
      const play = async (
        steps: { wrong: number; verb: string; who: number; node: boolean }[],
      ): Promise<void> => {
        const id = await opened({ pocket: 60 });
        const began = realClock.steady();
        // Both have met it.
        for (const node of [one, two]) await node.log.tail(id, null);
        let changes = 0;
        const sits = new Set<number>();
        for (const { wrong, verb, who, node } of steps) {
          const engine = node ? one : two;
          const number = 4000 + who;
          await set(wrong);
          const sat = sits.has(number);
          if (verb === 'take' || verb === 'back') {
            const taken = await engine.seating.take(id, asking(engine, number)).catch(() => null);
            if (taken && !sat) changes += 1;
            if (taken) sits.add(number);
            assert.is(sat && taken === null, false, 'whoever sits is told so');
          } else if (verb === 'leave') {
            assert.is(await engine.seating.leave(id, number, null), sat);
            if (sits.delete(number)) changes += 1;
          } else if (verb === 'hear') {
            const at = engine.time.now();
            const absent = await engine.seating.hear(id, [{ number, sitting: 1, at }]);
            assert.is(absent.length, sat ? 0 : 1);
          } else if (verb === 'seat') {
            assert.is((await engine.seating.seat(id, number))?.seated ?? false, sat);
          }
          const tail = await engine.log.tail(id, 0);
          assert.equal([tail.count, tail.seq], [sits.size, changes]);
          const instants = (tail.changes ?? []).map(({ at }) => at);
          assert.equal(
            instants,
            [...instants].sort((a, b) => a - b),
          );
        }
        const took = realClock.steady() - began;
        const { life } = await one.lifecycle.command(id, { do: 'close', by: 'organizer' });
        assert.ok(life.is === 'closed');
        const lasted = life.closedAt - life.openedAt;
        assert.ok(lasted >= 0 && lasted <= took + 2 * SECOND, `${lasted} of ${took} ms`);
        assert.ok(life.totals.personMinutes <= 1);
      };
      await fc.assert(fc.asyncProperty(verbs, check), { numRuns: 15 });
    }),
  { deadline: 60_000 },
);
