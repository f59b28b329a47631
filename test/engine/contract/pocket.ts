import * as assert from 'uvu/assert';
import type { Taken } from '../../../src/domain/seating.js';
import { until } from '../../support/wait.js';
import type { Story } from '../contract.js';
import { asking, countOf, opened, refused, seated } from './cast.js';

// Pockets of a second or two: the edge would refuse them, but the rules are the same.

export function pocketStories(story: Story): void {
  story('P4 a seat lapses within its pocket and a second, silently', async (engine) => {
    const id = await opened(engine, { pocket: 1 });
    const people = await seated(engine, id, 50);
    await until(async () => (await countOf(engine, id)) === 0, { deadline: 5000 });
    const { changes } = await engine.tail(id, 50);
    assert.is(changes?.length, 50);
    for (const { at, number } of changes ?? []) {
      const { since } = people.find((p) => p.number === number) as Taken;
      assert.ok(at >= since + 1000 && at <= since + 2000, `lapsed after ${at - since} ms`);
    }
    const mark = await engine.seat(id, (people[0] as Taken).number);
    assert.ok(mark && !mark.seated && mark.why === 'lapsed');
  });

  story('P4 a phone that is heard keeps its seat, and only its own', async (engine) => {
    const id = await opened(engine, { pocket: 1 });
    const [kept, silent] = (await seated(engine, id, 2)) as [Taken, Taken];
    const heard = () => ({ number: kept.number, sitting: kept.sitting, at: engine.now() });
    // As phones are heard: however long the answer of one takes, the next is told.
    const answers: Promise<unknown>[] = [];
    await until(() => {
      answers.push(engine.hear(id, [heard()]));
      return engine.now() > kept.since + 2000;
    });
    for (const absent of await Promise.all(answers)) assert.equal(absent, []);
    assert.ok((await engine.seat(id, kept.number))?.seated);
    assert.is((await engine.seat(id, silent.number))?.seated, false);
    await until(async () => (await countOf(engine, id)) === 0, { deadline: 4000 });
  });

  story('P4 nothing late revives a seat', async (engine) => {
    const id = await opened(engine, { pocket: 1 });
    const [one, two] = (await seated(engine, id, 2)) as [Taken, Taken];
    await until(async () => (await countOf(engine, id)) === 0, { deadline: 4000 });
    const late = [one, two].map(({ number, sitting }) => ({ number, sitting, at: engine.now() }));
    assert.equal(await engine.hear(id, late), late);
    const proof = { kind: 'seat', sitting: 1 } as const;
    const again = engine.take(id, asking(engine, one.number, { proof }));
    assert.is((await refused(again, 'conflict')).reason, 'lapsed');
    assert.is(await engine.leave(id, one.number, 1), false);
    assert.is(await countOf(engine, id), 0);
  });

  story('P4 a packet of long ago does not put a lapse off', async (engine) => {
    const id = await opened(engine, { pocket: 1 });
    const [one] = (await seated(engine, id, 1)) as [Taken];
    await engine.hear(id, [{ number: one.number, sitting: 1, at: one.since - 60_000 }]);
    assert.ok((await engine.seat(id, one.number))?.seated, 'nor does it bring it forward');
    await engine.hear(id, [{ number: one.number, sitting: 2, at: engine.now() + 60_000 }]);
    await until(async () => (await countOf(engine, id)) === 0, { deadline: 4000 });
  });

  story('P4 a packet that is dated ahead keeps a seat no longer', async (engine, restart) => {
    const id = await opened(engine, { pocket: 2 });
    const [one] = (await seated(engine, id, 1)) as [Taken];
    const ahead = { number: one.number, sitting: 1, at: engine.now() + 60_000 };
    assert.equal(await engine.hear(id, [ahead]), []);
    const heardBy = engine.now();
    const again = await restart();
    await until(async () => (await countOf(again, id)) === 0, { deadline: 8000 });
    const [lapse] = (await again.tail(id, 1)).changes ?? [];
    const late = (lapse?.at ?? Infinity) - heardBy;
    assert.ok(late <= 3000, `lapsed ${late} ms after it was heard`);
  });

  story('P4 taking the seat again is being heard', async (engine) => {
    const id = await opened(engine, { pocket: 1 });
    const [one] = (await seated(engine, id, 1)) as [Taken];
    const answers: Promise<unknown>[] = [];
    await until(() => {
      answers.push(engine.take(id, asking(engine, one.number)));
      return engine.now() > one.since + 1700;
    });
    await Promise.all(answers);
    assert.is((await engine.tail(id, null)).seq, 1);
  });

  story('hear tells which sittings are not on', async (engine) => {
    const id = await opened(engine, { pocket: 300 });
    const [one, two] = (await seated(engine, id, 2)) as [Taken, Taken];
    await engine.leave(id, two.number, null);
    const [stranger] = (await engine.draw(1)) as [number];
    const at = engine.now();
    const wrong = [
      { number: one.number, sitting: 2, at },
      { number: two.number, sitting: 1, at },
      { number: stranger, sitting: 1, at },
    ];
    const right = { number: one.number, sitting: 1, at };
    assert.equal(await engine.hear(id, [right, ...wrong]), wrong);
    assert.equal(await engine.hear(id, []), []);
  });

  story('P5 a seat that lapses comes free', async (engine) => {
    const id = await opened(engine, { pocket: 1, capacity: 1 });
    await seated(engine, id, 1);
    await refused(seated(engine, id, 1), 'full');
    const [number] = (await engine.draw(1)) as [number];
    const granted = () =>
      engine.take(id, asking(engine, number)).then(
        () => true,
        () => false,
      );
    await until(granted, { deadline: 4000 });
    assert.is((await engine.tail(id, null)).peak, 1);
  });
}
