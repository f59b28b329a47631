import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import {
  addressToldIn,
  createAddressTold,
  noteAddressTold,
  readAddressTold,
} from '../../src/service/addressTold.js';
import { suite } from '../support/suite.js';

const test = suite('the address that people were told');

const DAY = 24 * 3_600_000;

function scene() {
  const clock = manualClock(1_000_000);
  const held = new Map<string, string>();
  const store = { down: false };
  const answer = async <T>(value: () => T): Promise<T> => {
    if (store.down) throw new Error('down');
    return value();
  };
  const engine = {
    now: clock.now,
    holder: (id: string) => answer(() => held.get(id) ?? null),
    reserve: (id: string, holder: string) =>
      answer(() => {
        if (!held.has(id)) held.set(id, holder);
        return held.get(id) as string;
      }),
  };
  const told: string[] = [];
  /** A start under this address, and what it said of it. */
  async function start(url: string, anybody = true): Promise<string[]> {
    told.length = 0;
    const publicUrl = () => url;
    const moved = (to: string) => void told.push(to);
    const address = createAddressTold({ engine, clock, publicUrl, anybody: () => anybody, moved });
    await address.look();
    address.stop();
    return [...told];
  }
  return { clock, engine, held, store, start };
}

test('F8 a start under another address than the last says so, and again for a week', async () => {
  const { clock, start } = scene();
  assert.equal(await start('http://a'), [], 'the first');
  assert.equal(await start('http://a'), []);
  assert.equal(await start('http://b'), ['http://b']);
  clock.advance(7 * DAY);
  assert.equal(await start('http://b'), ['http://b'], 'whoever looks once a week');
  clock.advance(DAY - 1);
  assert.equal(await start('http://b'), ['http://b']);
  clock.advance(1);
  assert.equal(await start('http://b'), []);
  assert.equal(await start('http://a'), ['http://a'], 'back again is another too');
});

test('F8 before there is a venue nobody was told of an address, and nobody is told of a move', async () => {
  const { start } = scene();
  assert.equal(await start('http://a', false), []);
  assert.equal(await start('http://b', false), []);
  assert.equal(await start('http://b'), []);
  assert.equal(await start('http://c'), ['http://c']);
});

test('F1 a store that is down is asked again, and of two nodes with another address one is the first', async () => {
  const { clock, engine, store, held } = scene();
  await noteAddressTold(engine, 'http://a');
  store.down = true;
  const told: string[] = [];
  const nodes = ['http://b', 'http://b'].map((url) =>
    createAddressTold({
      ...{ engine, clock, publicUrl: () => url, anybody: () => true },
      moved: (to) => void told.push(to),
    }),
  );
  for (const node of nodes) await node.look();
  assert.equal(told, []);
  store.down = false;
  clock.advance(1000);
  for (let turn = 0; turn < 30; turn += 1) await Promise.resolve();
  assert.equal(told, ['http://b', 'http://b'], 'both say it');
  assert.is(held.size, 2, 'it is written once');
  for (const node of nodes) node.stop();
});

test('F8 after many moves it is the last, and a copy takes it along', async () => {
  const { engine, held, start } = scene();
  for (let k = 1; k <= 37; k += 1) {
    assert.is((await start(`http://${k}`)).length, k === 1 ? 0 : 1);
    assert.is(await readAddressTold(engine), `http://${k}`);
  }
  const rows = [...held].map(([id, holder]): [string, number] => [`${id}\n${holder}`, 0]);
  for (const each of [rows, [...rows].reverse(), [...rows].sort()]) {
    assert.is(addressToldIn(each), 'http://37', 'in whatever order they are read');
  }
  assert.is(addressToldIn([['installation\nabc', 0]]), null);
});

test('U1 each address is one row: version, address, and since when', async () => {
  const { clock, held, start } = scene();
  await start('http://a');
  clock.advance(5);
  await start('http://b');
  assert.equal(
    [...held],
    [
      ['address:1', '{"v":1,"url":"http://a","since":null}'],
      ['address:2', `{"v":1,"url":"http://b","since":${clock.now()}}`],
    ],
  );
});

test('F1 it is looked again as long as nobody can tell, by one timer, and never after the stop', async () => {
  const { engine, held, store } = scene();
  const waits = new Set<() => void>();
  const clock = {
    after: (_: number, work: () => void) => {
      waits.add(work);
      return () => void waits.delete(work);
    },
  };
  let anybody: boolean | null = null;
  const moved = () => assert.unreachable('nothing moved');
  const address = createAddressTold({
    ...{ engine, clock, publicUrl: () => 'http://a', anybody: () => anybody, moved },
  });
  await address.look();
  await address.look();
  assert.is(waits.size, 1, 'whether there is a venue is not known yet');
  assert.is(held.size, 0);
  anybody = true;
  await address.look();
  assert.equal([waits.size, held.size], [0, 1], 'all is said');
  store.down = true;
  await address.look();
  assert.is(waits.size, 1);
  address.stop();
  assert.is(waits.size, 0);
  await address.look();
  assert.is(waits.size, 0, 'it was stopped while the store did not answer');
});
