import * as assert from 'uvu/assert';
import type { Taken } from '../../../src/domain/seating.js';
import { until } from '../../support/wait.js';
import type { Story } from '../contract.js';
import { asking, countOf, newId, opened, refused, seated } from './cast.js';

export function restartStories(story: Story): void {
  story('P1 a restart changes nothing for anybody', async (engine, restart) => {
    const id = await opened(engine, { capacity: 60 });
    const key = newId();
    const people = await seated(engine, id, 50);
    const [number] = (await engine.draw(1)) as [number];
    const byPass = await engine.take(id, asking(engine, number, { key }));
    const [drawn] = (await engine.draw(1)) as [number];
    const binding = { key: newId(), number: drawn, issuedAt: engine.now() };
    await engine.bind(id, binding);
    const [gone, one] = people as [Taken, Taken];
    await engine.leave(id, gone.number, null);
    const before = await engine.tail(id, 0);
    const catalogue = await engine.changesSince(0);
    const mark = await engine.seat(id, gone.number);

    const again = await restart();
    assert.equal((await again.changesSince(0)).changes, catalogue.changes);
    const after = await again.tail(id, 0);
    assert.equal({ ...after, epoch: 0 }, { ...before, epoch: 0 });
    assert.ok(after.epoch >= before.epoch);
    assert.equal(await again.take(id, asking(again, one.number)), one);
    assert.equal(await again.seat(id, gone.number), mark);
    const [other] = (await again.draw(1)) as [number];
    assert.equal(await again.take(id, asking(again, other, { key, fresh: true })), byPass);
    assert.is(await again.bind(id, { ...binding, number: other }), drawn);
    await refused(again.take(id, asking(again, gone.number, { back: true })), 'too_soon');
    await seated(again, id, 10);
    await refused(seated(again, id, 1), 'full');

    const { life } = await again.command(id, { do: 'close', by: 'organizer' });
    assert.ok(life.is === 'closed');
    assert.equal([life.totals.total, life.totals.peak], [61, 60]);
  });

  story('A4 a restart forgets no number that was drawn', async (engine, restart) => {
    const before = await engine.draw(400);
    const again = await restart();
    const after = await again.draw(50);
    assert.is(new Set([...before, ...after]).size, 450);
  });

  story('a restart forgets no revision, and nothing that was spent', async (engine, restart) => {
    const id = newId();
    const end = engine.now() + 60_000;
    assert.is(await engine.spend(id, end), true);
    await engine.reserve(id, 'somebody', end);
    const organizer = { id: newId(), label: 'Ada', hash: 'h', createdAt: 1 };
    const revision = await engine.save('organizer', organizer.id, organizer);
    await engine.remove('organizer', organizer.id);
    const again = await restart();
    assert.is(await again.spend(id, end), false);
    assert.is(await again.holder(id), 'somebody');
    assert.is((await again.changesSince(revision)).changes[0]?.document, null);
    assert.ok((await again.save('organizer', organizer.id, organizer)) > revision + 1);
  });

  story('P4 what was heard before a restart was heard', async (engine, restart) => {
    const id = await opened(engine, { pocket: 4 });
    const [one, silent] = (await seated(engine, id, 2)) as [Taken, Taken];
    await until(() => engine.now() > one.since + 2000);
    await engine.hear(id, [{ number: one.number, sitting: 1, at: engine.now() }]);
    const again = await restart();
    await until(() => again.now() > one.since + 4200);
    assert.equal(await again.seat(id, one.number), { seated: true, ...one });
    assert.is((await again.seat(id, silent.number))?.seated, false);
    await until(async () => (await countOf(again, id)) === 0);
  });
}
