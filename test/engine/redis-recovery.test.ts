import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Refusal } from '../../src/domain/errors.js';
import type { Arg, Calls } from '../../src/engine/redis/calls.js';
import type { Acknowledged } from '../../src/engine/redis/journal.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import { HEADER } from '../../src/engine/redis/liveReply.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { Recovery } from '../../src/engine/redis/recovery.js';
import { Reply } from '../../src/engine/redis/reply.js';
import { BUMP } from '../../src/engine/redis/scripts/logLua.js';
import type { Script } from '../../src/engine/redis/scripts/script.js';
import { suite } from '../support/suite.js';

const test = suite('Redis engine: a loss while a loss is mended');

const BEGAN = 1_800_000_000_000;
/** Of a change as `REPLAY` reads it. */
const FIELDS = 6;
/** As many as one script puts back. */
const AT_ONCE = 300;

/** A node that acknowledged seats at epoch 5, and a Redis that answers as `epochs` says, in turn. */
function node(seats: number, epochs: number[]) {
  const asked: { changes: number; done: Arg }[] = [];
  /** What was asked of `BUMP`, and the word that it answers with. */
  const bumps: { asked: (readonly Arg[])[]; word: string } = { asked: [], word: 'ok' };
  const calls = {
    async run(script: Script, _: readonly string[], all: readonly Arg[]) {
      if (script === BUMP) {
        bumps.asked.push(all);
        return new Reply([bumps.word, epochs.shift() ?? 0, 9, BEGAN, BEGAN]);
      }
      const [, done = '', ...changes] = all;
      asked.push({ changes: changes.length / FIELDS, done });
      const header = ['ok', epochs.shift() ?? 0, 0, BEGAN, BEGAN];
      assert.is(header.length, HEADER);
      return new Reply(header);
    },
  };
  const pace = new Pace(manualClock(BEGAN));
  const recovery = new Recovery(calls as unknown as Calls, keysOf('test:'), pace);
  recovery.observe('n', { epoch: 5, seq: 3 }, { epoch: 0, seq: 0 });
  const sitting = { what: 'taken', sitting: 1, at: BEGAN, heard: BEGAN, key: null } as const;
  const changes = Array.from(
    { length: seats },
    (_, k): Acknowledged => ({ ...sitting, number: 10_000 + k }),
  );
  recovery.note('n', 5, changes);
  return { recovery, asked, bumps };
}

/** It hears that data was lost. */
const learn = ({ recovery }: ReturnType<typeof node>, epoch: number) =>
  recovery.observe('n', { epoch, seq: 0 }, recovery.position('n'));

test('P1 what was put back before data was lost again is put back once more', async () => {
  const ours = node(AT_ONCE + 1, [6, 7, 7, 7, 7]);
  const { recovery, asked } = ours;
  learn(ours, 6);
  const why = await recovery.settle('n').catch((error: Refusal) => error.why);
  assert.is(why, 'unavailable.no_answer');
  // The second script saw the next loss: whatever the first one did is gone, and nothing is paid.
  assert.equal(asked.splice(0), [
    { changes: AT_ONCE, done: '' },
    { changes: 1, done: '' },
  ]);
  assert.equal(recovery.owing, ['n']);
  assert.is(recovery.position('n').epoch, 7, 'no walls are told anything of the sixth');
  await recovery.mend();
  assert.equal(asked, [
    { changes: AT_ONCE, done: '' },
    { changes: 1, done: '' },
    { changes: 0, done: 7 },
  ]);
  assert.equal(recovery.owing, []);
});

test('P1 an answer of an epoch before is no word of a later one: all is put back by the later', async () => {
  const ours = node(1, [6, 9, 9, 9]);
  const { recovery, asked } = ours;
  learn(ours, 9);
  await recovery.settle('n').catch(() => {});
  assert.is(recovery.position('n').epoch, 9, 'an epoch never falls');
  await recovery.mend();
  assert.equal(asked.at(-1), { changes: 0, done: 9 });
  assert.equal(recovery.owing, []);
});

test('P1 where less is there than was, and no epoch says so, this node begins one and puts back in it', async () => {
  const { recovery, asked, bumps } = node(2, [7, 8, 8, 8]);
  bumps.word = 'closed';
  recovery.observe('n', { epoch: 5, seq: 1 }, { epoch: 5, seq: 3 });
  await recovery.settle('n').catch(() => {});
  assert.equal(bumps.asked.splice(0), [[5, 5, 3]], 'what was seen, and what had been');
  assert.equal([asked, recovery.owing], [[], ['n']], 'nothing is put back where none has begun');
  bumps.word = 'ok';
  await recovery.mend();
  assert.equal(bumps.asked, [[5, 5, 3]]);
  assert.equal(asked, [
    { changes: 2, done: '' },
    { changes: 0, done: 8 },
  ]);
  assert.equal([recovery.owing, recovery.position('n')], [[], { epoch: 8, seq: 9 }]);
});
