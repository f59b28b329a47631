import * as assert from 'uvu/assert';
import type { Taken } from '../../../src/domain/seating.js';
import { until } from '../../support/wait.js';
import type { Story } from '../contract.js';
import { asking, opened, seated } from './cast.js';

export function logStories(story: Story): void {
  story('W2 the log tells every change once, in order', async (engine) => {
    const id = await opened(engine);
    const empty = await engine.tail(id, 0);
    assert.equal([empty.seq, empty.count, empty.peak, empty.changes], [0, 0, 0, []]);
    const people = await seated(engine, id, 30);
    await Promise.all(people.slice(0, 10).map((p) => engine.leave(id, p.number, null)));
    const { epoch, seq, count, peak, changes } = await engine.tail(id, 0);
    assert.equal([seq, count, peak], [40, 20, 30]);
    assert.ok(Number.isSafeInteger(epoch));
    assert.equal(
      changes?.map((c) => c.seq),
      Array.from({ length: 40 }, (_, k) => k + 1),
    );
    let last = 0;
    for (const { at } of changes ?? []) {
      assert.ok(at >= last, 'time does not go back');
      last = at;
    }
    const numbers = people.map((p) => p.number).sort();
    const taken = changes?.filter((c) => c.seated).map((c) => c.number);
    assert.equal(taken?.sort(), numbers);
  });

  story('W2 a cursor reads on from where it stood', async (engine) => {
    const id = await opened(engine);
    await seated(engine, id, 3);
    const { seq } = await engine.tail(id, null);
    const [one] = (await seated(engine, id, 1)) as [Taken];
    await engine.leave(id, one.number, 1);
    const { changes } = await engine.tail(id, seq);
    assert.equal(
      changes?.map((c) => [c.seq, c.number, c.seated]),
      [
        [4, one.number, true],
        [5, one.number, false],
      ],
    );
    assert.equal((await engine.tail(id, 5)).changes, []);
    assert.is((await engine.tail(id, 6)).changes, null, 'a cursor from nowhere');
    assert.equal((await engine.tail(id, null)).seq, 5);
  });

  story('W1 an acknowledged seat is in the very next read', async (engine) => {
    const id = await opened(engine);
    for (let k = 1; k <= 20; k += 1) {
      await seated(engine, id, 1);
      assert.is((await engine.tail(id, null)).count, k);
      assert.is((await engine.seats(id, engine.now())).numbers.length, k);
    }
  });

  story('W6 who was seated then, and who is now', async (engine) => {
    const id = await opened(engine);
    const early = await seated(engine, id, 10);
    const then = Math.max(engine.now(), ...early.map((p) => p.since));
    await until(() => engine.now() > then + 5, { every: 1 });
    const late = await seated(engine, id, 5);
    await Promise.all(early.slice(0, 4).map((p) => engine.leave(id, p.number, null)));
    const numbers = (people: Taken[]) => people.map((p) => p.number).sort((a, b) => a - b);

    const before = await engine.seats(id, then);
    assert.equal(
      [...before.numbers].sort((a, b) => a - b),
      numbers(early),
    );
    assert.is(before.seq, 10);
    const now = await engine.seats(id, engine.now());
    assert.equal(
      [...now.numbers].sort((a, b) => a - b),
      numbers([...early.slice(4), ...late]),
    );
    assert.is(now.seq, 19);
    const first = await engine.seats(id, Math.min(...early.map((p) => p.since)) - 1);
    assert.equal([first.seq, first.numbers], [0, []]);
  });

  story('a bell rings when the log grows, until it is taken down', async (engine) => {
    const id = await opened(engine);
    let rung = 0;
    const stop = engine.watch(id, () => {
      rung += 1;
    });
    const other = await opened(engine);
    // Watching is asked for, not waited for: the first bells may be missed, more than one in a Cluster,
    // where the first of a shard makes a connection for it.
    const grow = (which: string, rang: () => boolean, what: string) =>
      until(
        async () => {
          await seated(engine, which, 1);
          return rang();
        },
        { what, every: 100 },
      );
    await grow(id, () => rung > 0, 'a bell');
    const [one] = (await seated(engine, id, 1)) as [Taken];
    const { seq } = await engine.tail(id, 0);
    await engine.take(id, asking(engine, one.number));
    assert.is((await engine.tail(id, 0)).seq, seq, 'a repetition appends nothing');
    let second = 0;
    const stopSecond = engine.watch(id, () => {
      second += 1;
    });
    stop();
    stop();
    await grow(id, () => second > 0, 'the bell of whoever watches still');
    stopSecond();
    const before = rung;
    let heard = 0;
    const stopOther = engine.watch(other, () => {
      heard += 1;
    });
    await seated(engine, id, 1);
    await grow(other, () => heard > 0, 'the other bell');
    stopOther();
    assert.is(rung, before);
  });
}
