import { setTimeout as pause } from 'node:timers/promises';
import { Redis } from 'ioredis';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import type { Click, ClickResult } from '../../src/domain/clicks.js';
import { spell } from '../../src/domain/numbers.js';
import type { Taken } from '../../src/domain/seating.js';
import { unavailable } from '../../src/engine/deadline.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import { Reply } from '../../src/engine/redis/reply.js';
import { LAPSE } from '../../src/engine/redis/scripts/singleLua.js';
import { createHands } from '../../src/service/hands.js';
import { machineTime } from '../support/machineTime.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { asking, opened, refused, seated } from './contract/cast.js';
import { firstCount, healed, numbersOf, type Pair, pairOf, remember } from './healing.js';

const test = suite('Redis engine: what is put back, in whatever order');
const scene = (title: string, play: (pair: Pair) => Promise<void>): void =>
  test(title, pairOf(play), { deadline: 30_000 });

scene('P4 a leave done by a server that was replaced meanwhile is put back', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  const [{ number, since }] = (await seated(one, noso, 1)) as [Taken];
  await two.live.run(noso, LAPSE, []);
  const { epoch } = two.recovery.position(noso);
  await (await remember(server, prefix, noso))();
  await healed(() => two.live.run(noso, LAPSE, []));
  // Its answer was under way when the new one was heard of (Cluster: each has its own connection).
  const left = { what: 'left', number, sitting: 1, at: since + 1, heard: 0, key: null } as const;
  two.recovery.note(noso, epoch, [left]);
  await until(
    async () => (await healed(() => one.tail(noso, null))) >= 0 && two.recovery.owing.length === 0,
  );
  assert.equal(await numbersOf(one, noso), []);
});

scene('P1 P9 what was done at a door is put back, and each click is done once', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  await seated(one, noso, 2);
  await two.guard.look();
  await two.live.present(noso);
  const before = await remember(server, prefix, noso);
  const [a, b, c] = (await one.draw(3)) as [number, number, number];
  const at = one.now();
  const click = (key: string, more: object) => ({ key, door: 'north', at, ...more }) as Click;
  const clicks = [
    click('one', { what: 'in', number: a }),
    click('two', { what: 'in', number: b }),
    click('three', { what: 'in', number: c }),
    click('four', { what: 'out', number: a }),
    click('five', { what: 'undo', of: 'two' }),
  ];
  const said: ClickResult[] = [];
  for (const each of clicks) said.push(await two.seating.click(noso, each));
  assert.ok(said.every(({ why }) => why === 'ok'));
  await before();
  await until(async () => {
    await two.guard.look();
    await two.recovery.mend();
    return two.recovery.owing.length === 0;
  });
  await healed(() => one.tail(noso, null));
  assert.is((await one.tail(noso, null)).count, 3);
  assert.equal([...(await one.doors(noso))], [['north', 1]]);
  for (const [k, each] of clicks.entries()) {
    assert.equal(await one.click(noso, each), said[k]);
  }
  assert.is((await one.tail(noso, null)).count, 3);
  const { total, byHand } = await one.totals(noso);
  assert.equal([total, byHand], [4, 2]);
});

scene(
  'P1 P9 a paper number given back at the console counts as by hand after a failover',
  async (s) => {
    const { server, one, two, prefix } = s;
    const noso = await opened(one);
    await seated(one, noso, 2);
    await two.guard.look();
    await two.live.present(noso);
    const before = await remember(server, prefix, noso);
    const numbers = await one.draw(2);
    const hands = createHands({
      engine: {
        now: () => one.now(),
        click: (id: string, click: Click) => two.seating.click(id, click),
        leave: (id: string, number: number) => two.seating.leave(id, number, null),
      },
      catalogue: { noso: () => ({ id: noso }), papers: () => [{ id: 'paper', noso, numbers }] },
      writing: { noso: async () => ({ id: noso }) },
    } as unknown as Parameters<typeof createHands>[0]);
    const typed = spell(numbers[0] as number);
    for (const number of numbers) await hands.seatPaper(noso, spell(number));
    await hands.givePaperBack(noso, typed);
    await hands.givePaperBack(noso, typed);
    await before();
    await until(async () => {
      await two.guard.look();
      await two.recovery.mend();
      return two.recovery.owing.length === 0;
    });
    await healed(() => one.tail(noso, null));
    assert.is((await one.tail(noso, null)).count, 3);
    const { total, byHand } = await one.totals(noso);
    assert.equal([total, byHand], [4, 2]);
  },
);

scene('P1 P4 what could not be put back at once is, though nobody reads there', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  const [stays, leaves] = (await seated(one, noso, 2)) as [Taken, Taken];
  await two.guard.look();
  const before = await remember(server, prefix, noso);
  await two.seating.leave(noso, leaves.number, null);
  await before();
  const run = two.calls.run.bind(two.calls);
  let failed = 0;
  two.calls.run = (script, keys, args) => {
    if (script.name !== 'replay' || args.length < 3) return run(script, keys, args);
    failed += 1;
    return Promise.reject(unavailable());
  };
  await until(async () => {
    await two.guard.look();
    return failed > 0;
  });
  two.calls.run = run;
  await until(async () => {
    await two.recovery.mend();
    return two.recovery.owing.length === 0;
  });
  await healed(() => one.tail(noso, null));
  assert.equal(await numbersOf(one, noso), [stays.number]);
});

