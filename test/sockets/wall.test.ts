import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Count, Numbers, Snapshot } from '../../src/protocol/wire.js';
import type { Person, TestApi } from '../support/api.js';
import { locally } from '../support/local.js';
import { machineTime } from '../support/machineTime.js';
import { served } from '../support/served.js';
import { openWall, type TestWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { LONG, until } from '../support/wait.js';

const test = suite('what walls are sent');

/** Seats them, `at` a time. */
async function seat(api: TestApi, all: Person[], at = 25): Promise<void> {
  for (let k = 0; k < all.length; k += at) {
    const some = all.slice(k, k + at);
    const replies = await Promise.all(some.map(({ token, pass }) => api.sit(token, pass)));
    assert.ok(replies.every(({ status }) => status === 200));
  }
}

type Came<F> = { at: number; given: number; frame: F };
const countsOf = (wall: TestWall) =>
  wall.frames.filter((each) => each.event === 'count') as Came<Count>[];
const numbersOf = (wall: TestWall) =>
  wall.frames.filter((each) => each.event === 'numbers') as Came<Numbers>[];

/** Holds a wall's frames against W2: never back within a snapshot, each `from` what is held. */
function holdsTogether(wall: TestWall): void {
  let position: [number, number] = [-1, -1];
  let held = -1;
  for (const { event, frame } of wall.frames) {
    if (event === 'code') continue;
    const { epoch, seq } = frame as Snapshot | Count | Numbers;
    const forth = epoch > position[0] || (epoch === position[0] && seq >= position[1]);
    // `numbers` are as of the last tick, so they may trail the count.
    if (event === 'count') assert.ok(forth, `${event} ${epoch}/${seq} after ${position}`);
    if (event === 'numbers') {
      assert.is((frame as Numbers).from, held, 'numbers that do not fit');
      assert.ok(seq > held);
      held = seq;
    }
    if (event === 'snapshot') held = (frame as Snapshot).numbersSeq;
    if (event === 'snapshot' || forth) position = [epoch, seq];
  }
}

test(
  'W2 W3 in a storm: the first at once, ten a second at most, the last always, in order',
  served(async (server, api) => {
    const noso = await api.noso({ veil: 1 });
    const { token } = await api.wall(noso.venue.id);
    const walls = [openWall(server.url, token), openWall(server.url, token)];
    await Promise.all(walls.map((wall) => wall.shows(0)));
    const all = await api.people(noso.id, 700);

    // A quiet moment, then one: it shows at once.
    const first = all[0] as Person;
    const asked = machineTime();
    await api.sit(first.token, first.pass);
    const answered = machineTime();
    await walls[0]?.shows(1);
    const shown = countsOf(walls[0] as TestWall).find(({ frame }) => frame.count === 1)?.given ?? 0;
    assert.ok(shown - answered < 250, `shown ${shown - answered} ms after the answer`);
    assert.ok(shown >= asked);

    await seat(api, all.slice(1, 600));
    await Promise.all(all.slice(0, 100).map(({ token }) => api.leave(token, noso.id)));
    await seat(api, all.slice(600));
    const done = machineTime();
    await Promise.all(walls.map((wall) => wall.shows(600)));
    for (const wall of walls) {
      const last = countsOf(wall).find(({ frame }) => frame.count === 600)?.given ?? 0;
      assert.ok(last - done < 500, `the last one after ${last - done} ms`);
      const at = countsOf(wall).map(({ frame }) => frame.serverTime);
      for (let k = 0; k + 10 < at.length; k += 1) {
        const span = (at[k + 10] as number) - (at[k] as number);
        assert.ok(span >= 1000, `11 counts within ${span} ms`);
      }
      await until(() => wall.numbers?.size === 600, { what: 'the numbers' });
      assert.is(wall.gaps, 0);
      holdsTogether(wall);
    }
    assert.equal(walls[0]?.numbers, walls[1]?.numbers);
    for (const wall of walls) wall.close();
  }),
  { deadline: 60_000 },
);

test(
  'W1 W2 walls that come, go and ask in the midst of a storm end with the right set',
  served(async (server, api) => {
    const noso = await api.noso({ veil: 0 });
    const { token } = await api.wall(noso.venue.id);
    const all = await api.people(noso.id, 300);
    const walls: TestWall[] = [];
    let storm = true;
    const watching = (async () => {
      while (storm) {
        const wall = openWall(server.url, token);
        walls.push(wall);
        await until(() => wall.snapshot, { every: 1 });
        wall.socket.emit('sync', () => {});
        if (walls.length > 30) walls.shift()?.close();
      }
    })();
    await seat(api, all, 10);
    await Promise.all(all.slice(0, 50).map(({ token }) => api.leave(token, noso.id)));
    storm = false;
    await watching;
    const wanted = new Set(all.slice(50).map(({ number }) => number));
    for (const wall of walls) {
      // Two hundred and fifty are shown on the way up as well.
      const right = () =>
        wall.numbers?.size === 250 && [...wanted].every((n) => wall.numbers?.has(n));
      await until(right, { what: 'the numbers, on every wall' });
      assert.is(wall.gaps, 0, 'a frame was lost without anything being lost');
      holdsTogether(wall);
      wall.close();
    }
  }),
  { deadline: 40_000 },
);

/** A veil, in ms. */
const VEIL = 2000;
/** Held: a tick comes when it is told to. */
const clock = manualClock(Math.ceil(Date.now() / VEIL) * VEIL);
/** Moves it on step by step: what is under way would be late after a leap of seconds. */
async function moveOn(ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 50) {
    clock.advance(Math.min(50, left));
    await pause(10);
  }
}

