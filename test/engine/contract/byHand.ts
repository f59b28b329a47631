import * as assert from 'uvu/assert';
import { type Click, UNDONE_WITHIN } from '../../../src/domain/clicks.js';
import type { Taken } from '../../../src/domain/seating.js';
import type { Engine } from '../../../src/engine/engine.js';
import { until } from '../../support/wait.js';
import type { Story } from '../contract.js';
import { asking, countOf, newId, opened, refused, seated } from './cast.js';

const close = { do: 'close', by: 'organizer' } as const;

/** A door that clicks; each click has a key of its own unless one is given. */
const doorOf = (engine: Engine, noso: string, door: string) => {
  const common = (key: string, at: number) => ({ key, door, at });
  return {
    in: async (number?: number, key = newId(), at = engine.now()) => {
      const drawn = number ?? ((await engine.draw(1))[0] as number);
      return engine.click(noso, { ...common(key, at), what: 'in', number: drawn });
    },
    out: (number: number | null = null, key = newId(), at = engine.now()) =>
      engine.click(noso, { ...common(key, at), what: 'out', number }),
    undo: (of: string, key = newId(), at = engine.now()) =>
      engine.click(noso, { ...common(key, at), what: 'undo', of }),
  };
};

export function byHandStories(story: Story): void {
  story(
    'P9 whoever is seated at a door counts as others do, once a click',
    async (engine, restart) => {
      const id = await opened(engine, { capacity: 5 });
      const door = doorOf(engine, id, 'north');
      await seated(engine, id, 2);
      const key = newId();
      const first = await door.in(undefined, key);
      assert.is(first.why, 'ok');
      assert.equal(await door.in(undefined, key), first, 'a lost answer');
      const again = doorOf(await restart(), id, 'north');
      assert.equal(await again.in(undefined, key), first, 'a restart');
    },
  );

  story('P9 P5 never above capacity: full stays full, whatever comes free', async (engine) => {
    const id = await opened(engine, { capacity: 3 });
    const [north, south] = [doorOf(engine, id, 'north'), doorOf(engine, id, 'south')];
    await seated(engine, id, 1);
    const late = newId();
    const answers = await Promise.all([north.in(), south.in(), north.in(), south.in()]);
    assert.is(answers.filter(({ why }) => why === 'ok').length, 2);
    assert.is((await north.in(undefined, late)).why, 'full');
    assert.is(await countOf(engine, id), 3);
    assert.is((await south.out()).why, 'ok');
    assert.is((await north.in(undefined, late)).why, 'full', 'that click was refused');
    assert.is((await north.in()).why, 'ok');
    await refused(seated(engine, id, 1), 'full');
    assert.equal([await countOf(engine, id), (await engine.tail(id, null)).peak], [3, 3]);
  });

  story(
    'P9 P2 a paper number that is given twice is one seat, and undoing the second takes nobody’s',
    async (engine, restart) => {
      const id = await opened(engine, { capacity: 1 });
      const [number] = (await engine.draw(1)) as [number];
      const [first, second, key] = [newId(), newId(), newId()];
      assert.is((await doorOf(engine, id, 'north').in(number, first)).why, 'ok');
      assert.is((await doorOf(engine, id, 'south').in(number, second)).why, 'ok', 'it sits');
      assert.is(await countOf(engine, id), 1);
      const again = await restart();
      const [north, south] = [doorOf(again, id, 'north'), doorOf(again, id, 'south')];
      const undone = await south.undo(second, key);
      assert.equal(undone, { why: 'ok', number });
      assert.equal(await south.undo(second, key), undone, 'a lost answer');
      assert.is((await south.undo(second)).why, 'conflict.state', 'once');
      assert.is(await countOf(again, id), 1, 'who was seated at the other door is there');
      assert.equal([...(await again.doors(id))], [['north', 1]]);
      assert.is((await north.undo(first)).why, 'ok');
      assert.is(await countOf(again, id), 0);
    },
  );

  story('P9 out gives back what this door seated last, else what any did', async (engine) => {
    const id = await opened(engine);
    const [north, south] = [doorOf(engine, id, 'north'), doorOf(engine, id, 'south')];
    const [phone] = (await seated(engine, id, 1)) as [Taken];
    const one = await north.in();
    await until(() => engine.now() > Date.now() - 3);
    const two = await south.in();
    assert.equal(await north.out(), one);
    assert.equal(await north.out(), two);
    assert.is((await north.out()).why, 'not_found', 'phones are not sent out at a door');
    assert.is((await north.out(phone.number)).why, 'not_found');
    assert.is(await countOf(engine, id), 1);
    // No haste is held against a door: S4 is for phones.
    for (let k = 0; k < 6; k += 1) {
      assert.is((await south.in(one.number)).why, 'ok');
      assert.is((await south.out(one.number)).why, 'ok');
    }
  });

  story('P9 L5 an undone click is as if it had never been', async (engine, restart) => {
    const id = await opened(engine);
    const door = doorOf(engine, id, 'north');
    await seated(engine, id, 2);
    const [came, stayed] = [newId(), newId()];
    await door.in(undefined, came);
    const { number } = await door.in(undefined, stayed);
    assert.equal([await countOf(engine, id), (await engine.totals(id)).byHand], [4, 2]);
    const undoing = newId();
    assert.is((await door.undo(came, undoing)).why, 'ok');
    assert.is((await door.undo(came, undoing)).why, 'ok', 'sent again: the same');
    assert.is((await door.undo(came)).why, 'conflict.state', 'once only');
    assert.is((await doorOf(engine, id, 'south').undo(stayed)).why, 'not_found', 'its own door');
    assert.is((await door.undo(newId())).why, 'not_found');
    const late = engine.now() + UNDONE_WITHIN + 1;
    assert.is((await door.undo(stayed, newId(), late)).why, 'conflict.state', 'too late');
    const left = newId();
    assert.is((await door.out(number, left)).why, 'ok');
    assert.is(await countOf(engine, id), 2);
    assert.is((await door.undo(left)).why, 'ok');
    const again = await restart();
    assert.is(await countOf(again, id), 3);
    const seat = await again.seat(id, number);
    assert.is(seat?.seated && seat.sitting, 2);
    const { life } = await again.command(id, close);
    assert.ok(life.is === 'closed');
    assert.equal([life.totals.total, life.totals.byHand, life.totals.peak], [3, 1, 4]);
  });

  story('P9 P4 whoever is seated by hand does not lapse', async (engine) => {
    const id = await opened(engine, { pocket: 1 });
    const { number } = await doorOf(engine, id, 'north').in();
    await engine.click(id, consoleSeats(engine, (await engine.draw(1))[0] as number));
    await seated(engine, id, 1);
    await until(async () => (await countOf(engine, id)) === 2, { what: 'the phone’s to lapse' });
    assert.ok((await engine.seat(id, number))?.seated);
  });

  story(
    'P8 L5 what phones took since a moment is taken back, and nothing else',
    async (engine, restart) => {
      const id = await opened(engine, { capacity: 40 });
      const early = await seated(engine, id, 5);
      const since = Math.max(...early.map((taken) => taken.since)) + 1;
      await until(() => engine.now() > since + 5);
      const key = newId();
      const issuedAt = engine.now();
      const [drawn] = (await engine.draw(1)) as [number];
      await engine.bind(id, { key, number: drawn, issuedAt });
      const flood = await seated(engine, id, 20);
      await doorOf(engine, id, 'north').in();
      await until(() => engine.now() > Math.max(...flood.map((taken) => taken.since)));
      const end = engine.now();
      await engine.command(id, { do: 'void', since, until: end, freed: null });
      assert.is(await engine.takenIn(id, since, end), flood.length, 'it is said before');
      const freed = (await engine.takeBack(id, since, end)).map(({ number }) => number);
      assert.equal(freed.sort(), flood.map(({ number }) => number).sort());
      assert.is(await engine.takenIn(id, since, end), 0);
      assert.equal(await engine.takeBack(id, since, end), [], 'done again, nothing is left to do');
      assert.equal([...(await engine.doors(id))], [['north', 1]]);
      assert.is(await countOf(engine, id), 6);
      const again = await restart();
      const [one] = flood as [Taken];
      const proof = { kind: 'seat', sitting: 1 } as const;
      const old = await refused(again.take(id, asking(again, one.number, { proof })), 'conflict');
      assert.is(old.why, 'conflict.voided');
      const back = asking(again, one.number, { proof, back: true });
      assert.is((await refused(again.take(id, back), 'conflict')).why, 'conflict.voided');
      const stale = asking(again, drawn, { key, proof: { kind: 'entry', issuedAt } });
      await refused(again.take(id, stale), 'bad_code');
      // With a new pass at once: S4 does not count it. Others' passes stay good.
      const anew = await again.take(id, asking(again, one.number));
      assert.is(anew.sitting, 2);
      const [kept] = early as [Taken];
      assert.is((await again.take(id, asking(again, kept.number, { proof }))).since, kept.since);
      const { life } = await again.command(id, close);
      assert.ok(life.is === 'closed');
      assert.equal([life.totals.total, life.totals.peak, life.totals.byHand], [7, 26, 1]);
    },
  );
}

const consoleSeats = (engine: Engine, number: number): Click => ({
  ...{ key: null, door: '', at: engine.now() },
  ...{ what: 'in', number },
});
