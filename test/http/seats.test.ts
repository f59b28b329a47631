import * as assert from 'uvu/assert';
import type { Engine } from '../../src/engine/engine.js';
import type { EntryPass, Noso, Seat } from '../../src/protocol/wire.js';
import type { Reply, TestApi } from '../support/api.js';
import { locally } from '../support/local.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';

const test = suite('the way in');

type Entered = { token: string; seat: Seat };
const enter = (api: TestApi, body: object, token: string | null = null) =>
  api.call<Entered>('POST', '/api/seats', body, token);
const countOf = async (api: TestApi, noso: string) =>
  (await api.own<Noso>('GET', `/api/nosos/${noso}`)).count;
const same = (one: Reply<Entered>, other: Reply<Entered>) => {
  assert.is(other.body.seat.number, one.body.seat.number);
  assert.is(other.body.seat.since, one.body.seat.since);
};

test(
  'S3 A7 the count is told to organizers alone, and the code of the moment to no participant',
  served(async (_, api) => {
    const noso = await api.noso();
    const before = await api.code(noso.id);
    const { body: entry } = await api.call<EntryPass>('POST', '/api/passes', { code: before.code });
    const drawn = await api.number(entry.pass);
    const seat = await api.sit(drawn.token, entry.pass);
    const all = await enter(api, { code: (await api.code(noso.id)).code });
    const organizer = await api.own<{ token: string }>('POST', '/api/organizers', { label: 'O' });
    const path = `/api/nosos/${noso.id}`;
    const shown = async (token: string | null) => api.call<Noso>('GET', path, undefined, token);
    for (const token of [api.token, organizer.token]) {
      assert.is((await shown(token)).body.count, 2);
    }
    const list = await api.call('GET', '/api/nosos', undefined, drawn.token);
    const told = [entry, drawn, seat, all, list, await shown(null), await shown(drawn.token)];
    const after = await api.code(noso.id);
    for (const each of told) {
      const text = JSON.stringify(each);
      for (const { code } of [before, after]) {
        assert.not.ok(text.includes(code) || text.includes(code.replaceAll('-', '')), text);
      }
    }
    for (const token of [null, drawn.token]) assert.is((await shown(token)).body.count, null);
  }),
);

let draws = 0;
const countingDraws = (engine: Engine): Engine => ({
  ...engine,
  draw(...wanted) {
    draws += 1;
    return engine.draw(...wanted);
  },
});

test(
  'L4 P8 after the close no number is given, and none is drawn for it',
  locally(
    async ({ api }) => {
      const noso = await api.noso();
      const pass = await api.pass(noso.id);
      await api.own('POST', `/api/nosos/${noso.id}/close`);
      const before = draws;
      for (const path of ['/api/numbers', '/api/seats']) {
        const { body } = await api.call('POST', path, { pass });
        assert.is(body.code, 'not_open', path);
      }
      assert.is(draws, before);
    },
    { wrap: countingDraws },
  ),
);

test(
  'P8 P3 asked again with the same pass, or the same id, it is the same number and sitting',
  served(async (_, api) => {
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const all = await Promise.all(Array.from({ length: 12 }, () => enter(api, { pass })));
    for (const each of all) {
      assert.ok([200, 201].includes(each.status));
      same(all[0] as Reply<Entered>, each);
    }
    const again = await enter(api, { pass });
    assert.is(again.status, 200);
    assert.is(await countOf(api, noso.id), 1);
    const drawn = await api.call<{ number: string }>('POST', '/api/numbers', { pass });
    assert.equal([drawn.status, drawn.body.number], [200, again.body.seat.number]);

    const { code } = await api.code(noso.id);
    const id = 'an-id-of-my-own-choosing';
    const first = await enter(api, { code, id });
    assert.is(first.status, 201);
    const repeated = await enter(api, { code, id });
    assert.is(repeated.status, 200);
    same(first, repeated);
    // The code alone is somebody new each time.
    const others = [await enter(api, { code }), await enter(api, { code })];
    assert.equal(
      others.map(({ status }) => status),
      [201, 201],
    );
    assert.is(await countOf(api, noso.id), 4);
    for (const body of [{ code, pass }, { code, id: 'short' }, { code, id, x: 1 }, {}]) {
      assert.is((await enter(api, body)).status, 400);
    }
  }),
);

test(
  'P8 whoever draws with a pass again and again has one number, and sits with no other',
  served(async (_, api) => {
    const noso = await api.noso({ capacity: 40 });
    const pass = await api.pass(noso.id);
    const draws = await Promise.all(Array.from({ length: 30 }, () => api.number(pass)));
    assert.is(new Set(draws.map(({ number }) => number)).size, 1);
    const other = await api.person(noso.id);
    assert.is((await api.sit(other.token, pass)).body.code, 'conflict');
    const seats = await Promise.all(draws.map(({ token }) => api.sit(token, pass)));
    assert.ok(seats.every(({ status }) => status === 200));
    assert.is(await countOf(api, noso.id), 1);
    // Refusals burn nothing: the number is there for whoever gets in.
    const small = await api.noso({ capacity: 1 });
    assert.is((await api.enter(small.id)).status, 201);
    const late = await api.pass(small.id);
    for (let k = 0; k < 20; k += 1) {
      assert.is((await enter(api, { pass: late })).body.code, 'full');
    }
    const next = await api.enter(noso.id);
    assert.is(next.status, 201);
  }),
);