test(
  'W6 numbers change at ticks, net, disjoint and in an order that tells nothing; the count is live',
  locally(
    async ({ url, api }) => {
      const noso = await api.noso({ veil: VEIL / 1000 });
      const { token } = await api.wall(noso.venue.id);
      const wall = openWall(url, token);
      await wall.shows(0);
      const all = await api.people(noso.id, 120);
      await seat(api, all.slice(0, 100), 10);
      await until(() => wall.numbers?.size === 100 || clock.advance(50), { what: 'a tick' });
      // Between two ticks: twenty come, ten of these go again, ten of the first go.
      const tick = numbersOf(wall).length;
      await moveOn(VEIL - (clock.now() % VEIL));
      await seat(api, all.slice(100), 20);
      await until(() => wall.count === 120 || clock.advance(10), { what: 'the count' });
      const gone = [...all.slice(110), ...all.slice(0, 10)];
      await Promise.all(gone.map(({ token }) => api.leave(token, noso.id)));
      await until(() => wall.count === 100 || clock.advance(10), { what: 'the count' });
      await moveOn(VEIL - 1 - (clock.now() % VEIL));
      await wall.socket.emitWithAck('sync'); // whatever was sent before has come
      assert.is(numbersOf(wall).length, tick, 'not before the tick');
      clock.advance(1);
      await until(() => numbersOf(wall).length > tick, { what: 'the tick' });
      assert.is(clock.now() % VEIL, 0);

      const change = numbersOf(wall).at(-1)?.frame as Numbers;
      assert.equal(new Set(change.seated), new Set(all.slice(100, 110).map((p) => p.number)));
      assert.equal(new Set(change.gone), new Set(all.slice(0, 10).map((p) => p.number)));
      const shown = numbersOf(wall)
        .slice(0, tick)
        .flatMap(({ frame }) => frame.seated);
      const arrived = all.slice(0, 100).map(({ number }) => number);
      assert.equal(new Set(shown), new Set(arrived));
      const late = openWall(url, token);
      await until(() => late.snapshot);
      const order = (late.snapshot as Snapshot).numbers ?? [];
      assert.is.not(order.join(), arrived.join());
      assert.is.not(order.join(), [...order].sort().join());
      // A hundred in the order of their coming would have some 99 neighbours in order; by chance, 50.
      const rank = new Map(arrived.map((number, k) => [number, k]));
      const ranks = order.flatMap((number) => rank.get(number) ?? []);
      const rising = ranks.filter((r, k) => k > 0 && r > (ranks[k - 1] as number)).length;
      assert.ok(rising > 25 && rising < 70, `${rising} of ${ranks.length - 1} rise`);
      wall.close();
      late.close();
    },
    { clock, closing: async () => clock.advance(100) },
  ),
  { deadline: 40_000 },
);

test(
  'W6 with show: count, and above 10,000, there are no numbers; sync answers like a snapshot',
  served(async (server, api) => {
    const noso = await api.noso({ show: 'count', veil: 0 });
    const wall = openWall(server.url, (await api.wall(noso.venue.id)).token);
    await wall.shows(0);
    await seat(api, await api.people(noso.id, 5));
    await wall.shows(5);
    const answer = (await wall.socket.timeout(LONG).emitWithAck('sync')) as Snapshot;
    assert.equal(Object.keys(answer), Object.keys(wall.snapshot as Snapshot));
    assert.is(answer.numbers, null);
    assert.is(answer.count, 5);
    assert.is(answer.noso?.count, 5);
    assert.is(numbersOf(wall).length, 0);
    wall.close();
  }),
);
