import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { changesOf, NAMED } from './named.js';
import { RULES } from './namedRules.js';
import { withBeds } from './planting.js';
import { testsWith } from './tests.js';

const BUILT = fileURLToPath(new URL('..', import.meta.url));

const test = suite('a slice of the faults that are planted');

test(
  'each of a few is seen by the test that is to see it, and what is none by no test',
  () =>
    withBeds(1, async ([bed]) => {
      assert.ok(bed);
      for (const fault of RULES) {
        const tests = await testsWith(fault.seenBy, bed.tests);
        assert.is(tests.length, 1, fault.name);
        assert.equal(await bed.plant(await changesOf(fault), tests), { by: tests[0] }, fault.name);
      }
      const file = 'src/domain/veil.ts';
      const sound = await readFile(file, 'utf8');
      const tests = await testsWith(['domain/veil.test'], bed.tests);
      const same = { file, sound, planted: sound.replace(/random\(k \+ 1\)/, 'random(1 + k)') };
      assert.equal(await bed.plant([same], tests), { by: null }, 'what makes no difference');
      const said = { file, sound, planted: `// said otherwise\n${sound}` };
      assert.is(await bed.plant([said], tests), 'no fault');
    }),
  { deadline: 60_000 },
);

test('every fault that has a name has it for itself, and tests that are to see it', async () => {
  assert.is(new Set(NAMED.map(({ name }) => name)).size, NAMED.length);
  for (const { name, edits, seenBy } of NAMED) {
    assert.ok(edits.length > 0, name);
    assert.ok((await testsWith(seenBy, BUILT)).length > 0, name);
  }
});
