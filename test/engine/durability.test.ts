import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { openEmbedded } from '../../src/engine/embedded/openEmbedded.js';
import { openRedis } from '../../src/engine/redis/openRedis.js';
import { createTokens } from '../../src/service/tokens.js';
import { apiOf, type TestApi } from '../support/api.js';
import { sitRaw } from '../support/raw.js';
import { DURABLE, ownPrefix, type Server, startRedis } from '../support/redis.js';
import { startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { atRiskAt, type Call, callsIn, mayTrace, tracedTo } from '../support/syscalls.js';
import { opened, seated } from './contract/cast.js';

const test = suite('what a power cut may take');

/** What is answered over HTTP, or said to a phone that sat down. */
const isAnswer = ({ name, args }: Call) =>
  /^(writev?|send\w+)$/.test(name) &&
  args.includes('<socket:') &&
  /HTTP\/1\.1 [2-5]|42\/phone,/.test(args);

/** An evening, one request after the other. Each `change` is promised to be kept once it is answered. */
async function evening(url: string, api: TestApi, change: (what: string) => void): Promise<void> {
  const did = async <T>(what: string, work: Promise<T>): Promise<T> => {
    const answer = await work;
    change(what);
    return answer;
  };
  const read = <T>(work: Promise<T>) => did('', work);
  const venue = await did('a venue', api.venue());
  const noso = await did('a NoSo', api.noso({ venue: venue.id, veil: 0 }, false));
  await did('its opening', api.own('POST', `/api/nosos/${noso.id}/open`));
  const wall = await did('a wall', api.wall(venue.id));
  const { code } = await read(api.code(noso.id));
  const people: { token: string; pass: string }[] = [];
  for (let k = 0; k < 4; k += 1) {
    const { pass } = (await read(api.call<{ pass: string }>('POST', '/api/passes', { code }))).body;
    const { token } = await did('a number', api.number(pass));
    people.push({ token, pass });
  }
  const [one, two, three, four] = people as [Who, Who, Who, Who];
  await did('a seat', api.sit(one.token, one.pass));
  await did('a second', api.sit(two.token, two.pass));
  const phone = await did('one at a socket', sitRaw(url, three));
  phone.close();
  await did('a third', api.sit(four.token, four.pass));
  await did('a leave', api.leave(two.token, noso.id));
  await did('all at once', api.call('POST', '/api/seats', { code, id: 'a'.repeat(22) }));
  await did('other terms', api.own('PATCH', `/api/nosos/${noso.id}`, { capacity: 50 }));
  await did('a head count', api.own('PUT', `/api/nosos/${noso.id}/headcount`, { count: 3 }));
  await did('a close', api.own('POST', `/api/nosos/${noso.id}/close`));
  await did('an end', api.own('DELETE', `/api/walls/${wall.id}`));
}
type Who = { token: string; pass: string };

test(
  'P1 A4 F5 whatever is answered is on the disk by then, names and secret included',
  async () => {
    if (!mayTrace()) {
      console.log('not tried: strace may not trace here (ptrace is forbidden)');
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), 'noso-power-'));
    const [trace, dataDir] = [join(folder, 'trace'), join(folder, 'data')];
    try {
      const server = await startServer({ NOSO_SECRET: '' }, { dataDir, under: tracedTo(trace) });
      const said: string[] = [];
      try {
        const secret = await readFile(join(dataDir, 'secret'), 'utf8');
        const api = apiOf(server.url, createTokens([secret], Date.now).owner());
        await evening(server.url, api, (what) => said.push(what));
        await server.terminate();
      } finally {
        await server.kill();
      }
      const calls = callsIn(await readFile(trace, 'latin1'));
      const last = calls.filter(isAnswer).slice(-said.length);
      assert.is(last.length, said.length);
      const risks = atRiskAt(calls, dataDir, last);
      const bad = said.flatMap((what, k) =>
        what === '' ? [] : (risks[k] ?? []).map((file) => `${what}: ${file.replace(folder, '')}`),
      );
      assert.equal(bad, []);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  { deadline: 60_000 },
);

/** Runs one of our programs until it ends; throws what it said where that was not well. */
async function run(
  under: string[],
  name: 'backup' | 'restore',
  dataDir: string,
  ...given: string[]
) {
  const at = fileURLToPath(new URL(`../../src/programs/${name}.js`, import.meta.url));
  const [program = process.execPath, ...args] = [...under, process.execPath, at, ...given];
  await promisify(execFile)(program, args, { env: { PATH: process.env.PATH, DATA_DIR: dataDir } });
}

test(
  'P1 F5 what was restored is on the disk before it is said to be there, its secret and all names included',
  async () => {
    if (!mayTrace()) {
      console.log('not tried: strace may not trace here (ptrace is forbidden)');
      return;
    }
    const folder = await mkdtemp(join(tmpdir(), 'noso-power-'));
    const [trace, from, file, to] = ['trace', 'from', 'copy', 'in/to'].map((name) =>
      join(folder, name),
    ) as [string, string, string, string];
    try {
      const engine = await openEmbedded({ dataDir: from, clock: realClock });
      await seated(engine, await opened(engine), 3);
      await engine.close();
      await writeFile(join(from, 'secret'), 's'.repeat(64));
      await run([], 'backup', from, file, '--with-numbers');
      await mkdir(join(folder, 'in'));
      await run(tracedTo(trace), 'restore', to, file);
      assert.is(await readFile(join(to, 'secret'), 'utf8'), 's'.repeat(64));
      const calls = callsIn(await readFile(trace, 'latin1'));
      const said = calls.filter(
        ({ name, args }) => name === 'write' && args.includes('"Everything is as it was on'),
      );
      assert.is(said.length, 1);
      const [risk = []] = atRiskAt(calls, join(folder, 'in'), said);
      assert.equal(
        risk.map((each) => each.replace(folder, '')),
        [],
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
  { deadline: 60_000 },
);

/** What a start says of how this Redis keeps what it was told. */
async function warnings(redis: Server, settings: Record<string, string>): Promise<string[]> {
  for (const [name, value] of Object.entries(settings)) {
    await redis.ask((client) => client.config('SET', name, value));
  }
  const said: string[] = [];
  const warn = (what: string) => said.push(what);
  const engine = await openRedis({ url: redis.url, clock: realClock, prefix: ownPrefix(), warn });
  await engine.close();
  return said.filter((each) => each.includes('append'));
}

test('P1 F8 a Redis that does not bring to its disk what it was told is named at the start', async () => {
  const redis = await startRedis(DURABLE);
  try {
    assert.equal(await warnings(redis, {}), []);
    assert.equal(await warnings(redis, { appendfsync: 'always' }), []);
    const [lazy, ...more] = await warnings(redis, { appendfsync: 'no' });
    assert.match(String(lazy), 'appendfsync no');
    assert.equal(more, []);
    const [none, ...others] = await warnings(redis, { appendonly: 'no' });
    assert.match(String(none), 'appendonly no');
    assert.equal(others, []);
  } finally {
    await redis.stop();
  }
});
