// What the service remembers of people for a while is in no heap snapshot once that while is over.
import { createHmac, randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { getHeapSnapshot } from 'node:v8';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { Noso } from '../../src/domain/noso.js';
import { createCities } from '../../src/service/cities.js';
import { createExchanges } from '../../src/service/exchanges.js';
import { createIntents } from '../../src/service/intents.js';
import { createOutside } from '../../src/service/outside.js';
import { createPairing } from '../../src/service/pairing.js';
import { createSessions } from '../../src/service/sessions.js';
import { createTokens } from '../../src/service/tokens.js';
import { memoryEngine } from '../support/memoryEngine.js';
import { suite } from '../support/suite.js';

const test = suite('what memory forgets');

const HOUR = 3_600_000;
const SECRET = 'a secret that is long enough for the tests to use';

/** Stand in no text of ours but those that the service is given: they are bytes, not a text. */
const MARK = randomBytes(9);
/** A text that nobody else has, of one piece. */
const canary = (of: string): string => Buffer.concat([MARK, Buffer.from(of)]).toString('hex');

/** All that this process can reach. */
async function reachable(): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of getHeapSnapshot()) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}

/** What is kept of canaries. */
async function kept(): Promise<string[]> {
  const snapshot = await reachable();
  const mark = Buffer.from(MARK.toString('hex'));
  const found = new Set<string>();
  for (let at = snapshot.indexOf(mark); at >= 0; at = snapshot.indexOf(mark, at + 1)) {
    // Bytes throughout: a pattern would keep what it was tried on last.
    const hex = snapshot.subarray(at + mark.length, snapshot.indexOf('"', at)).toString('latin1');
    found.add(Buffer.from(hex, 'hex').toString());
  }
  return [...found].sort();
}

/** Everything of the service that remembers whoever asks, over a clock of the test's. */
function house() {
  const clock = manualClock(10 * HOUR);
  const engine = memoryEngine(clock);
  const onError = (error: unknown) => assert.unreachable(String(error));
  const noso = { id: 'noso', life: { is: 'scheduled' } } as Noso;
  const catalogue = {
    ...{ nosos: () => [], venue: () => undefined, wishes: () => [], wall: () => undefined },
    refresh: async () => {},
  };
  const writing = {
    ...{ noso: async () => noso, isNoso: async () => true },
    ...{ wrote: async () => {}, remove: async () => {} },
  };
  const tokens = createTokens([SECRET], clock.now);
  const secrets = [SECRET];
  return {
    ...{ clock, tokens },
    cities: createCities({ engine, clock, catalogue, writing, onError }),
    intents: createIntents({ engine, clock, writing, tokens, secrets }),
    exchanges: createExchanges({ clock, engine, strain: () => {} }),
    pairing: createPairing({ engine, catalogue, secrets }),
    sessions: createSessions({ engine, clock, tell: () => {} }),
    outside: createOutside({
      ...{ clock, publicUrl: () => 'http://noso.example', trusts: false, tell: () => {} },
    }),
  };
}

test('A1 A8 whoever asked is forgotten once it does not matter any more that they did', async () => {
  const { clock, cities, intents, exchanges, pairing, sessions, outside } = house();
  const foreign = (name: string) =>
    outside.isForeign({
      headers: { origin: `https://${name}.example`, host: 'noso.example' },
    } as IncomingMessage);
  await cities.ask({ city: 'Lyon' }, canary('cities'));
  await intents.draw('noso', null, canary('intents'));
  await exchanges.admit('noso', 10, canary('exchanges'));
  exchanges.heard(canary('strained'));
  await pairing.begin(canary('pairing'));
  sessions.hear({ id: canary('sessions'), until: clock.now() + HOUR });
  foreign(canary('outside'));
  const now = ['cities', 'exchanges', 'intents', 'outside', 'pairing', 'sessions', 'strained'];
  assert.equal(await kept(), now, 'they are there as long as they have to be');

  clock.advance(HOUR);
  await pairing.begin('another');
  sessions.hear({ id: 'another', until: clock.now() + HOUR });
  for (const other of ['another', 'a-third']) foreign(other);
  assert.equal(await kept(), []);
  // All that could hold them is here still.
  for (const { stop } of [cities, intents, exchanges]) stop();
});

test('A1 A8 of a token that was read nothing is remembered, however its header is written', async () => {
  const { tokens } = house();
  const { kid } = JSON.parse(
    Buffer.from(tokens.owner().split('.')[0] as string, 'base64url').toString(),
  );
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url');
  /** A token whose header begins as no other's. */
  const read = (named: string, k: number) => {
    const header = { more: MARK.toString('hex'), k, alg: 'HS256', kid: named };
    const claims = { number: 4711, iss: 'noso', aud: 'number', exp: 10_000_000 };
    const body = `${encode(header)}.${encode(claims)}`;
    const right = createHmac('sha256', SECRET).update(body).digest('base64url');
    return tokens.verify('number', `${body}.${right}`) !== null;
  };
  for (let k = 0; k < 100; k += 1) {
    assert.is(read(kid, k), true);
    assert.is(read('unknown', k), false);
  }
  tokens.verify('number', 'whatever was read last');
  const snapshot = await reachable();
  // Nine bytes before it and eighteen of it: they are spelt by themselves.
  const spelt = Buffer.from(Buffer.from(MARK.toString('hex')).toString('base64url'));
  assert.is(snapshot.indexOf(spelt), -1);
  assert.is(read(kid, 0), true);
});