scene('P1 P4 a server that does not answer keeps no other from being put right', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  const [stays, leaves] = (await seated(one, noso, 2)) as [Taken, Taken];
  await two.guard.look();
  const before = await remember(server, prefix, noso);
  await two.seating.leave(noso, leaves.number, null);
  const { epoch } = two.recovery.position(noso);
  const { clients } = two.calls;
  const mute = new Redis({ lazyConnect: true, enableOfflineQueue: false, retryStrategy: null });
  const all = clients.masters();
  clients.masters = () => [mute, ...all];
  await before();
  await until(async () => {
    await two.guard.look();
    return two.recovery.position(noso).epoch > epoch && two.recovery.owing.length === 0;
  });
  mute.disconnect();
  await healed(() => one.tail(noso, null));
  assert.equal(await numbersOf(one, noso), [stays.number]);
});

scene('P4 who leaves after a loss does not come back with a node that was stopped', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  const before = await remember(server, prefix, noso);
  const [number] = (await one.draw(1)) as [number];
  await two.seating.take(noso, asking(one, number));
  await before();
  await healed(() => one.leave(noso, number, null));
  await healed(async () => {
    await two.live.present(noso);
  });
  assert.is((await one.tail(noso, null)).count, 0);
  await refused(one.take(noso, asking(one, number)), 'conflict');
});

scene('P4 until what was left is put back nobody is told of a seat there', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  const [{ number, sitting }] = (await seated(one, noso, 1)) as [Taken];
  await two.live.present(noso);
  const before = await remember(server, prefix, noso);
  await two.seating.leave(noso, number, sitting);
  await before();
  const proof = { kind: 'seat', sitting } as const;
  const tab = () => one.take(noso, asking(one, number, { proof }));
  const asked = healed(tab).then(
    () => 'seated',
    (refusal) => refusal.code,
  );
  await refused(one.seat(noso, number), 'unavailable');
  await refused(one.hear(noso, [{ number, sitting, at: one.now() }]), 'unavailable');
  await pause(0);
  await two.live.present(noso).catch(() => {});
  assert.is(await asked, 'conflict');
});

scene('W4 P1 after a failover a node that was there is waited for, and no longer', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  await seated(one, noso, 1);
  await two.live.present(noso);
  const before = await remember(server, prefix, noso);
  const [number] = (await one.draw(1)) as [number];
  await two.seating.take(noso, asking(one, number));
  await before();
  const lostAt = machineTime();
  const began = realClock.now();
  const count = firstCount(one, noso);
  await until(() => realClock.now() > began + 1100);
  await two.live.present(noso).catch(() => {});
  assert.is(await count, 2);
  const took = machineTime() - lostAt;
  assert.ok(took < 3500, `${took} ms`);

  two.close();
  await (await remember(server, prefix, noso))();
  const again = machineTime();
  assert.is(await firstCount(one, noso), 2);
  const gone = machineTime() - again;
  assert.ok(gone < 4500, `${gone} ms`);
});

scene(
  'P5 a seat that was lost gets the room of one who left, whoever puts back first',
  async (s) => {
    const { server, one, two, prefix } = s;
    const noso = await opened(one, { capacity: 1 });
    const [first] = (await seated(one, noso, 1)) as [Taken];
    await two.live.present(noso);
    const before = await remember(server, prefix, noso);
    await two.seating.leave(noso, first.number, null);
    const [second] = (await seated(one, noso, 1)) as [Taken];
    await before();
    const { nodes } = keysOf(prefix).noso(noso);
    const tried = async () => {
      const all = await server.ask((redis) => redis.hvals(nodes));
      return all.some((node) => node.endsWith(':0'));
    };
    await until(tried, { what: 'one to find no room' });
    await two.live.present(noso).catch(() => {});
    await healed(() => one.tail(noso, null));
    assert.equal(await numbersOf(one, noso), [second.number]);
  },
);

scene('A4 what a server draws that was replaced meanwhile is given to nobody', async (s) => {
  const { two } = s;
  await two.numbers.draw(1, null);
  const run = two.calls.run.bind(two.calls);
  two.calls.run = async (...asked) => {
    const reply = await run(...asked);
    const older = [reply.text(0), reply.number(1) - 1, reply.number(2), reply.number(3)];
    return asked[0].name === 'draw' ? new Reply(older) : reply;
  };
  await refused(two.numbers.draw(1, null), 'unavailable');
  two.calls.run = run;
  assert.is((await two.numbers.draw(1, null)).length, 1);
});

scene('L5 a close waits for what was lost, so that the record has it', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  await two.live.present(noso);
  const before = await remember(server, prefix, noso);
  const [number] = (await one.draw(1)) as [number];
  await two.seating.take(noso, asking(one, number));
  await before();
  const close = () => one.command(noso, { do: 'close', by: 'organizer' });
  await refused(close(), 'unavailable');
  await two.live.present(noso).catch(() => {});
  await healed(async () => {
    const { life } = await close();
    assert.is(life.is === 'closed' && life.totals.total, 1);
  });
});

scene('W4 a node that has just forgotten what it acknowledged is not waited for', async (s) => {
  const { server, one, two, prefix } = s;
  const noso = await opened(one);
  const [number] = (await one.draw(1)) as [number];
  await two.seating.take(noso, asking(one, number));
  await two.guard.look();
  two.recovery.checked();
  two.pass(61_000);
  two.recovery.checked();
  two.recovery.checked();
  assert.equal(two.recovery.remembered(), []);
  await (await remember(server, prefix, noso))();
  const stop = two.upkeep.start(realClock);
  const lostAt = machineTime();
  assert.is(await firstCount(one, noso), 1);
  const took = machineTime() - lostAt;
  stop();
  assert.ok(took < 4000, `${took} ms`);
});
