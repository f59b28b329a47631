import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Engine } from '../../src/engine/engine.js';
import type { Count, Snapshot } from '../../src/protocol/wire.js';
import { asking } from '../engine/contract/cast.js';
import { locally } from '../support/local.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('walls after the store lost data, or refused');

/** An engine whose epoch is ours to raise, and whose reads are ours to refuse. */
function losing() {
  const store = {
    epoch: 1,
    refuses: (_verb: 'tail' | 'seats'): boolean => false,
  };
  const asked = async <T extends { epoch: number }>(verb: 'tail' | 'seats', work: Promise<T>) => {
    const answer = await work;
    if (store.refuses(verb)) throw new Refusal('unavailable.no_answer', 'refused by the test', 1);
    return { ...answer, epoch: store.epoch };
  };
  const wrap = (engine: Engine): Engine => ({
    ...engine,
    tail: (noso, since) => asked('tail', engine.tail(noso, since)),
    seats: (noso, asOf) => asked('seats', engine.seats(noso, asOf)),
  });
  return { store, wrap };
}

const positions = ['count', 'numbers', 'snapshot'];

for (const veil of [0, 1]) {
  const { store, wrap } = losing();
  test(
    `W2 W4 P4 a link that flaps amidst a reseat leaves no wall with what was; the snapshot comes first (veil ${veil})`,
    locally(
      async ({ api, engine, url }) => {
        const noso = await api.noso({ veil });
        const [stays, goes, comes] = (await engine.draw(3)) as [number, number, number];
        await engine.take(noso.id, asking(engine, stays));
        await engine.take(noso.id, asking(engine, goes));
        const { token } = await api.wall(noso.venue.id);
        const walls = [openWall(url, token), openWall(url, token)];
        for (const wall of walls) await until(() => wall.numbers?.size === 2);

        // What happens now is not seen: the link is away, and the log is another one when it is back.
        store.refuses = () => true;
        await engine.leave(noso.id, goes, null);
        await engine.take(noso.id, asking(engine, comes));
        await engine.take(noso.id, asking(engine, goes + 1)).catch(() => null);
        const frames = walls.map((wall) => wall.frames.length);
        store.epoch = 2;
        // It flaps: the set of the seats is refused, once.
        let flaps = 1;
        store.refuses = (verb) => verb === 'seats' && flaps-- > 0;
        const truth = async () => {
          const { numbers } = await engine.seats(noso.id, engine.now());
          return numbers.map(String).sort();
        };
        for (const [k, wall] of walls.entries()) {
          await until(() => wall.snapshot?.epoch === 2, { what: 'a snapshot of the new epoch' });
          await pause(veil * 1000 + 300);
          const isRight = async () =>
            [...(wall.numbers ?? [])].sort().join() === (await truth()).join();
          await until(isRight, { what: 'what is so to be shown' });
          const since = wall.frames
            .slice(frames[k])
            .filter(({ event }) => positions.includes(event));
          const first = since.find(({ frame }) => (frame as Count).epoch === 2);
          assert.is(first?.event, 'snapshot');
          assert.is(wall.gaps, 0);
        }
        assert.ok(flaps < 1, 'it was refused');
        const late = openWall(url, token);
        await until(() => late.snapshot);
        assert.equal((late.snapshot?.numbers ?? []).toSorted(), await truth());
        for (const wall of [...walls, late]) wall.close();
      },
      { wrap },
    ),
  );
}

const refusing = losing();
test(
  'W4 W8 what could not be shown when it changed is shown as soon as the store answers',
  locally(
    async ({ api, url }) => {
      const noso = await api.noso({ veil: 0 });
      const wall = openWall(url, (await api.wall(noso.venue.id)).token);
      await until(() => wall.snapshot);
      refusing.store.refuses = () => true;
      await pause(2200); // what was read before is no ground to show anything any more
      // It is written; how many sit, which is part of the answer, cannot be said.
      await api.own('PATCH', `/api/nosos/${noso.id}`, { title: 'renamed' }).catch(() => {});
      await pause(300);
      const before = wall.frames.length;
      assert.is(wall.snapshot?.noso?.title, noso.title);
      refusing.store.refuses = () => false;
      const titled = (title: string) => (wall.snapshot as Snapshot | null)?.noso?.title === title;
      await until(() => titled('renamed'), { what: 'the new title, unasked', deadline: 4000 });
      assert.is(wall.frames[before]?.event, 'snapshot', 'and nothing before it');
      assert.ok(wall.socket.connected);
      wall.close();
    },
    { wrap: refusing.wrap },
  ),
);
