// The cases of the protocols' own suites that apply here, written from the specifications (Engine.IO
// protocol 4, Socket.IO protocol 5): WebSocket only, from the beginning, and nothing in the root.
import { randomBytes } from 'node:crypto';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { openRaw, type Raw, sitRaw } from '../support/raw.js';
import { served } from '../support/served.js';
import type { TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { exchange, upgradeRequest, wellAfterwards } from '../support/tcp.js';
import { until } from '../support/wait.js';

const test = suite('the protocols, case by case');

const PATH = '/socket.io/';

test(
  'F4 Engine.IO 4: what is no handshake over WebSocket is refused, polling and its methods as well',
  served(async (server) => {
    const queries = {
      'without EIO': 'transport=websocket',
      'without a transport': 'EIO=4',
      'with neither': '',
      'EIO 3': 'EIO=3&transport=websocket',
      'EIO 5': 'EIO=5&transport=websocket',
      'EIO abc': 'EIO=abc&transport=websocket',
      'EIO twice': 'EIO=3&EIO=4&transport=websocket',
      polling: 'EIO=4&transport=polling',
      webtransport: 'EIO=4&transport=webtransport',
      'a transport that is none': 'EIO=4&transport=abc',
      'of a prototype': 'EIO=4&transport=constructor',
      'an upgrade of a session that is none': 'EIO=4&transport=websocket&sid=abc',
      'of a session without a name': 'EIO=4&transport=websocket&sid=',
    };
    for (const [name, query] of Object.entries(queries)) {
      const { answer, closed } = await exchange(server.port, [upgradeRequest(`${PATH}?${query}`)]);
      assert.match(answer, /^HTTP\/1\.1 400 /, name);
      assert.ok(closed, `${name} was left open`);
      for (const method of ['GET', 'POST', 'PUT', 'OPTIONS']) {
        const text = `${method} ${PATH}?${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n40`;
        const polled = await exchange(server.port, [text]);
        assert.match(polled.answer, /^HTTP\/1\.1 4\d\d /, `${method}, ${name}`);
        assert.not.match(polled.answer, /"sid"|"upgrades"/);
      }
    }
    await wellAfterwards(server);
  }),
);

/** What becomes of a connection that says this. */
type End = 'ends' | 'stays';

/** Says all of it, and holds what becomes of it: whoever stays is answered when they ask. */
async function becomes(raw: Raw, said: readonly (string | Buffer)[], end: End): Promise<void> {
  for (const each of said) raw.send(each);
  const name = JSON.stringify(said.map(String)).slice(0, 80);
  if (end === 'ends') {
    await raw.end(5000).catch(() => assert.unreachable(`${name} was let pass`));
    return;
  }
  raw.send('40/anywhere,');
  const told = () => raw.frames.some((frame) => frame.startsWith('44/anywhere,'));
  await until(() => told() || raw.ended() !== null, { what: `an answer after ${name}`, every: 2 });
  assert.is(raw.ended(), null, name);
}

const leave = '42/phone,["leave"]';
const one = { _placeholder: true, num: 0 };
const binary = (count: number, more = '') =>
  `45${count}-/phone,${more}["leave",{"_placeholder":true,"num":0}]`;

test(
  'F4 Engine.IO 4: it opens with what it promises; a ping, a probe and no packet at all end it, a pong does not',
  served(async (server) => {
    const first = await openRaw(server.url);
    const opened = JSON.parse((first.frames[0] ?? '').slice(1)) as Record<string, unknown>;
    assert.is(first.frames[0]?.[0], '0');
    assert.equal(Object.keys(opened).sort(), [
      'maxPayload',
      'pingInterval',
      'pingTimeout',
      'sid',
      'upgrades',
    ]);
    assert.equal(opened.upgrades, []);
    assert.is(opened.maxPayload, 8192);
    first.close();
    const cases: [readonly (string | Buffer)[], End][] = [
      [['abc'], 'ends'],
      [['2'], 'ends'],
      [['2probe'], 'ends'],
      [['3'], 'stays'],
      [['3probe'], 'stays'],
      [['8'], 'ends'],
      [[''], 'ends'],
      [['4'], 'ends'],
      [['4abc'], 'ends'],
      [['bAQIDBA=='], 'ends'],
      [[randomBytes(4)], 'ends'],
      [[Buffer.of()], 'ends'],
      [[`40/phone,${'x'.repeat(8192)}`], 'ends'],
      [[`40/phone,${JSON.stringify({ token: 'x'.repeat(8000) })}`], 'stays'],
    ];
    for (const [said, end] of cases) {
      const raw = await openRaw(server.url);
      await becomes(raw, said, end);
      assert.not.ok(raw.frames.some((frame) => /^4[01235]/.test(frame) || frame.startsWith('3')));
      raw.close();
    }
    await wellAfterwards(server);
  }),
);

test(
  'F4 Socket.IO 5: to connect, where and how often; nothing is said before, and nothing in the root',
  served(async (server, api) => {
    const noso = await api.noso();
    const person = await api.person(noso.id);
    const auth = JSON.stringify({ token: person.token, pass: person.pass });
    const cases: [readonly (string | Buffer)[], End, RegExp | null][] = [
      [['40'], 'ends', null],
      [['40{}'], 'ends', null],
      [['40/,{}'], 'ends', null],
      [['40/phone,{"token":'], 'ends', null],
      [['40/phone,"x"'], 'ends', null],
      [['40/phone,[]'], 'ends', null],
      [['40/nowhere,'], 'stays', /^44\/nowhere,\{"message":"Invalid namespace"\}$/],
      [['40/__proto__,{}'], 'stays', /^44\/__proto__,\{"message":"Invalid namespace"\}$/],
      [['40/phone,'], 'stays', /^44\/phone,\{.*"code":"(bad_request|unauthorized)"/],
      [['40/phone,{}'], 'stays', /^44\/phone,\{.*"code":"(bad_request|unauthorized)"/],
      [[`40/phone?x=y,${auth.replace('"token"', '"toKen"')}`], 'stays', /^44\/phone/],
      [[leave], 'ends', null],
      [['41/phone,'], 'ends', null],
      [['43/phone,1[]'], 'ends', null],
      [['44/phone,{}'], 'ends', null],
      [['42["leave"]'], 'ends', null],
      [['47/phone,'], 'ends', null],
      [['451-/phone,["leave"]', Buffer.of(1)], 'ends', null],
    ];
    for (const [said, end, answer] of cases) {
      const raw = await openRaw(server.url);
      await becomes(raw, said, end);
      assert.not.ok(
        raw.frames.some((frame) => /^4[0123]/.test(frame)),
        `${said}: let in`,
      );
      const told = () => raw.frames.slice(1).filter((each) => !each.startsWith('44/anywhere,'));
      if (answer !== null) await until(() => told().length > 0, { what: `an answer to ${said}` });
      assert.is(told().length, answer === null ? 0 : 1, String(said));
      if (answer !== null) assert.match(told()[0] ?? '', answer);
      raw.close();
    }
    // Twice at once is one number on one seat; once more when it is in is no packet for there.
    const twice = await openRaw(server.url);
    twice.send(`40/phone,${auth}`);
    twice.send(`40/phone,${auth}`);
    await twice.event('seated');
    assert.is((await api.own<Noso>('GET', `/api/nosos/${noso.id}`)).count, 1);
    await becomes(twice, [`40/phone,${auth}`], 'ends');
    assert.is((await api.own<Noso>('GET', `/api/nosos/${noso.id}`)).count, 1);
    await wellAfterwards(server);
  }),
);

async function seated(server: TestServer, api: TestApi, noso: string) {
  const { token, pass } = await api.person(noso);
  const phone = await sitRaw(server.url, { token, pass });
  const isSeated = async () =>
    (await api.call('GET', `/api/presence/${noso}`, undefined, token)).status === 200;
  return { phone, token, pass, isSeated };
}

test(
  'F4 S1 Socket.IO 5: events, acknowledgements, attachments and farewells of somebody who is in',
  served(async (server, api) => {
    const { id } = await api.noso();
    const cases: [readonly (string | Buffer)[], End][] = [
      // Binary events: too few attachments, too many, none, without a place, with one that is no number.
      [[binary(1), leave], 'ends'],
      [[binary(1), Buffer.of(1)], 'ends'],
      [[binary(1, '7'), Buffer.of(1)], 'ends'],
      [[binary(2), Buffer.of(1), Buffer.of(2)], 'ends'],
      [[binary(0)], 'ends'],
      [['45-/phone,["leave"]'], 'ends'],
      [['4599-/phone,["leave"]'], 'ends'],
      [[`451-/phone,${JSON.stringify(['leave', { ...one, num: '0' }])}`, Buffer.of(1)], 'ends'],
      [[`451-/phone,${JSON.stringify(['leave', { ...one, num: 99 }])}`, Buffer.of(1)], 'ends'],
      [[Buffer.of(1)], 'ends'],
      [[`461-/phone,1${JSON.stringify([one])}`, Buffer.of(1)], 'ends'],
      // Acknowledgements of what nobody asked, events that are none, payloads that are none.
      [['43/phone,1[]'], 'ends'],
      [['42/phone,{}'], 'ends'],
      [['42/phone,[]'], 'ends'],
      [['42/phone,[1]'], 'ends'],
      [['42/phone,["leave"'], 'ends'],
      [['42/phone,abc["leave"]'], 'ends'],
      [['42/phone,["leave",null]'], 'ends'],
      [['42/phone,["disconnect"]'], 'ends'],
      [['42/phone,["connect"]'], 'ends'],
      [['44/phone,{"message":"x"}'], 'ends'],
      // Another namespace's, the root's, and Engine.IO's own.
      [['42/wall,["sync"]'], 'ends'],
      [['42["leave"]'], 'ends'],
      [['40'], 'ends'],
      [['0{}'], 'ends'],
      [['1'], 'ends'],
      [['2'], 'ends'],
      [['5'], 'ends'],
      [['6'], 'ends'],
      [['3'], 'stays'],
    ];
    const tried = async ([said, end]: (typeof cases)[number]) => {
      const { phone, isSeated } = await seated(server, api, id);
      const before = phone.frames.length;
      await becomes(phone, said, end);
      const told = phone.frames
        .slice(before)
        .filter((frame) => !/^4(1\/phone,$|4\/anywhere,)/.test(frame));
      assert.equal(told, [], String(said));
      assert.ok(await isSeated(), `${said} took the seat away`);
      phone.close();
    };
    for (const each of cases) await tried(each);

    // Leaving: with an id of any length, or none, once; and a farewell is not leaving.
    for (const ack of ['', '0', '7', '99999999999999999999']) {
      const { phone, isSeated } = await seated(server, api, id);
      phone.send(`42/phone,${ack}["leave"]`);
      await phone.event('closed');
      const answers = phone.frames.filter((frame) => frame.startsWith('43'));
      assert.is(answers.length, ack === '' ? 0 : 1);
      assert.not.ok(await isSeated());
      await phone.end();
    }
    const { phone, isSeated, token, pass } = await seated(server, api, id);
    await becomes(phone, ['41/phone,'], 'stays');
    phone.send(`40/phone,${JSON.stringify({ token, pass })}`);
    await until(
      () => phone.frames.filter((frame) => frame.startsWith('42/phone,["seated"')).length === 2,
    );
    assert.ok(await isSeated(), 'whoever is back on the same line is seated');
    phone.close();
    await wellAfterwards(server);
  }),
  { deadline: 60_000 },
);
