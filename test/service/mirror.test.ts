import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Change, Engine } from '../../src/engine/engine.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { NososByVenue } from '../../src/service/nososByVenue.js';
import { newNoso, newVenue, refused } from '../engine/contract/cast.js';
import { suite } from '../support/suite.js';

const test = suite('the mirror of the catalogue');

function store() {
  const clock = manualClock(1_000_000);
  const changes: Change[] = [];
  const state = { epoch: 1, refuses: (): boolean => false, during: () => {} };
  const engine = {
    now: () => clock.now(),
    async changesSince(revision: number) {
      state.during();
      await new Promise(setImmediate);
      state.during();
      if (state.refuses()) throw new Refusal('unavailable.no_answer');
      return {
        epoch: state.epoch,
        revision: changes.length,
        changes: changes.filter((change) => change.revision > revision),
      };
    },
  } as Partial<Engine> as Engine;
  const errors: unknown[] = [];
  const catalogue = createCatalogue(engine, clock, (error) => errors.push(error));
  const venue = newVenue('v');
  const noso = newNoso(engine, { id: 'n', venue: 'v' });
  const write = (...some: Pick<Change, 'kind' | 'id' | 'document'>[]) => {
    for (const each of some) changes.push({ ...each, revision: changes.length + 1 } as Change);
  };
  return { clock, state, changes, errors, catalogue, venue, noso, write };
}

test('W4 F1 a read that fails changes nothing, and nothing that was written meanwhile is missed', async () => {
  const { clock, state, catalogue, venue, noso, write } = store();
  write({ kind: 'venue', id: 'v', document: venue }, { kind: 'noso', id: 'n', document: noso });
  const heard: Change[] = [];
  catalogue.onChange((some) => heard.push(...some));
  const whole = () => {
    const [at] = [...catalogue.nososAt('v')];
    assert.is(at, catalogue.noso('n'), 'what is at a venue, and what is known by its id');
    assert.is(catalogue.revision() > 0, catalogue.venue('v') !== undefined);
  };
  state.during = whole;
  state.refuses = () => true;
  await refused(catalogue.refresh(), 'unavailable');
  whole();
  assert.is(catalogue.revision(), 0);
  assert.equal(heard, []);
  const never = catalogue.lastRead();

  state.refuses = () => false;
  clock.advance(1000);
  await catalogue.refresh();
  whole();
  assert.is(heard.length, 2);
  assert.ok(catalogue.lastRead().at > never.at);

  // Amidst a read, another write: whoever asked is given it. That read fails, and the next has it.
  write({ kind: 'noso', id: 'n', document: { ...noso, title: 'second' } });
  state.refuses = () => true;
  const [first, second] = [catalogue.refresh(), catalogue.refresh()];
  write({ kind: 'noso', id: 'n', document: { ...noso, venue: 'w' } });
  await refused(first, 'unavailable');
  await refused(second, 'unavailable');
  whole();
  state.refuses = () => false;
  await catalogue.refresh();
  assert.is(catalogue.noso('n')?.venue, 'w');
  assert.equal([...catalogue.nososAt('v')], []);
  assert.is(heard.length, 4);
});

test('W4 after a loss it is read anew, all or nothing: each read in turn fails', async () => {
  for (const refusedRead of [-1, 0, 1]) {
    const { state, catalogue, changes, venue, noso, write } = store();
    write({ kind: 'venue', id: 'v', document: venue }, { kind: 'noso', id: 'n', document: noso });
    write({ kind: 'noso', id: 'lost', document: { ...noso, id: 'lost' } });
    await catalogue.refresh();
    const heard: string[] = [];
    catalogue.onChange((some) => heard.push(...some.map((c) => `${c.id} ${c.document !== null}`)));

    changes.splice(0);
    state.epoch += 1;
    write({ kind: 'venue', id: 'v', document: { ...venue, name: 'as it was' } });
    write({ kind: 'noso', id: 'n', document: noso }, { kind: 'noso', id: 'new', document: noso });
    const shown = () => catalogue.venue('v')?.name;
    const before = shown();
    state.during = () => assert.is(shown(), before, 'as it was until all is read');
    let reads = 0;
    state.refuses = () => reads++ === refusedRead;
    if (refusedRead >= 0) {
      await refused(catalogue.refresh(), 'unavailable');
      assert.equal(heard, []);
      assert.is(catalogue.venue('v')?.name, venue.name);
    }
    await catalogue.refresh();
    assert.is(catalogue.noso('lost'), undefined);
    assert.is(catalogue.venue('v')?.name, 'as it was');
    assert.equal(heard, ['lost false', 'v true', 'n true', 'new true']);
    assert.is([...catalogue.nososAt('v')].length, 2);
    state.during = () => {};
    await catalogue.refresh();
    assert.is(heard.length, 4, 'once');
  }
});

