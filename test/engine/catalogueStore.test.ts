import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import { spellDocument } from '../../src/engine/documents.js';
import { createCatalogue } from '../../src/engine/embedded/catalogueStore.js';
import { openDisk } from '../../src/engine/embedded/disk.js';
import { createIntents } from '../../src/engine/embedded/intentStore.js';
import type { Job, Row } from '../../src/engine/embedded/jobs.js';
import { createSpent } from '../../src/engine/embedded/spent.js';
import type { Engine } from '../../src/engine/engine.js';
import { suite } from '../support/suite.js';
import { newNoso, newVenue } from './contract/cast.js';
import { IdleThread, settle } from './thread.js';

const test = suite('the catalogue and its disk');

const NOW = 1_800_000_000_000;
const world = { now: () => NOW } as Engine;
type Put = Job & { do: 'put' };

function scene(stored: { rows?: Row[]; erasing?: string[]; intents?: [string, string][] } = {}) {
  const writer = new IdleThread();
  const errors: unknown[] = [];
  const disk = openDisk(() => {}, writer.thread);
  const intents = createIntents(stored.intents ?? []);
  const { rows = [], erasing = [] } = stored;
  const onError = (error: unknown) => errors.push(error);
  const catalogue = createCatalogue(disk, { rows, erasing }, intents, onError);
  return { writer, disk, errors, intents, catalogue };
}

const whyOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => (error instanceof Refusal ? error.why : String(error)),
  );

const organizer = (id: string) => ({ id, label: id, hash: 'h', createdAt: 1 });

test('one writes after the other, each with the next revision, and tells nobody before', async () => {
  const { writer, catalogue } = scene();
  const save = (id: string) =>
    catalogue.exclusively(() => catalogue.save('organizer', id, organizer(id)));
  const [one, two] = [save('a'), save('b')];
  await settle();
  assert.is(writer.jobs.length, 1);
  assert.equal(catalogue.changesSince(0), { epoch: 1, revision: 0, changes: [] });
  const job = writer.answer({ left: null }) as Put;
  assert.equal([job.create, job.erase, job.forget], [null, null, []]);
  assert.equal(job.rows, [
    { kind: 'organizer', id: 'a', revision: 1, document: spellDocument(organizer('a')) },
  ]);
  await settle();
  assert.is(await one, 1);
  assert.is((writer.answer({ left: null }) as Put).rows[0]?.revision, 2);
  assert.is(await two, 2);
  assert.equal(
    catalogue.changesSince(1).changes.map(({ id }) => id),
    ['b'],
  );
  const both = catalogue.put(
    ['c', 'a'].map((id) => ({ kind: 'organizer', id, document: organizer(id) })),
  );
  writer.answer({ left: null });
  assert.is(await both, 4);
  assert.equal(
    catalogue.changesSince(0).changes.map(({ id, revision }) => [id, revision]),
    [
      ['b', 2],
      ['c', 3],
      ['a', 4],
    ],
  );
});

test('it is as its rows say, in the order of their revisions', () => {
  const row = (id: string, revision: number, gone = false): Row => ({
    ...{ kind: 'organizer', id, revision },
    document: gone ? null : spellDocument(organizer(id)),
  });
  const { catalogue } = scene({ rows: [row('c', 9), row('a', 4), row('b', 7, true)] });
  const { revision, changes } = catalogue.changesSince(0);
  assert.is(revision, 9);
  assert.equal(
    changes.map((each) => [each.id, each.revision, each.document === null]),
    [
      ['a', 4, false],
      ['b', 7, true],
      ['c', 9, false],
    ],
  );
  assert.equal(catalogue.changesSince(9).changes, []);
  assert.is(catalogue.find('organizer', 'b'), null);
  assert.is(catalogue.find('venue', 'a'), null, 'of another kind');
});

test('F5 what the disk refuses is refused, told of, and stands in nobody’s way', async () => {
  const { writer, errors, catalogue } = scene();
  const save = (id: string) =>
    catalogue.exclusively(() => catalogue.save('organizer', id, organizer(id)));
  const [one, two] = [whyOf(save('a')), whyOf(save('b'))];
  const never = catalogue.exclusively(async () => {
    throw new Refusal('conflict.state', 'no');
  });
  const refused = whyOf(never);
  await settle();
  writer.refuse('SQLITE_FULL');
  await settle();
  writer.answer({ left: null });
  assert.equal(await Promise.all([one, two, refused]), [
    'unavailable.not_writable',
    'done',
    'conflict.state',
  ]);
  assert.is(errors.length, 1, 'a refusal is no fault of the disk');
  assert.equal(
    catalogue.changesSince(0).changes.map(({ id, revision }) => [id, revision]),
    [['b', 1]],
  );
});

