import * as assert from 'uvu/assert';
import { openRaw, type Raw } from '../support/raw.js';
import { served } from '../support/served.js';
import { fits, type Shape } from '../support/shapes.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('silence: what each is told, field by field');

/** What is told in each namespace, by name, and of what shape it is. */
const TOLD: Record<string, Record<string, Shape>> = {
  '/phone': { seated: 'Seat', closed: 'Closed' },
  '/wall': {
    ...{ snapshot: 'Snapshot', count: 'Count', numbers: 'Numbers', code: 'Code' },
    identify: 'Identify',
  },
  '/door': { count: 'DoorCount', closed: 'DoorClosed' },
  '/organizer': { nosos: 'Programme', count: 'ConsoleCount', notes: 'OperatorNotes' },
};
/** How many mean to come is for organizers, and a seat for whoever holds it (S2, S3). */
const NEVER: Record<string, string[]> = {
  '/wall': ['intents', 'seat'],
  '/door': ['intents', 'seat'],
};

/** Throws on any frame that is not of the contract; returns the names of those that came. */
function judge({ frames }: Raw, namespace: string): string[] {
  const events: string[] = [];
  for (const frame of frames.slice(1)) {
    const [, head = '', payload = ''] = /^(4\d\/\w+,\d*)(.*)$/s.exec(frame) ?? [];
    const said: unknown = payload === '' ? null : JSON.parse(payload);
    if (head === `42${namespace},`) {
      const [name, ...args] = said as [string, ...unknown[]];
      const shape = TOLD[namespace]?.[name];
      assert.ok(shape && args.length === 1, frame);
      fits(args[0], shape, NEVER[namespace]);
      events.push(name);
    } else if (head.startsWith(`43${namespace},`)) {
      const [answer, ...more] = said as [object, ...unknown[]];
      assert.is(more.length, 0, frame);
      fits(answer, namespace === '/wall' ? 'Snapshot' : 'Done', NEVER[namespace]);
      events.push('an answer');
    } else if (head === `40${namespace},`) {
      assert.equal(Object.keys(said as object), ['sid'], frame);
    } else assert.is(frame, `41${namespace},`);
  }
  return [...new Set(events)].sort();
}

test(
  'S2 S3 A1 walls, doors, consoles and phones are told the contract’s fields, and no other',
  served(async ({ url }, api) => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const noso = await api.noso({ veil: 1 });
    const venue = noso.venue.id;
    const planned = await api.noso({ startsAt: soon }, false);
    await api.call('POST', '/api/numbers', { noso: planned.id }).then(({ body }) => {
      const { token } = body as unknown as { token: string };
      return api.call('PUT', `/api/nosos/${planned.id}/intent`, undefined, token);
    });
    for (let k = 0; k < 3; k += 1) {
      await fetch(`${url}/api/nosos`, { headers: { 'x-real-ip': '192.0.2.1' } });
    }
    const wall = await api.wall(venue);
    const door = await api.own<{ token: string }>('POST', `/api/nosos/${noso.id}/doors`, {});
    const [one, two] = [await api.person(noso.id), await api.person(noso.id)];
    const tokens: Record<string, object> = {
      '/wall': { token: wall.token },
      '/door': { token: door.token },
      '/organizer': { token: api.token },
      '/phone': { token: one.token, pass: one.pass },
    };
    const lines = new Map<string, Raw>();
    for (const [namespace, auth] of Object.entries(tokens)) {
      const line = await openRaw(url);
      assert.match(await line.enter(namespace, auth), /^40/, namespace);
      lines.set(namespace, line);
    }
    const at = (namespace: string) => lines.get(namespace) as Raw;
    const told = (namespace: string, what: string) =>
      until(() => at(namespace).frames.some((frame) => frame.includes(what)), {
        what: `${namespace} to be told ${what}`,
      });
    await api.sit(two.token, two.pass);
    await told('/wall', `["numbers"`);
    await api.leave(two.token, noso.id);
    const click = { id: 'click-of-a-door-1', what: 'in', at: new Date().toISOString() };
    const clicks = await api.call('POST', '/api/door', { clicks: [click] }, door.token);
    fits(clicks.body, 'DoorAnswer', NEVER['/door']);
    await told('/door', '"here":1');
    await api.own('POST', `/api/walls/${wall.id}/identify`);
    await told('/wall', '["identify"');
    at('/wall').send('42/wall,1["sync",{}]');
    await told('/wall', '43/wall,1[');
    at('/phone').send('42/phone,1["leave"]');
    await at('/phone').end();
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await told('/wall', '"state":"closed"');
    await told('/organizer', '"state":"closed"');
    await at('/door').end();

    assert.equal(judge(at('/phone'), '/phone'), ['an answer', 'closed', 'seated']);
    const walls = judge(at('/wall'), '/wall').filter((name) => name !== 'code');
    assert.equal(walls, ['an answer', 'count', 'identify', 'numbers', 'snapshot']);
    assert.equal(judge(at('/door'), '/door'), ['closed', 'count']);
    assert.equal(judge(at('/organizer'), '/organizer'), ['count', 'nosos', 'notes']);
    for (const namespace of ['/door', '/organizer']) {
      const all = at(namespace).frames.join('\n');
      for (const { number } of [one, two]) assert.not.ok(all.includes(`"${number}"`), namespace);
    }
    for (const line of lines.values()) line.close();
  }),
  { deadline: 60_000 },
);

