import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import { createLimits } from '../../src/service/limits.js';
import type { TestApi } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { openRaw, refusalIn, sitRaw } from '../support/raw.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('limits');

/** `NOSO_VENUE=5000` for the whole of F6. */
const PHONES = Number(process.env.NOSO_VENUE ?? 300);

const bad = new Refusal('bad_code.gone_by');

/** Limits whose clock a test moves, and what they say of one more failure. */
function limited() {
  const clock = manualClock(1_000_000);
  const limits = createLimits(clock);
  const fail = async (address: string) => {
    const answer = limits.judge(address, bad);
    await Promise.resolve();
    clock.advance(0);
    return answer;
  };
  return { clock, limits, fail };
}

/** How many failures of this address in a row are answered as what they are. */
async function free(of: ReturnType<typeof limited>, address: string): Promise<number> {
  for (let k = 0; k < 1000; k += 1) {
    const answer = of.limits.judge(address, bad);
    const first = await Promise.race([answer, pause(0, null)]);
    if (first !== bad) return k;
  }
  return 1000;
}

test('F6 an address may fail a hundred times at once, then twice a second', async () => {
  const of = limited();
  assert.is(await free(of, '10.0.0.1'), 100);
  of.clock.advance(5000);
  assert.is(await free(of, '10.0.0.1'), 10);
  of.clock.advance(3_600_000);
  assert.is(await free(of, '10.0.0.1'), 100, 'and no more than a hundred, however long ago');
  assert.is(await free(of, '10.0.0.2'), 100, 'each address for itself');
});

test('F6 one failure too many is answered a second later, with when to come again', async () => {
  const of = limited();
  await free(of, '10.0.0.1');
  let answer: Refusal | null = null;
  of.limits.judge('10.0.0.1', bad).then((refusal) => {
    answer = refusal;
  });
  of.clock.advance(999);
  await pause(0);
  assert.is(answer, null);
  of.clock.advance(1);
  await pause(0);
  assert.is((answer as Refusal | null)?.code, 'rate_limited');
  assert.is((answer as Refusal | null)?.retryAfter, 1);
});

test('F6 only what guessing looks like is counted, and nothing else ever waits', async () => {
  const of = limited();
  await free(of, '10.0.0.1');
  for (const why of [
    'full',
    'not_open.closed',
    'conflict.state',
    'unavailable.late',
    'bad_request',
  ] as const) {
    const refusal = new Refusal(why);
    assert.is(await of.limits.judge('10.0.0.1', refusal), refusal);
  }
});

test('F6 half of an IPv6 address is its owner’s to choose: the other half is counted', async () => {
  const of = limited();
  let spent = 0;
  for (let k = 0; k < 120; k += 1) {
    const answer = of.limits.judge(`2001:db8::${k.toString(16)}:1`, bad);
    if ((await Promise.race([answer, pause(0, null)])) === bad) spent += 1;
  }
  assert.is(spent, 100);
  assert.is(await free(of, '2001:db8:0:0:ffff::1'), 0, 'the same network, written in full');
  assert.is(await free(of, '2001:db8:0:1::1'), 100);
  assert.is(await free(of, '::ffff:10.0.0.9'), 100);
  assert.is(await free(of, '10.0.0.9'), 0, 'the same address, over IPv4');
  assert.is(await free(of, 'fe80::1%eth0'), 100);
  assert.is(await free(of, 'not an address'), 100, 'what a proxy may say is counted as it stands');
});

test('F6 A1 memory is bounded: the address that failed longest ago is forgotten first', async () => {
  const { limits } = limited();
  const before = process.memoryUsage().heapUsed;
  for (let k = 0; k < 60_000; k += 1) {
    await limits.judge(`10.${(k >> 16) & 255}.${(k >> 8) & 255}.${k & 255}`, bad);
  }
  const grown = process.memoryUsage().heapUsed - before;
  assert.ok(grown < 30_000_000, `${grown} bytes`);
});