test(
  'A8 a number that is not kept is good at its NoSo alone; one that is kept, anywhere',
  served(async (_, api) => {
    const [here, there] = [await api.noso(), await api.noso()];
    const mine = (await api.enter(here.id)).body;
    const elsewhere = await api.pass(there.id);
    const refused = await api.sit(mine.token, elsewhere);
    assert.equal([refused.status, refused.body.code], [403, 'forbidden']);
    const asked = await enter(api, { pass: elsewhere }, mine.token);
    assert.is(asked.body.code, 'forbidden');
    const seat = await api.call('GET', `/api/presence/${there.id}`, undefined, mine.token);
    assert.is(seat.body.code, 'forbidden');

    // It is kept once it is asked for; the number is the same.
    const { code } = await api.code(here.id);
    const kept = await enter(api, { code, keep: true }, mine.token);
    assert.is(kept.body.seat.number, mine.seat.number);
    const again = await enter(api, { pass: elsewhere }, kept.body.token);
    assert.is(again.status, 201);
    assert.is(again.body.seat.number, mine.seat.number);
    assert.is(again.body.token, kept.body.token, 'nothing is drawn, nothing is changed');
    assert.is(await countOf(api, here.id), 1);

    // After the close it still says whose it is, so that whoever comes back is told.
    await api.own('POST', `/api/nosos/${here.id}/close`);
    assert.is((await api.sit(mine.token, mine.seat.pass)).body.code, 'not_open');
  }),
);

test(
  'P8 a flood uses the bound up for a while, and a way in that is known needs none',
  served(async (_, api) => {
    const noso = await api.noso({ capacity: 3 });
    const { code } = await api.code(noso.id);
    const id = 'x'.repeat(20);
    const known = await enter(api, { code, id });
    const passes: Reply[] = [];
    for (let k = 0; k < 10; k += 1) {
      const some = Array.from({ length: 30 }, () => api.call('POST', '/api/passes', { code }));
      passes.push(...(await Promise.all(some)));
    }
    const given = passes.filter(({ status }) => status === 201).length;
    assert.ok(given <= 199 && given >= 190, `${given}`);
    const refused = passes.find(({ status }) => status === 429);
    assert.is(refused?.body.code, 'rate_limited');
    assert.ok((refused?.body.retryAfter ?? 9) <= 5);
    assert.is((await enter(api, { code })).body.code, 'rate_limited');
    same(known, await enter(api, { code, id }));
    assert.is(
      (await enter(api, { pass: (passes[0] as Reply<{ pass: string }>).body.pass })).status,
      201,
    );
  }),
);

test(
  'A8 in a page of ours the answer is kept as cookies, out of reach of its scripts',
  served(async ({ url }, api) => {
    const noso = await api.noso();
    const ask = (body: object, headers: Record<string, string>) =>
      fetch(`${url}/api/seats`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: JSON.stringify(body),
      });
    const own = await ask({ pass: await api.pass(noso.id) }, { origin: url });
    const set = own.headers.getSetCookie();
    const token = set.find((line) => /^noso_\w+_token=/.test(line)) ?? '';
    assert.match(token, /HttpOnly/);
    assert.match(token, /Max-Age=90000/, 'until the NoSo is over, and a little');
    assert.ok(set.some((line) => /^noso_\w+_entry=;.*Max-Age=0/.test(line)));
    const other = await ask({ pass: await api.pass(noso.id) }, {});
    assert.equal(other.headers.getSetCookie(), []);
    // Nor does another site's page plant one in whoever looks at it.
    const planted = { origin: 'http://evil.example' };
    const foreign = await ask({ pass: await api.pass(noso.id) }, planted);
    assert.equal([foreign.status, foreign.headers.getSetCookie()], [201, []]);
    // The number that is in the browser sits; one of another NoSo is as good as none.
    const cookie = token.split(';')[0] as string;
    const mine = ((await own.json()) as Entered).seat.number;
    const again = await ask({ pass: await api.pass(noso.id) }, { origin: url, cookie });
    assert.is(((await again.json()) as Entered).seat.number, mine);
    const next = await api.noso();
    const there = await ask({ pass: await api.pass(next.id) }, { origin: url, cookie });
    assert.is(there.status, 201);
    assert.is.not(((await there.json()) as Entered).seat.number, mine);
  }),
);
