import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { openRaw, refusalIn, sitRaw } from '../support/raw.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('silence: what a phone may say');

/** An open NoSo, and a number with a pass for it. */
async function room(api: TestApi, fields: Record<string, unknown> = {}) {
  const noso = await api.noso(fields);
  const pass = await api.pass(noso.id);
  return { noso, auth: { token: (await api.number(pass)).token, pass } };
}
const countOf = async (api: TestApi, noso: string) =>
  (await api.own<Noso>('GET', `/api/nosos/${noso}`)).count;

const event = (payload: unknown, ack = '') => `42/phone,${ack}${JSON.stringify(payload)}`;

/** Names that are no event of ours, those that libraries know among them. */
const NAMES = [
  'hello',
  'message',
  'Leave',
  'leave ',
  ' leave',
  'leave\u0000',
  '',
  'seated',
  'closed',
  'sync',
  'count',
  'numbers',
  'code',
  'snapshot',
  'nosos',
  'join',
  'ping',
  'connect',
  'connect_error',
  'connection',
  'disconnect',
  'disconnecting',
  'error',
  'newListener',
  'removeListener',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'x'.repeat(7000),
];

/** What else can be put on the wire, by name. */
const UTTERANCES: Record<string, string | Buffer> = {
  ...Object.fromEntries(NAMES.map((name) => [`the event “${name.slice(0, 20)}”`, event([name])])),
  'an event with an acknowledgement': event(['hello', 'x'], '7'),
  'an event with a number for its name': event([1]),
  'an event that is an object': event({ 0: 'leave' }),
  'an event that is a text': event('leave'),
  'an event that is null': event(null),
  'an event without a name': event([]),
  'an event named by a list': event([['leave']]),
  'an event named by an object': event([{ toString: 'leave' }]),
  'leave with null': event(['leave', null]),
  'leave with a text': event(['leave', 'x']),
  'leave with a text, acknowledged': event(['leave', 'x'], '1'),
  'leave with zero': event(['leave', 0]),
  'leave with false': event(['leave', false]),
  'leave with an object': event(['leave', {}]),
  'leave with a prototype': '42/phone,["leave",{"__proto__":{"x":1}}]',
  'leave with two things': event(['leave', 1, 2], '1'),
  'leave for nobody': '42["leave"]',
  'leave for another namespace': '42/wall,["leave"]',
  'an event of another namespace': '42/organizer,["nosos"]',
  'an acknowledgement that was not asked for': '43/phone,0["x"]',
  'an acknowledgement without a number': '43/phone,["x"]',
  'a second connect': '40/phone,{}',
  'a refusal': '44/phone,{"message":"x"}',
  'a binary event': '451-/phone,["leave",{"_placeholder":true,"num":0}]',
  'a binary event without parts': '450-/phone,["leave"]',
  'a binary acknowledgement': '461-/phone,0[{"_placeholder":true,"num":0}]',
  'a binary event of another namespace': '451-/wall,["x",{"_placeholder":true,"num":0}]',
  'a binary frame': Buffer.from([1, 2, 3]),
  'an empty binary frame': Buffer.alloc(0),
  'a frame in base64': 'bAAAA',
  'an empty frame': '',
  'an empty message': '4',
  'a type of packet that is none': '49/phone,["leave"]',
  'no packet': 'hello',
  'an event cut short': '42/phone,["leave"',
  'an event after a comma': '42/phone,,["leave"]',
  'a namespace without an end': '42/phone',
  'a ping': '2',
  'a ping with a word': '2probe',
  'a pong with a word': '3hello',
  'a close': '1',
  'an upgrade': '5',
  'a nothing': '6',
  'a nothing with a word': '6hello',
  'an open': '0{"sid":"x"}',
  'an unknown packet': '9',
};

test(
  'S1 whatever a phone says but leave ends its connection, and nothing else happens',
  served(async (server, api) => {
    const { noso, auth } = await room(api);
    const first = await sitRaw(server.url, auth);
    const say = async ([name, utterance]: [string, string | Buffer]) => {
      const phone = await sitRaw(server.url, auth);
      const before = phone.frames.length;
      phone.send(utterance);
      await phone.end().catch(() => assert.unreachable(`${name} did not end the connection`));
      const answers = phone.frames.slice(before).filter((frame) => frame !== '41/phone,');
      assert.equal(answers, [], `${name} was answered`);
    };
    const all = Object.entries(UTTERANCES);
    // Of more than eight of one number the oldest would be ended: some are still on their way out.
    for (let k = 0; k < all.length; k += 3) await Promise.all(all.slice(k, k + 3).map(say));
    assert.is(await countOf(api, noso.id), 1, 'a connection that is ended is no leaving');
    assert.is(first.ended(), null, 'the other connection of this number is as it was');
    assert.not.match(server.output(), /"(fault|unhandled)"/);
    first.close();
  }),
  { deadline: 60_000 },
);