test(
  'S2 S3 A6 whoever takes part is answered the contract’s fields, and no other, whatever they ask',
  served(async (_, api) => {
    const soon = new Date(Date.now() + 3_600_000).toISOString();
    const noso = await api.noso();
    const planned = await api.noso({ startsAt: soon }, false);
    const { code } = await api.code(noso.id);
    type Seated = { pass: string; token: string; seat: { number: string; returnCode: string } };
    /** Asks, holds the answer against its shape, and returns it. */
    const ask = async (what: string, shape: Shape, body?: object, token?: string) => {
      const [method = '', path = ''] = what.split(' ');
      const reply = await api.call<Seated>(method, path, body, token);
      fits(reply.body, shape, ['intents']);
      assert.not.match(JSON.stringify(reply.body), /"count":\d/, what);
      return { ...reply.body, status: reply.status };
    };
    const { pass } = await ask('POST /api/passes', 'EntryPass', { code });
    const drawn = await ask('POST /api/numbers', 'Drawn', { pass });
    const entered = await ask('POST /api/seats', 'Entered', { code });
    const { number, returnCode } = entered.seat;
    const again = await ask('POST /api/passes', 'EntryPass', { code });
    const back = { pass: again.pass, number, returnCode };
    assert.is((await ask('POST /api/returns', 'Entered', back)).status, 200);
    assert.is((await ask('PUT /api/presence', 'Seat', { pass }, drawn.token)).status, 200);
    await ask(`GET /api/presence/${noso.id}`, 'Seat', undefined, drawn.token);
    const { token } = await ask('POST /api/numbers', 'Drawn', { noso: planned.id });
    await ask(`PUT /api/nosos/${planned.id}/intent`, 'Intent', undefined, token);
    for (const who of [undefined, token]) {
      await ask('GET /api/nosos', 'Nosos', undefined, who);
      await ask(`GET /api/nosos/${planned.id}`, 'Noso', undefined, who);
      await ask(`GET /api/nosos/${noso.id}`, 'Noso', undefined, who);
      await ask('GET /api/cities', 'Cities', undefined, who);
    }
    await ask('POST /api/walls/pairing', 'WaitingScreen', {});
    // And so is whoever is refused.
    await ask('POST /api/passes', 'Problem', { code: 'MMM-MMM-MMM' });
    await ask('PUT /api/presence', 'Problem', { pass, more: 1 }, drawn.token);
    await ask('PUT /api/presence', 'Problem', { pass }, token);
    await ask(`GET /api/presence/${noso.id}?x=${number}`, 'Problem');
    await api.leave(drawn.token, noso.id);
    await ask(`GET /api/presence/${noso.id}`, 'Problem', undefined, drawn.token);
    await ask('PUT /api/presence', 'Problem', { pass, back: true }, drawn.token);
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await ask('PUT /api/presence', 'Problem', { pass }, drawn.token);
    await ask(`GET /api/nosos/${noso.id}`, 'Noso');
  }),
  { deadline: 60_000 },
);

/** What is wrong with it, in words; '' if nothing is. */
function odd(...what: Parameters<typeof fits>): string {
  try {
    fits(...what);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

test('one field more is seen, however deep it is', () => {
  const venue = { id: 'v', name: 'Café' };
  const frame = { epoch: 1, from: 0, seq: 2, seated: ['123456'], gone: [] };
  assert.match(odd({ ...frame, at: 3 }, 'Numbers'), 'Numbers has at');
  assert.match(odd({ ...frame, gone: ['Odile'] }, 'Numbers'), 'Numbers.gone');
  assert.match(odd({ ...frame, seated: [{ number: '123456' }] }, 'Numbers'), 'Numbers.seated');
  assert.match(odd({ venue: { ...venue, owner: 'x' } }, 'Snapshot'), 'Venue has owner');
  assert.match(odd({ noso: { id: 'n', intents: 2 } }, 'Snapshot', ['intents']), 'intents');
  assert.is(odd({ venue, noso: null, numbers: ['123456'], code: null }, 'Snapshot'), '');
});