test('F1 however many ask, whoever asked is answered by the read after the one under way', async () => {
  const { state, catalogue, venue, write } = store();
  let asked = 0;
  state.during = () => {
    asked += 1;
    // Somebody asks during each of the first reads, as a flood of unknown addresses does.
    if (asked % 2 === 0 && asked < 40) catalogue.refresh().catch(() => {});
  };
  const first = catalogue.refresh();
  write({ kind: 'venue', id: 'v', document: venue });
  await catalogue.refresh();
  assert.ok(catalogue.venue('v'));
  assert.ok(asked < 10, `${asked / 2} reads`);
  await first;
});

test('F9 a listener that throws keeps no write from whoever wrote, and no other listener', async () => {
  const { catalogue, errors, venue, write } = store();
  catalogue.onChange(() => {
    throw new RangeError('Invalid time value');
  });
  let heard = 0;
  catalogue.onChange((changes) => {
    heard += changes.length;
  });
  write({ kind: 'venue', id: 'v', document: venue });
  await catalogue.refresh();
  assert.is(heard, 1);
  assert.is(errors.length, 1);
});

test('nobody is told of nothing, and whether anything was read is known', async () => {
  const { catalogue, venue, write, state } = store();
  let told = 0;
  catalogue.onChange(() => {
    told += 1;
  });
  assert.is(catalogue.isRead(), false);
  state.refuses = () => true;
  await refused(catalogue.refresh(), 'unavailable');
  assert.is(catalogue.isRead(), false);
  state.refuses = () => false;
  await catalogue.refresh();
  assert.equal([catalogue.isRead(), told], [true, 0]);
  write({ kind: 'venue', id: 'v', document: venue });
  await catalogue.refresh();
  await catalogue.refresh();
  assert.is(told, 1);
});

test('whoever asks during a read waits for one that began later, time and again', async () => {
  const { catalogue, venue, write } = store();
  for (let k = 0; k < 3; k += 1) {
    const under = catalogue.refresh();
    write({ kind: 'venue', id: `${k}`, document: { ...venue, id: `${k}` } });
    const [one, two] = [catalogue.refresh(), catalogue.refresh()];
    assert.is(one, two, 'one read for all who wait');
    await one;
    assert.is(catalogue.venue(`${k}`)?.id, `${k}`);
    await under;
  }
});

test('nothing is kept of a venue whose last NoSo is gone, or elsewhere', () => {
  const engine = { now: () => 0 } as Engine;
  const index = new NososByVenue();
  const at = (venue: string) => newNoso(engine, { id: 'n', venue });
  const other = newNoso(engine, { id: 'm', venue: 'v' });
  index.take('n', undefined, at('v'));
  index.take('m', undefined, other);
  index.take('n', at('v'), at('v'));
  assert.equal([[...index.at('v')].sort(), index.venues], [['m', 'n'], 1]);
  index.take('n', at('v'), at('w'));
  assert.equal([[...index.at('v')], [...index.at('w')], index.venues], [['m'], ['n'], 2]);
  index.take('m', other, null);
  assert.equal([[...index.at('v')], index.venues], [[], 1]);
  index.take('n', at('w'), null);
  assert.is(index.venues, 0);
});