test(
  'S1 leave is heard, with and without an acknowledgement, and a pong is no utterance',
  served(async (server, api) => {
    const { noso, auth } = await room(api);
    const phone = await sitRaw(server.url, auth);
    phone.send('3');
    phone.send('42/phone,5["leave"]');
    await phone.end();
    assert.equal(phone.frames.slice(-3), [
      '43/phone,5[{"ok":true}]',
      `42/phone,["closed",{"noso":"${noso.id}","reason":"left"}]`,
      '41/phone,',
    ]);
    const other = await room(api);
    const quiet = await sitRaw(server.url, other.auth);
    quiet.send('42/phone,["leave"]');
    await quiet.end();
    assert.is(await countOf(api, noso.id), 0);
    assert.is(await countOf(api, other.noso.id), 0);
  }),
);

test(
  'S1 a handshake says what the contract names and no more',
  served(async (server, api) => {
    const { noso, auth } = await room(api);
    const { token, pass } = auth;
    const { code } = await api.code(noso.id);
    const bad: Record<string, unknown> = {
      'one field more': { ...auth, hello: 'x' },
      'an empty field more': { ...auth, '': '' },
      'a prototype': JSON.parse(`{"token":"${token}","pass":"${pass}","__proto__":{"x":1}}`),
      'a constructor': { ...auth, constructor: { prototype: {} } },
      'pass and code': { ...auth, code },
      'code and back': { token, code, back: true },
      'a token that is a number': { token: 4711, pass },
      'a token that is a list': { token: [token], pass },
      'a pass that is an object': { token, pass: { toString: pass } },
      'a pass that is null': { token, pass: null },
      'a long pass': { token, pass: 'x'.repeat(1025) },
      'a long code': { token, code: 'M'.repeat(65) },
      'back in words': { ...auth, back: 'true' },
      'back as null': { ...auth, back: null },
      'an empty token': { token: '', pass },
      'a token alone': { token },
    };
    for (const [name, each] of Object.entries(bad)) {
      const raw = await openRaw(server.url);
      const answer = await raw.enter('/phone', each);
      assert.is(refusalIn(answer).code, 'bad_request', `${name}: ${answer}`);
      raw.close();
    }
    // What is no object at all is no handshake.
    for (const each of ['[]', '"x"', 'null', '{', '{"token"', '[{"token":"x"}]']) {
      const raw = await openRaw(server.url);
      raw.send(`40/phone,${each}`);
      await raw.end();
    }
    const none = await openRaw(server.url);
    assert.is(refusalIn(await none.enter('/phone', {})).code, 'unauthorized');
    const query = await openRaw(server.url, {
      query: `&token=${token}&pass=${pass}&auth[token]=${token}`,
    });
    assert.is(refusalIn(await query.enter('/phone')).code, 'unauthorized');
    assert.is(await countOf(api, noso.id), 0);
  }),
);

test(
  'S1 over HTTP too: a field that is not in the contract is refused by its name',
  served(async (_, api) => {
    const { noso, auth } = await room(api);
    const { code } = await api.code(noso.id);
    for (const [method, path, body, token] of [
      ['POST', '/api/passes', { code, hello: 1 }, null],
      ['POST', '/api/numbers', { pass: auth.pass, hello: 1 }, null],
      ['PUT', '/api/presence', { pass: auth.pass, hello: 1 }, auth.token],
      ['PUT', '/api/presence', { pass: auth.pass, back: true, hello: 1 }, auth.token],
    ] as const) {
      const reply = await api.call(method, path, body, token);
      assert.is(reply.body.code, 'bad_request', `${method} ${path}`);
      assert.match(reply.body.detail ?? '', 'hello');
    }
    assert.is(await countOf(api, noso.id), 0);
  }),
);

test(
  'S1 F4 a connection in one namespace may ask for another, and is given a clear answer',
  served(async (server, api) => {
    const { noso, auth } = await room(api);
    const wall = await api.wall(noso.venue.id);
    const raw = await openRaw(server.url);
    assert.match(await raw.enter('/wall', { token: wall.token }), /^40/);
    assert.is(refusalIn(await raw.enter('/phone', { token: 'x', pass: 'y' })).code, 'unauthorized');
    assert.is(refusalIn(await raw.enter('/organizer', {})).code, 'unauthorized');
    raw.frames.length = 0;
    assert.match(await raw.enter('/phone', auth), /^40/);
    raw.send('42/wall,1["sync"]');
    await until(() => raw.frames.some((frame) => frame.startsWith('43/wall,1')));
    raw.send('42/phone,["hello"]');
    await raw.end();
    assert.not.match(server.output(), /"(fault|unhandled)"/);
  }),
);
