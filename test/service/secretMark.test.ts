import * as assert from 'uvu/assert';
import { belongHere } from '../../src/service/secretMark.js';
import { suite } from '../support/suite.js';

const test = suite('the mark of the secrets');

/** As much of a store as is asked for. */
function store() {
  const written = new Map<string, string>();
  return {
    written,
    async reserve(id: string, holder: string) {
      if (!written.has(id)) written.set(id, holder);
      return written.get(id) as string;
    },
    holder: async (id: string) => written.get(id) ?? null,
  };
}

test('F8 a node none of whose secrets the store knows is refused; a rotation is not', async () => {
  const engine = store();
  assert.ok(await belongHere(engine, ['old']), 'whoever is first');
  assert.ok(await belongHere(engine, ['old']));
  assert.not.ok(await belongHere(engine, ['another']));
  assert.not.ok(await belongHere(engine, ['another', 'third']));
  assert.ok(await belongHere(engine, ['new', 'old']), 'a rotation begins');
  assert.ok(await belongHere(engine, ['old']), 'a node that was not told yet');
  assert.ok(await belongHere(engine, ['new']), 'and ends');
  assert.not.ok(await belongHere(engine, ['another']));
});

test('A8 of a secret nothing is written but a keyed mark', async () => {
  const engine = store();
  await belongHere(engine, ['a secret that is as long as it has to be']);
  const text = JSON.stringify([...engine.written]);
  assert.not.match(text, 'as long as');
  assert.ok([...engine.written.keys()].every((key) => /^secrets$|^secret:[\w-]{43}$/.test(key)));
});
