import * as assert from 'uvu/assert';
import { createJar } from '../../src/service/cookies.js';
import {
  createInstallation,
  installationIn,
  noteInstallation,
  readInstallation,
} from '../../src/service/installation.js';
import { suite } from '../support/suite.js';

const test = suite('the installation’s id');

function scene() {
  const written = new Map<string, [holder: string, until: number]>();
  const store = { down: false };
  const answer = <T>(value: () => T) =>
    store.down ? Promise.reject(new Error('down')) : Promise.resolve(value());
  const engine = {
    reserve: (id: string, holder: string, until: number) =>
      answer(() => {
        if (!written.has(id)) written.set(id, [holder, until]);
        return (written.get(id) as [string, number])[0];
      }),
    holder: (id: string) => answer(() => written.get(id)?.[0] ?? null),
  };
  const waits = new Map<() => void, number>();
  const clock = {
    after: (ms: number, work: () => void) => {
      waits.set(work, ms);
      return () => void waits.delete(work);
    },
  };
  const one = () => createInstallation({ engine, clock });
  const nameBy = (installation: string | null) =>
    createJar({
      installation: () => installation,
      publicUrl: () => 'http://noso.example',
      made: () => true,
    }).nameOf('token');
  return { written, store, engine, waits, one, nameBy };
}

test('F1 the id is the store’s, drawn once; until it is known, names are version 1’s', async () => {
  const { store, waits, one, nameBy } = scene();
  store.down = true;
  const first = one();
  assert.is(first.id(), null);
  await first.look();
  assert.is(first.id(), null);
  assert.is(nameBy(first.id()), 'noso_token');
  assert.equal([...waits.values()], [1000], 'it is asked again in a second');
  store.down = false;
  for (const again of waits.keys()) again();
  await new Promise(setImmediate);
  const second = one();
  await second.look();
  assert.match(first.id() ?? '', /^[0-9a-f]{12}$/);
  assert.is(second.id(), first.id());
  assert.is(nameBy(first.id()), `noso_${first.id()}_token`);
  assert.is(waits.size, 1, 'and nobody asks any more');
});

test('F2 after the stop nobody asks any more', async () => {
  const { store, waits, one } = scene();
  const installation = one();
  installation.stop();
  store.down = true;
  await installation.look();
  assert.is(waits.size, 0);
  const other = one();
  await other.look();
  assert.is(waits.size, 1);
  other.stop();
  assert.is(waits.size, 0);
});

test('U1 a copy has the id of what it is a copy of, for ever, unless it has one', async () => {
  const { engine, written } = scene();
  assert.is(await readInstallation(engine), null);
  assert.is(await noteInstallation(engine, 'abc'), true);
  assert.is(await noteInstallation(engine, 'abc'), true);
  assert.is(await noteInstallation(engine, 'def'), false);
  assert.is(await readInstallation(engine), 'abc');
  assert.equal([...written], [['installation', ['abc', Date.UTC(2200, 0)]]]);
  const rows: [string, number][] = [
    ['installations\nno', 1],
    ['installation\nabc', 1],
  ];
  assert.is(installationIn(rows), 'abc');
  assert.is(installationIn(rows.slice(0, 1)), null);
});