/** Wrong codes as fast as they are answered, over `lanes` connections, until told to stop. */
function guess(port: number, from: string, lanes: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: lanes });
  const statuses: number[] = [];
  let going = true;
  const one = () =>
    new Promise<void>((resolve, reject) => {
      const asked = request(
        {
          agent,
          port,
          host: '127.0.0.1',
          localAddress: from,
          method: 'POST',
          path: '/api/passes',
          headers: { 'content-type': 'application/json' },
        },
        (answer) => {
          statuses.push(answer.statusCode ?? 0);
          answer.resume();
          answer.on('close', resolve);
        },
      );
      asked.on('error', reject);
      asked.end('{"code":"MMM-MMM-MMM"}');
    });
  /** Ends with the server, as well as when told to. */
  const lane = async () => {
    while (going) await one();
  };
  const done = Promise.allSettled(Array.from({ length: lanes }, lane));
  return {
    statuses,
    async stop() {
      going = false;
      agent.destroy();
      await done;
    },
  };
}

/** A phone's whole way in: code, pass, number, seat; how long it took in ms. */
async function arrive(url: string, api: TestApi, code: string): Promise<number> {
  const began = Date.now();
  const { body } = await api.call<{ pass: string }>('POST', '/api/passes', { code });
  const { token } = await api.number(body.pass);
  const phone = await sitRaw(url, { token, pass: body.pass });
  phone.close();
  return Date.now() - began;
}

test(
  `F6 ${PHONES} phones get in from the address of a guesser, who is slowed`,
  served(async (server, api) => {
    const noso = await api.noso();
    const guesser = guess(server.port, '127.0.0.1', 20);
    await until(() => guesser.statuses.includes(429), { what: 'the guesser to be limited' });
    // Guesses of tokens count as well, over sockets too.
    // (Twice a second a failure is forgiven, and the next one, whoever's, is told what it was.)
    const refused = await until(
      async () => {
        const socket = await openRaw(server.url);
        const answer = refusalIn(await socket.enter('/phone', { token: 'x', pass: 'y' }));
        socket.close();
        return answer.code === 'rate_limited' ? answer : null;
      },
      { what: 'a socket to be limited' },
    );
    assert.is(refused.retryAfter, 1);

    const before = guesser.statuses.length;
    const began = Date.now();
    const given = machineTime();
    const took: number[] = [];
    for (let k = 0; k < PHONES; k += 30) {
      // Off the wall, each time: a code is good for a minute, and a busy machine takes longer for all.
      const { code } = await api.code(noso.id);
      const batch = Array.from({ length: Math.min(30, PHONES - k) }, () =>
        arrive(server.url, api, code),
      );
      took.push(...(await Promise.all(batch)));
    }
    const seconds = (Date.now() - began) / 1000;
    const all = machineTime() - given;
    const guesses = guesser.statuses.length - before;
    await guesser.stop();
    assert.is(took.length, PHONES);
    console.log(`${PHONES} phones in ${seconds} s; ${guesses} guesses meanwhile`);
    assert.ok(all < 60_000, `${all} ms for ${PHONES} phones`);
    // 20 connections, each held for a second; twice a second one is not.
    assert.ok(guesses < (20 + 2) * (seconds + 1) + 20, `${guesses} guesses in ${seconds} s`);
    const { count } = await api.own<{ count: number }>('GET', `/api/nosos/${noso.id}`);
    assert.is(count, PHONES);
  }),
  { deadline: 60_000 },
);

test(
  'F6 another address is told what is wrong with its code, while the guesser’s is limited',
  served(async (server) => {
    const guesser = guess(server.port, '127.0.0.1', 10);
    await until(() => guesser.statuses.includes(429));
    const other = guess(server.port, '127.0.0.2', 1);
    await until(() => other.statuses.length >= 20);
    await other.stop();
    await guesser.stop();
    assert.ok(other.statuses.slice(0, 20).every((status) => status === 403));
  }),
);

test(
  'F6 a connection is not a way round: it may knock eight times',
  served(async (server) => {
    const raw = await openRaw(server.url);
    for (let k = 0; k < 50; k += 1) raw.send('40/phone,{"token":"x","pass":"y"}');
    await raw.end();
    const told = raw.frames.filter((frame) => frame.startsWith('44/phone,'));
    assert.ok(told.length <= 8, `${told.length} answers`);
  }),
);