test('P3 F1 whoever was given up before it was their turn changes nothing', async () => {
  const { writer, disk, catalogue } = scene();
  const save = (id: string) =>
    catalogue.exclusively(() => catalogue.save('organizer', id, organizer(id)));
  const [one, two] = [whyOf(save('a')), whyOf(save('b'))];
  await settle();
  for (let k = 0; k < 7; k += 1) disk.tick();
  assert.equal(await Promise.all([one, two]), ['unavailable.no_answer', 'unavailable.no_answer']);
  const three = save('c');
  writer.answer({ left: null });
  await settle();
  writer.answer({ left: null });
  await three;
  assert.equal(
    catalogue.changesSince(0).changes.map(({ id }) => id),
    ['a', 'c'],
  );
});

test('L4 what could not be erased is tried again until it is', async () => {
  const { writer, errors, catalogue } = scene({ erasing: ['before'] });
  const noso = newNoso(world, { id: 'n', life: { is: 'scheduled' } });
  const put = catalogue.put([{ kind: 'noso', id: 'n', document: noso }], { erase: 'n' });
  writer.answer({ left: 'busy' });
  await put;
  assert.match(String(errors[0]), 'busy');
  const failed = whyOf(catalogue.forget());
  assert.equal((writer.refuse() as Job & { do: 'erase' }).nosos, ['before', 'n']);
  assert.not.equal(await failed, 'done');
  const again = catalogue.forget();
  assert.equal((writer.answer() as Job & { do: 'erase' }).nosos, ['before', 'n']);
  await again;
  await catalogue.forget();
  const well = catalogue.put([{ kind: 'noso', id: 'n', document: noso }], { erase: 'm' });
  writer.answer({ left: null });
  await well;
  await catalogue.forget();
  assert.equal(writer.asked, ['put', 'erase', 'erase', 'put']);
  assert.is(errors.length, 1);
});

test('A8 who means to come is forgotten with what is no longer planned, and with nothing else', async () => {
  const intents: [string, string][] = [
    ['n', 'x'],
    ['n', 'y'],
    ['m', 'x'],
  ];
  const { writer, catalogue, intents: held } = scene({ intents });
  const noso = newNoso(world, { id: 'n' });
  const life = { is: 'cancelled', cancelledAt: NOW, effectiveAt: NOW } as const;
  const put = async (kind: 'noso' | 'venue', document: unknown) => {
    const done = catalogue.put([{ kind, id: 'n', document: document as typeof noso }]);
    const job = writer.answer({ left: null }) as Put;
    await done;
    return job.forget;
  };
  assert.equal(await put('noso', noso), []);
  assert.equal(await put('venue', newVenue('n')), []);
  assert.equal(await put('venue', null), [], 'of that kind nobody means to come');
  assert.is(held.count('n'), 2);
  assert.equal(await put('noso', { ...noso, life }), ['n']);
  assert.equal([held.any('n'), held.count('n'), held.count('m')], [false, 0, 1]);
  assert.equal(await put('noso', null), [], 'nobody does any more');
});

test('what was spent, or is held, is so until it ends, to the ms', async () => {
  const { writer, disk, catalogue } = scene();
  let now = NOW;
  const spent: [string, number][] = [
    ['used', NOW + 10],
    ['kept\nsomebody', NOW + 10],
  ];
  const once = createSpent({ disk, catalogue, now: () => now, spent });
  const answered = async <T>(work: Promise<T>, rows: string[]) => {
    await settle();
    const jobs = writer.jobs.splice(0);
    assert.equal(
      jobs.map((job) => (job as Job & { do: 'spend' }).id),
      rows,
    );
    for (const job of jobs) {
      writer.jobs.push(job);
      writer.answer();
    }
    return work;
  };
  assert.is(await answered(once.spend('used', NOW + 90), []), false);
  assert.is(await answered(once.reserve('kept', 'another', NOW + 90), []), 'somebody');
  assert.is(await once.holder('kept'), 'somebody');
  assert.is(await once.holder('used'), null);
  now = NOW + 9;
  assert.is(await answered(once.spend('used', NOW + 90), []), false);
  assert.is(await once.holder('kept'), 'somebody');
  now = NOW + 10;
  assert.is(await once.holder('kept'), null);
  assert.is(
    await answered(once.reserve('kept', 'another', NOW + 90), ['kept\nanother']),
    'another',
  );
  assert.is(await answered(once.spend('used', NOW + 90), ['used']), true);
  assert.is(await answered(once.reserve('used', 'x', NOW + 20), ['used\nx']), 'x');
  assert.is(await once.holder('used'), 'x');
  assert.is(await answered(once.spend('used', NOW + 90), []), false, 'one is not the other');
});
