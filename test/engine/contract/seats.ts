import * as assert from 'uvu/assert';
import type { Taken } from '../../../src/domain/seating.js';
import { CHANCE, rising } from '../../live/ranks.js';
import type { Story } from '../contract.js';
import { asking, countOf, newId, opened, planned, refused, seated, tallied } from './cast.js';

export function seatStories(story: Story): void {
  story('A3 A4 numbers are drawn once each, of six digits from the first', async (engine) => {
    const groups = await Promise.all(Array.from({ length: 20 }, () => engine.draw(400)));
    const numbers = groups.flat();
    assert.is(numbers.length, 8000);
    assert.is(new Set(numbers).size, 8000);
    for (const number of numbers) assert.match(String(number), /^[1-9][0-9]{5}$/);
  });

  story('A3 numbers that are drawn together, or at once, are in no order', async (engine) => {
    const together = await engine.draw(300);
    const each = await Promise.all(Array.from({ length: 300 }, () => engine.draw(1)));
    for (const numbers of [together, each.flat()]) {
      const deviations = rising([numbers]);
      assert.ok(Math.abs(deviations) < CHANCE, `${deviations.toFixed(1)} deviations`);
    }
  });

  story('A3 the length is fixed at the opening, and holds until the close', async (engine) => {
    const lengthOf = async (id: string) => {
      const { life } = await engine.command(id, { do: 'open', by: 'organizer' });
      return life.is === 'open' ? life.digits : 0;
    };
    const [early, late] = [await planned(engine), await planned(engine)];
    assert.is(await lengthOf(early), 6);
    for (let k = 0; k < 23; k += 1) await engine.draw(1000);
    assert.is(await lengthOf(late), 7, '40 times what was drawn until then');
    const [six, seven] = await Promise.all([engine.draw(300, 6), engine.draw(300, 7)]);
    assert.ok(six.every((number) => String(number).length === 6));
    assert.ok(seven.every((number) => String(number).length === 7));
    assert.ok((await engine.draw(50)).every((number) => String(number).length === 7));
  });

  story('P1 whoever is seated has a number, a sitting and a time', async (engine) => {
    const id = await opened(engine);
    const before = engine.now();
    const [number] = (await engine.draw(1)) as [number];
    const taken = await engine.take(id, asking(engine, number));
    assert.is(taken.number, number);
    assert.is(taken.sitting, 1);
    assert.ok(taken.since >= before - 5 && taken.since <= engine.now() + 5);
    assert.equal(await engine.seat(id, number), { seated: true, ...taken });
    assert.is(await countOf(engine, id), 1);
  });

  story('P2 P3 asking again, at once or later, is the same seat', async (engine) => {
    const id = await opened(engine);
    const [number] = (await engine.draw(1)) as [number];
    const asks = Array.from({ length: 20 }, () => engine.take(id, asking(engine, number)));
    const answers = await Promise.all(asks);
    const again = await engine.take(id, asking(engine, number, { back: true }));
    const proof = { kind: 'seat', sitting: 1 } as const;
    const withPass = await engine.take(id, asking(engine, number, { proof }));
    for (const each of [...answers, again, withPass]) assert.equal(each, answers[0]);
    const { seq, count } = await engine.tail(id, null);
    assert.equal([seq, count], [1, 1]);
  });

  story('P3 P8 a pass is one number and one seat, whatever is drawn for it', async (engine) => {
    const id = await opened(engine);
    const [one, two, three] = (await engine.draw(3)) as [number, number, number];
    const key = newId();
    const taken = await engine.take(id, asking(engine, one, { key, fresh: true }));
    assert.is(taken.number, one);
    for (const number of [two, three]) {
      const again = asking(engine, number, { key, fresh: true });
      assert.equal(await engine.take(id, again), taken);
      const other = await refused(engine.take(id, asking(engine, number, { key })), 'conflict');
      assert.match(other.message, 'pass');
    }
    assert.equal(await engine.take(id, asking(engine, one, { key })), taken);
    assert.is(await engine.bind(id, { key, number: two, issuedAt: engine.now() }), one);
    assert.is(await countOf(engine, id), 1);
    const other = await engine.take(id, asking(engine, two, { key: newId() }));
    assert.is(other.number, two);
    assert.is(await countOf(engine, id), 2);
  });

  story('P8 a pass shown by who sits already is used up', async (engine) => {
    const id = await opened(engine);
    const [one] = (await seated(engine, id, 1)) as [Taken];
    const [two] = (await engine.draw(1)) as [number];
    const key = newId();
    assert.equal(await engine.take(id, asking(engine, one.number, { key })), one);
    await refused(engine.take(id, asking(engine, two, { key })), 'conflict');
    assert.equal(await engine.take(id, asking(engine, two, { key, fresh: true })), one);
    const { seq, count } = await engine.tail(id, null);
    assert.equal([seq, count], [1, 1]);
  });

  story('P8 a pass draws one number, however often and at once it is asked', async (engine) => {
    const id = await opened(engine);
    const numbers = await engine.draw(20);
    const [key, issuedAt] = [newId(), engine.now()];
    const answers = await Promise.all(
      numbers.map((number) => engine.bind(id, { key, number, issuedAt })),
    );
    assert.is(new Set(answers).size, 1);
    const [one] = answers as [number];
    const late = issuedAt - 3_600_000;
    assert.is(await engine.bind(id, { key, number: numbers[3] as number, issuedAt: late }), one);
    const other = numbers.find((n) => n !== one) as number;
    await refused(engine.take(id, asking(engine, other, { key })), 'conflict');
    assert.is((await engine.take(id, asking(engine, other, { key, fresh: true }))).number, one);
    const { seq, count } = await engine.tail(id, 0);
    assert.equal([seq, count], [1, 1], 'a drawing is no change of a seat');
  });

  story('P8 at once: twenty requests with one pass are one seat', async (engine) => {
    const id = await opened(engine);
    const numbers = await engine.draw(20);
    const key = newId();
    const answers = await Promise.all(
      numbers.map((number) => engine.take(id, asking(engine, number, { key, fresh: true }))),
    );
    for (const answer of answers) assert.equal(answer, answers[0]);
    assert.is(await countOf(engine, id), 1);
  });

  story('P8 what a refusal meets is bound to nothing', async (engine) => {
    const id = await opened(engine, { capacity: 1 });
    const [first] = (await seated(engine, id, 1)) as [Taken];
    const [one, two] = (await engine.draw(2)) as [number, number];
    const key = newId();
    await refused(engine.take(id, asking(engine, one, { key, fresh: true })), 'full');
    await engine.leave(id, first.number, null);
    assert.is((await engine.take(id, asking(engine, two, { key, fresh: true }))).number, two);
  });

  story('P5 ten seats are ten, whoever comes at once', async (engine) => {
    const id = await opened(engine, { capacity: 10 });
    const numbers = await engine.draw(120);
    const outcome = await tallied(numbers.map((n) => engine.take(id, asking(engine, n))));
    assert.equal(outcome, { granted: 10, full: 110 });
    const { count, peak } = await engine.tail(id, null);
    assert.equal([count, peak], [10, 10]);
    const full = await refused(seated(engine, id, 1), 'full');
    assert.ok((full.retryAfter ?? 0) >= 1);
  });

  story('P5 a seat that comes free is one seat', async (engine) => {
    const id = await opened(engine, { capacity: 10 });
    const [first] = (await seated(engine, id, 10)) as [Taken];
    const numbers = await engine.draw(20);
    assert.is(await engine.leave(id, first.number, null), true);
    const outcome = await tallied(numbers.map((n) => engine.take(id, asking(engine, n))));
    assert.equal(outcome, { granted: 1, full: 19 });
  });

  story('leaving ends a sitting, once', async (engine) => {
    const id = await opened(engine);
    const [one, two] = (await seated(engine, id, 2)) as [Taken, Taken];
    assert.is(await engine.leave(id, one.number, 2), false, 'of a sitting that is not on');
    const answers = await Promise.all([1, 2, 3].map(() => engine.leave(id, one.number, 1)));
    assert.is(answers.filter(Boolean).length, 1);
    assert.is(await engine.leave(id, one.number, null), false);
    const mark = await engine.seat(id, one.number);
    assert.ok(mark && !mark.seated && mark.why === 'left' && mark.sitting === 1);
    const [stranger] = (await engine.draw(1)) as [number];
    assert.is(await engine.leave(id, stranger, null), false);
    assert.is(await engine.seat(id, stranger), null);
    assert.is(await engine.leave(newId(), two.number, null), false);
    assert.is(await countOf(engine, id), 1);
  });

  story('P4 S4 after leaving, no forgotten tab and no haste bring back', async (engine) => {
    const id = await opened(engine);
    const [one] = (await seated(engine, id, 1)) as [Taken];
    await engine.leave(id, one.number, null);
    const proof = { kind: 'seat', sitting: 1 } as const;
    const { reason } = await refused(
      engine.take(id, asking(engine, one.number, { proof })),
      'conflict',
    );
    assert.is(reason, 'left');
    await refused(engine.take(id, asking(engine, one.number)), 'conflict');
    const back = asking(engine, one.number, { back: true, proof });
    const { retryAfter } = await refused(engine.take(id, back), 'too_soon');
    assert.ok(retryAfter && retryAfter > 50 && retryAfter <= 60, `${retryAfter} s`);
    assert.is(await countOf(engine, id), 0);
  });

  story('P1 a pass of a sitting that the store forgot is taken at its word', async (engine) => {
    const id = await opened(engine);
    const [number] = (await engine.draw(1)) as [number];
    const proof = { kind: 'seat', sitting: 3 } as const;
    const taken = await engine.take(id, asking(engine, number, { proof }));
    assert.is(taken.sitting, 3);
    const older = { kind: 'seat', sitting: 2 } as const;
    await refused(engine.take(id, asking(engine, number, { proof: older })), 'conflict');
  });

  story('a pass that was issued before the opening counts from the opening', async (engine) => {
    const id = await opened(engine);
    const [number] = (await engine.draw(1)) as [number];
    const proof = { kind: 'entry', issuedAt: engine.now() - 3_600_000 } as const;
    await engine.take(id, asking(engine, number, { proof }));
    assert.is(await countOf(engine, id), 1);
  });

  story('NoSos know nothing of each other', async (engine) => {
    const one = await opened(engine);
    const two = await opened(engine);
    const [who] = (await seated(engine, one, 1)) as [Taken];
    assert.is(await engine.seat(two, who.number), null);
    const there = await engine.take(two, asking(engine, who.number));
    assert.is(there.sitting, 1);
    await engine.leave(one, who.number, null);
    assert.equal([await countOf(engine, one), await countOf(engine, two)], [0, 1]);
  });
}
