import * as assert from 'uvu/assert';
import { Refusal } from '../../../src/domain/errors.js';
import { until } from '../../support/wait.js';
import type { Story } from '../contract.js';
import { newId, newNoso, newVenue, opened, planned, refused } from './cast.js';

export function catalogueStories(story: Story): void {
  story('what is saved is read by whoever reads on from a revision', async (engine) => {
    const { revision: start } = await engine.changesSince(0);
    const venue = newVenue();
    const first = await engine.save('venue', venue.id, venue);
    const wall = { id: newId(), venue: venue.id, name: 'Bar', hash: 'h', createdAt: 1 };
    const second = await engine.save('wall', wall.id, wall);
    assert.ok(first > start && second > first, 'revisions grow');

    const { revision, changes } = await engine.changesSince(start);
    assert.is(revision, second);
    assert.equal(changes, [
      { kind: 'venue', id: venue.id, revision: first, document: venue },
      { kind: 'wall', id: wall.id, revision: second, document: wall },
    ]);
    assert.equal((await engine.changesSince(first)).changes, changes.slice(1));
    assert.equal((await engine.changesSince(second)).changes, []);
  });

  story('a document that is replaced is told once, as it is now', async (engine) => {
    const venue = newVenue();
    const other = newVenue();
    await engine.save('venue', venue.id, venue);
    await engine.save('venue', other.id, other);
    const revision = await engine.save('venue', venue.id, { ...venue, name: 'New name' });
    const { changes } = await engine.changesSince(0);
    assert.equal(
      changes.map((c) => c.id),
      [other.id, venue.id],
    );
    const document = { ...venue, name: 'New name' };
    assert.equal(changes[1], { kind: 'venue', id: venue.id, revision, document });
  });

  story('of many who revise a document, each sees what the one before made', async (engine) => {
    const id = newId();
    const more = () =>
      engine.revise('wish', id, (before) => ({
        ...{ id, city: 'Kyōto', month: '2026-11', count: (before?.count ?? 0) + 1 },
      }));
    const made = await Promise.all(Array.from({ length: 12 }, more));
    const counts = made.map(({ count }) => count).sort((a, b) => a - b);
    assert.equal(
      counts,
      Array.from({ length: 12 }, (_, k) => k + 1),
    );
    const told = (await engine.changesSince(0)).changes.find((change) => change.id === id);
    assert.equal(told?.document, { id, city: 'Kyōto', month: '2026-11', count: 12 });
    await engine.remove('wish', id);
    assert.is((await more()).count, 1, 'what was removed is begun anew');
    const never = () => {
      throw new Refusal('conflict.state', 'no');
    };
    await refused(engine.revise('wish', id, never), 'conflict');
    assert.is((await more()).count, 2);
  });

  story('writers at the same time each get a revision of their own', async (engine) => {
    const venues = Array.from({ length: 20 }, () => newVenue());
    const revisions = await Promise.all(venues.map((v) => engine.save('venue', v.id, v)));
    assert.is(new Set(revisions).size, 20);
    const { changes } = await engine.changesSince(0);
    assert.equal(
      changes.map((c) => c.revision),
      [...revisions].sort((a, b) => a - b),
    );
  });

  story('what is removed leaves word of it, and only once', async (engine) => {
    const organizer = { id: newId(), label: 'Ada', hash: 'h', createdAt: 1 };
    const saved = await engine.save('organizer', organizer.id, organizer);
    await engine.remove('organizer', organizer.id);
    const { changes } = await engine.changesSince(saved);
    assert.is(changes.length, 1);
    assert.is(changes[0]?.id, organizer.id);
    assert.is(changes[0]?.document, null);
    await refused(engine.remove('organizer', organizer.id), 'not_found');
    await refused(engine.remove('organizer', newId()), 'not_found');
    await refused(engine.remove('noso', newId()), 'not_found');
  });

  story('a venue takes its NoSos and its walls along', async (engine) => {
    const id = await planned(engine);
    const { changes } = await engine.changesSince(0);
    const venue = changes.find((c) => c.kind === 'venue')?.id as string;
    const wall = { id: newId(), venue, name: 'Bar', hash: 'h', createdAt: 1 };
    const revision = await engine.save('wall', wall.id, wall);
    const elsewhere = await planned(engine);

    await engine.remove('venue', venue);
    const gone = (await engine.changesSince(revision)).changes.filter((c) => c.document === null);
    assert.equal(gone.map((c) => `${c.kind} ${c.id}`).sort(), [
      `noso ${id}`,
      `venue ${venue}`,
      `wall ${wall.id}`,
    ]);
    await refused(engine.command(id, { do: 'open', by: 'organizer' }), 'not_found');
    await engine.command(elsewhere, { do: 'open', by: 'organizer' });
  });

  story('an open NoSo cannot be removed, nor can its venue', async (engine) => {
    const id = await opened(engine);
    const { changes } = await engine.changesSince(0);
    const venue = changes.find((c) => c.kind === 'venue')?.id as string;
    await refused(engine.remove('noso', id), 'conflict');
    await refused(engine.remove('venue', venue), 'conflict');
    await engine.command(id, { do: 'close', by: 'organizer' });
    await engine.remove('noso', id);
    await engine.remove('venue', venue);
  });

  story('an id is spent by the first who comes, and by nobody else', async (engine) => {
    const id = newId();
    const end = engine.now() + 60_000;
    const answers = await Promise.all(Array.from({ length: 20 }, () => engine.spend(id, end)));
    assert.is(answers.filter(Boolean).length, 1);
    assert.is(await engine.spend(id, end), false);
    assert.is(await engine.spend(newId(), end), true);
  });

  story(
    'an id is reserved for the first who comes, until it ends, and everybody learns whose',
    async (engine) => {
      const id = newId();
      const end = engine.now() + 60_000;
      assert.is(await engine.holder(id), null);
      const all = Array.from({ length: 20 }, (_, k) => `holder ${k}`);
      const answers = await Promise.all(all.map((who) => engine.reserve(id, who, end)));
      const [first = ''] = answers;
      assert.is(new Set(answers).size, 1);
      assert.ok(all.includes(first));
      assert.is(await engine.reserve(id, first, end), first, 'asked again (P3)');
      assert.is(await engine.holder(id), first);
      const short = newId();
      await engine.reserve(short, 'one', engine.now() + 50);
      await until(async () => (await engine.holder(short)) === null);
      assert.is(await engine.reserve(short, 'two', end), 'two');
    },
  );

  story('walls were last noted when they last were', async (engine) => {
    const [one, two, none] = [newId(), newId(), newId()];
    const before = engine.now();
    await engine.beat([one, two]);
    const first = await engine.beats([one, two, none]);
    assert.equal([...first.keys()].sort(), [one, two].sort());
    assert.ok((first.get(one) as number) >= before - 1000);
    await until(() => engine.now() > (first.get(one) as number), { every: 1 });
    await engine.beat([one]);
    const then = await engine.beats([one, two]);
    assert.ok((then.get(one) as number) > (first.get(one) as number));
    assert.is(then.get(two), first.get(two));
  });

  story('a NoSo that was planned is there with all it was planned with', async (engine) => {
    const noso = newNoso(engine, { capacity: 12, entry: 'link', show: 'count', pocket: 300 });
    const revision = await engine.save('noso', noso.id, noso);
    const { changes } = await engine.changesSince(0);
    assert.equal(changes, [{ kind: 'noso', id: noso.id, revision, document: noso }]);
  });
}
