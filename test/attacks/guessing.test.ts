import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { attackCodes, perHour } from './guessing.js';

const test = suite('attacked: codes');

test(
  'F6 one address guesses in every way at once: p ≤ 10⁻⁴ an hour, and right codes are let in meanwhile',
  async () => {
    const { answered, seconds, right, odd } = await attackCodes({
      ...{ nosos: 6, seconds: 3, guests: 8 },
      lanes: {
        ...{ 'passes, pipelined': 2, passes: 12, seats: 2, pages: 2 },
        ...{ forms: 1, 'pages with a pass': 2, sockets: 2, returns: 2 },
      },
    });
    const guesses = [...answered.values()].reduce((sum, each) => sum + each, 0);
    const found = perHour(guesses / seconds, 1000);
    const waits = right.map(({ ms }) => Math.round(ms));
    console.log(`${guesses} guesses in ${seconds} s: p = ${found} an hour; waits ${waits}`);
    assert.ok(guesses > 0, 'nobody is turned away for good');
    assert.ok(found <= 1e-4, `p = ${found}`);
    assert.equal(
      right.filter(({ status }) => status !== 201),
      [],
    );
    assert.equal(odd, []);
  },
  { deadline: 60_000 },
);
