import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Refusal } from '../../src/domain/errors.js';
import type { Calls } from '../../src/engine/redis/calls.js';
import type { Clients } from '../../src/engine/redis/connect.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import { Fence } from '../../src/engine/redis/masterFence.js';
import { Pace } from '../../src/engine/redis/pace.js';
import { Reply } from '../../src/engine/redis/reply.js';
import type { Master } from '../../src/engine/redis/servers.js';
import { Witness } from '../../src/engine/redis/witness.js';
import { suite } from '../support/suite.js';

// When a node doubts the store, and when its master, to the ms. Real ones are redis-witness.test.ts' and
// redis-fence.test.ts'.

const test = suite('a store, and a master, that are doubted');
const keys = keysOf('test:');

test('F5 a store that holds less is said to once a minute, and nothing is asked of it meanwhile', async () => {
  const world = manualClock(0);
  const said: string[] = [];
  const asked: unknown[] = [];
  let answer: unknown[] = ['whole', 'id', 70, 30];
  const run = async (_: unknown, __: unknown, args: unknown[]) => {
    asked.push(args);
    return new Reply(answer);
  };
  const calls = { run } as unknown as Calls;
  const onError = (error: unknown) => said.push((error as Error).message);
  const witness = new Witness(calls, keys, new Pace(world), onError);
  await witness.check();
  assert.equal(asked, [], 'of what it does not know yet');
  witness.know('id');
  const check = async (ms: number, next: unknown[]) => {
    world.advance(ms);
    answer = next;
    await witness.check();
    return asked.at(-1);
  };
  assert.equal(await check(0, ['whole', 'id', 70, 30]), ['id', 0, 0]);
  assert.equal(await check(59_999, ['whole', 'id', 71, 31]), ['id', 0, 0]);
  assert.equal(await check(1, ['whole', 'id', 72, 32]), ['id', 0, 0]);
  assert.equal(await check(0, ['settling']), ['id', 70, 30], 'a minute before all was last well');
  assert.equal(await check(60_000, ['whole', 'id', 73, 33]), ['id', 70, 30]);
  assert.equal(await check(0, ['whole', 'id', 73, 33]), ['id', 72, 32]);
  witness.assertWhole();
  await check(0, ['less', 'numbers']);
  assert.throws(() => witness.assertWhole(), /does not hold what it held/);
  await check(59_999, ['less', 'documents']);
  assert.is(said.length, 1);
  assert.match(said[0] ?? '', /lacks drawn numbers .*test:\{catalogue\}:state.*npm run anew/);
  await check(1, ['less', 'another']);
  assert.match(said[1] ?? '', /emptied, or is another/);
  assert.not.ok(witness.beganAnew());
  await check(0, ['anew', 'other', 5, 6]);
  witness.assertWhole();
  assert.is(witness.store, 'other');
  assert.equal([witness.beganAnew(), witness.beganAnew()], [true, false]);
  assert.equal(await check(0, ['whole', 'other', 5, 6]), ['other', 0, 0]);
});

test('P6 F5 a master that had replicas and hears none is in doubt after a second, unless it is confirmed', async () => {
  const world = manualClock(0);
  const said: unknown[] = [];
  const clients = { address: { kind: 'standalone' } } as unknown as Clients;
  const fence = new Fence(clients, new Pace(world), (error) => said.push(error));
  const master = (id: string, heard: boolean) => ({ id, heard }) as unknown as Master;
  const note = (heard: boolean, id = 'a') => fence.note([master(id, heard)]);
  const isCutOff = async () => {
    await fence.look();
    try {
      fence.assertHeard();
      return false;
    } catch (error) {
      assert.is((error as Refusal).why, 'unavailable.not_writable');
      return true;
    }
  };
  note(true);
  world.advance(2999);
  note(true);
  note(false);
  world.advance(9000);
  assert.is(await isCutOff(), false, 'a backup that was read is no replica');
  note(true);
  world.advance(3000);
  note(true);
  note(false);
  world.advance(999);
  note(false);
  assert.is(await isCutOff(), false);
  world.advance(1);
  assert.is(await isCutOff(), true);
  assert.is(await isCutOff(), true);
  assert.is(said.length, 1, 'said once');
  note(true);
  fence.assertHeard();
  note(false);
  assert.is(await isCutOff(), false, 'it was back for a moment');
  world.advance(1000);
  assert.is(await isCutOff(), true);
  note(false, 'b');
  assert.is(await isCutOff(), false, 'another that never had any');
  assert.is(said.length, 2);
});
