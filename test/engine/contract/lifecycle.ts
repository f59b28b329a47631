import * as assert from 'uvu/assert';
import type { Noso, NosoCommand } from '../../../src/domain/noso.js';
import type { Taken } from '../../../src/domain/seating.js';
import type { Engine } from '../../../src/engine/engine.js';
import { until } from '../../support/wait.js';
import type { Story } from '../contract.js';
import {
  asking,
  countOf,
  newId,
  newVenue,
  opened,
  planned,
  refused,
  seated,
  tallied,
} from './cast.js';

const open: NosoCommand = { do: 'open', by: 'organizer' };
const close: NosoCommand = { do: 'close', by: 'organizer' };
const cancel: NosoCommand = { do: 'cancel', by: 'organizer' };
const retitle: NosoCommand = { do: 'amend', changes: { title: 'Another' } };

async function stored(engine: Engine, id: string): Promise<Noso> {
  const { changes } = await engine.changesSince(0);
  return changes.find((c) => c.id === id)?.document as Noso;
}

export function lifecycleStories(story: Story): void {
  story('L1 scheduled, open, closed: and nothing else', async (engine) => {
    const id = await planned(engine);
    await refused(engine.command(id, close), 'conflict');
    const during = await engine.command(id, open);
    assert.is(during.life.is, 'open');
    assert.equal(await stored(engine, id), during);
    await refused(engine.command(id, open), 'conflict');
    await refused(engine.command(id, cancel), 'conflict');
    const after = await engine.command(id, close);
    assert.is(after.life.is, 'closed');
    assert.equal(await stored(engine, id), after);
    for (const command of [open, close, cancel, retitle]) {
      await refused(engine.command(id, command), 'conflict');
    }
  });

  story('L1 scheduled, cancelled: and nothing else', async (engine) => {
    const id = await planned(engine);
    const cancelled = await engine.command(id, cancel);
    assert.is(cancelled.life.is, 'cancelled');
    assert.equal(await stored(engine, id), cancelled);
    for (const command of [open, close, cancel, retitle]) {
      await refused(engine.command(id, command), 'conflict');
    }
    await refused(engine.command(newId(), open), 'not_found');
  });

  story('L1 of many who open, or close, one does', async (engine) => {
    const id = await planned(engine);
    const tenTimes = (command: NosoCommand) =>
      tallied(Array.from({ length: 10 }, () => engine.command(id, command)));
    assert.equal(await tenTimes(open), { granted: 1, conflict: 9 });
    assert.equal(await tenTimes(close), { granted: 1, conflict: 9 });
  });

  story('L2 a venue has one open NoSo, whoever opens at once', async (engine) => {
    const venue = newId();
    const ids = await Promise.all([1, 2, 3, 4].map(() => planned(engine, { venue })));
    const elsewhere = await planned(engine);
    const outcome = await tallied([...ids, elsewhere].map((id) => engine.command(id, open)));
    assert.equal(outcome, { granted: 2, conflict: 3 });
    const states = await Promise.all(ids.map(async (id) => (await stored(engine, id)).life.is));
    const [first] = ids.filter((_, k) => states[k] === 'open');
    await engine.command(first as string, close);
    const next = ids.find((_, k) => states[k] === 'scheduled') as string;
    await engine.command(next, open);
  });

  story('L3 a NoSo that is past its end closes dated its end', async (engine) => {
    const id = await opened(engine);
    const [who] = await seated(engine, id, 1);
    await refused(engine.command(id, { do: 'close', by: 'schedule' }), 'conflict');
    const endsAt = engine.now() + 700;
    await engine.command(id, { do: 'amend', changes: { endsAt } });
    await until(() => engine.now() >= endsAt);
    await refused(engine.take(id, asking(engine, who?.number as number)), 'not_open');
    const { life } = await engine.command(id, { do: 'close', by: 'schedule' });
    assert.ok(life.is === 'closed' && life.closedAt === endsAt);
  });

  story('L3 an organizer extends, and people go on sitting down', async (engine) => {
    const endsAt = engine.now() + 700;
    const id = await opened(engine, { endsAt });
    await engine.command(id, { do: 'amend', changes: { endsAt: endsAt + 60_000 } });
    await until(() => engine.now() >= endsAt);
    await seated(engine, id, 3);
    await refused(engine.command(id, { do: 'close', by: 'schedule' }), 'conflict');
    assert.is(await countOf(engine, id), 3);
  });

  story('while open, capacity may change down to the count', async (engine) => {
    const id = await opened(engine, { capacity: 3 });
    await seated(engine, id, 3);
    const to = (capacity: number) => engine.command(id, { do: 'amend', changes: { capacity } });
    await refused(to(2), 'conflict');
    await to(5);
    await seated(engine, id, 2);
    await refused(seated(engine, id, 1), 'full');
    await refused(engine.command(id, { do: 'amend', changes: { veil: 9 } }), 'conflict');
  });

  story('P5 nobody slips in while the capacity goes down', async (engine) => {
    for (let round = 0; round < 5; round += 1) {
      const id = await opened(engine, { capacity: 100 });
      const numbers = await engine.draw(60);
      let less: Promise<Record<string, number>> | null = null;
      // Five at a time sit down; the organizer comes in between.
      const lane = async () => {
        for (let number = numbers.pop(); number !== undefined; number = numbers.pop()) {
          await engine.take(id, asking(engine, number)).catch(() => {});
          less ??= tallied([engine.command(id, { do: 'amend', changes: { capacity: 8 } })]);
        }
      };
      await Promise.all([lane(), lane(), lane(), lane(), lane()]);
      const granted = (await (less as unknown as Promise<Record<string, number>>)).granted === 1;
      const count = await countOf(engine, id);
      assert.is(count, granted ? 8 : 60, granted ? 'lowered' : 'not lowered');
    }
  });

  story('a NoSo that is not open says when to ask again, if ever', async (engine) => {
    const soon = await planned(engine, {
      startsAt: engine.now() + 20_000,
      endsAt: engine.now() + 90_000,
      opens: 'schedule',
    });
    const [number] = (await engine.draw(1)) as [number];
    const asked = (id: string) => engine.take(id, asking(engine, number));
    const { retryAfter } = await refused(asked(soon), 'not_open');
    assert.ok(retryAfter && retryAfter > 15 && retryAfter <= 20, `${retryAfter} s`);
    const late = await planned(engine, { startsAt: engine.now() - 1000 });
    assert.ok(((await refused(asked(late), 'not_open')).retryAfter ?? 0) >= 1);
    await engine.command(late, cancel);
    assert.is((await refused(asked(late), 'not_open')).retryAfter, undefined);
    await refused(asked(newId()), 'not_found');
  });

  story('L4 once a close is acknowledged nobody sits, and nothing is left', async (engine) => {
    const venue = newVenue();
    const id = await opened(engine, { venue: venue.id });
    const [one] = (await seated(engine, id, 5)) as [Taken];
    const late = (await engine.draw(30)).map((n) => engine.take(id, asking(engine, n)));
    const { life } = await engine.command(id, close);
    const total = life.is === 'closed' ? life.totals.total : 0;
    const { granted = 0 } = await tallied(late);
    assert.is(total, 5 + granted, 'every seat that was granted is in the record');

    const [number] = (await engine.draw(1)) as [number];
    const { retryAfter } = await refused(engine.take(id, asking(engine, number)), 'not_open');
    assert.is(retryAfter, undefined);
    await refused(engine.seat(id, one.number), 'not_open');
    await refused(engine.tail(id, 0), 'not_open');
    await refused(engine.seats(id, engine.now()), 'not_open');
    assert.is(await engine.leave(id, one.number, null), false);
    const heard = [{ number: one.number, sitting: one.sitting, at: engine.now() }];
    assert.equal(await engine.hear(id, heard), heard);
  });

  story('L5 the record so far is what closing now would make of it', async (engine) => {
    const id = await opened(engine);
    const before = await engine.totals(id);
    assert.equal([before.total, before.peak, before.series.at(-1)?.count], [0, 0, 0]);
    const people = await seated(engine, id, 7);
    await engine.leave(id, (people[0] as Taken).number, null);
    await until(() => engine.now() > (people[6]?.since as number) + 50);
    const asked = engine.now();
    const soFar = await engine.totals(id);
    const { life } = await engine.command(id, close);
    assert.ok(life.is === 'closed');
    const { series, ...totals } = life.totals;
    assert.equal({ ...soFar, series: null }, { ...totals, series: null });
    assert.equal(soFar.series.slice(0, -1), series.slice(0, -1));
    const last = soFar.series.at(-1);
    assert.ok(last && last.at >= asked - 50 && last.at <= life.closedAt, 'as of now');
    assert.is(last.count, 6);
    await refused(engine.totals(id), 'not_open');
  });

  story('L5 the record is what the log says', async (engine) => {
    const id = await opened(engine);
    const people = await seated(engine, id, 20);
    const away = people.slice(0, 8);
    await until(() => engine.now() > (people[0]?.since as number) + 100);
    await Promise.all(away.map((p) => engine.leave(id, p.number, p.sitting)));
    await seated(engine, id, 5);
    const { changes, peak } = await engine.tail(id, 0);
    const { life } = await engine.command(id, close);
    assert.ok(life.is === 'closed' && changes);

    let count = 0;
    let most = 0;
    let seatedFor = 0;
    let at = life.openedAt;
    for (const change of changes) {
      seatedFor += count * (change.at - at);
      at = change.at;
      count += change.seated ? 1 : -1;
      most = Math.max(most, count);
    }
    seatedFor += count * (life.closedAt - at);
    assert.equal(life.totals, {
      peak: most,
      total: new Set(changes.map((c) => c.number)).size,
      personMinutes: Math.round(seatedFor / 60_000),
      series: [
        // Whoever sat down in the very millisecond of the opening is in its sample.
        { at: life.openedAt, count: changes.filter((c) => c.at === life.openedAt).length },
        { at: life.closedAt, count: 17 },
      ],
    });
    assert.is(peak, most);
  });
}
