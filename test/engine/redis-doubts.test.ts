import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Refusal } from '../../src/domain/errors.js';
import type { Calls } from '../../src/engine/redis/calls.js';
import type { Clients } from '../../src/engine/redis/connect.js';
import { keysOf } from '../../src/engine/redis/keys.js';
import type { Lifecycle } from '../../src/engine/redis/lifecycle.js';
import { Live } from '../../src/engine/redis/liveState.js';
import { Fence } from '../../src/engine/redis/masterFence.js';
import { Pace } from '../../src/engine/redis/pace.js';
import type { Recovery } from '../../src/engine/redis/recovery.js';
import { Reply } from '../../src/engine/redis/reply.js';
import type { Script } from '../../src/engine/redis/scripts/script.js';
import { type Master, masters, rewriteFiles } from '../../src/engine/redis/servers.js';
import type { Tended } from '../../src/engine/redis/tended.js';
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

/** Servers that say what a test says, and what was asked of them. */
function servers(...infos: string[][]) {
  const asked: string[] = [];
  const clients = infos.map((lines, k) => ({
    async info() {
      if (lines.length === 0) throw new Error('gone');
      return `# Facts\r\n${lines.join('\r\n')}\r\n`;
    },
    bgrewriteaof: async () => asked.push(`${k} rewrite`),
    bgsave: async (how: string) => asked.push(`${k} save ${how}`),
    slowlog: async (what: string) => asked.push(`${k} slowlog ${what}`),
  }));
  return { asked, clients: { masters: () => clients } as unknown as Clients };
}

test('P1 a master hears a replica that said so within two seconds; of none nothing is known', async () => {
  const id = ['master_replid:aa', 'run_id:bb'];
  const of = async (...infos: string[][]) => {
    const { masters: found, all } = await masters(servers(...infos).clients);
    return [...found.map(({ id, runId, heard }) => `${id} ${runId} ${heard}`), all];
  };
  assert.equal(await of(), [false]);
  assert.equal(await of(id), ['aa bb false', true]);
  assert.equal(await of([...id, 'slave0:ip=x,lag=2']), ['aa bb true', true]);
  assert.equal(await of([...id, 'slave0:ip=x,lag=3', 'slave1:lag=9']), ['aa bb false', true]);
  assert.equal(await of([...id, 'slave0:lag=3', 'slave12:lag=0'], []), ['aa bb true', false]);
});

test('L4 files are rewritten and slow logs reset, on every master, or it is said which could not', async () => {
  const ask = async (...infos: string[][]) => {
    const { asked, clients } = servers(...infos);
    return [await rewriteFiles(clients), ...asked.sort()];
  };
  const [aof, busy, none, snapshots] = [
    ['aof_enabled:1', 'aof_rewrite_in_progress:0'],
    ['aof_enabled:1', 'aof_rewrite_in_progress:1'],
    ['aof_enabled:0', 'rdb_last_bgsave_time_sec:-1'],
    ['aof_enabled:0', 'rdb_last_bgsave_time_sec:0'],
  ] as [string[], string[], string[], string[]];
  assert.equal(await ask(aof), ['done', '0 rewrite', '0 slowlog RESET']);
  assert.equal(await ask(none), ['done', '0 slowlog RESET']);
  assert.equal(await ask(snapshots), ['done', '0 save SCHEDULE', '0 slowlog RESET']);
  assert.equal(await ask(aof, busy), ['busy', '0 rewrite', '0 slowlog RESET']);
  assert.equal(await ask(busy, [], aof), ['refused', '2 rewrite', '2 slowlog RESET']);
});

test('P1 an open NoSo whose live state is missing is founded anew, once, and asked again', async () => {
  let revived = 0;
  const answers: unknown[][] = [];
  const calls = { run: async () => new Reply(answers.shift() ?? ['missing']) };
  const lifecycle = {
    async revive() {
      revived += 1;
    },
    finish: async () => {},
  };
  const position = { epoch: 0, seq: 0 };
  const recovery = {
    ...{ settle: async () => {}, owes: () => false, observe: () => {} },
    position: () => position,
  };
  const live = new Live(
    calls as unknown as Calls,
    keys,
    lifecycle as unknown as Lifecycle,
    recovery as unknown as Recovery,
    {} as Tended,
    { assertWhole: () => {} } as unknown as Witness,
  );
  const ask = () =>
    live.run('n', {} as Script, []).then(
      (reply) => reply.text(0),
      (error: Refusal) => error.why,
    );
  const ok = ['ok', 1, 1, 1, 1];
  answers.push(['missing'], ok);
  assert.equal([await ask(), revived], ['ok', 1]);
  answers.push(['missing'], ['missing'], ok);
  assert.equal([await ask(), answers.length], ['unavailable.no_answer', 1], 'it does not stay');
  answers.length = 0;
  answers.push(['sealed'], ['closed'], ['settling', 1, 1, 1, 1]);
  assert.equal(
    [await ask(), await ask(), await ask()],
    ['not_open.closed', 'not_open.closed', 'unavailable.no_answer'],
  );
});
