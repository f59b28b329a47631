import * as assert from 'uvu/assert';
import { KEPT, type Kept } from '../../src/domain/kept.js';
import type { Noso, NosoRecord } from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { served } from '../support/served.js';
import { openPhone } from '../support/sockets.js';
import { suite } from '../support/suite.js';

const test = suite('anonymity over real connections');

async function draw(api: TestApi, noso: string, count: number): Promise<string[]> {
  const numbers: string[] = [];
  // One after the other, so that the order is the order of arrival.
  for (let k = 0; k < count; k += 1) numbers.push((await api.person(noso)).number);
  return numbers;
}

/** Seats `count` people and closes the NoSo. */
async function gathering(api: TestApi, count: number): Promise<string> {
  const noso = await api.noso();
  for (let k = 0; k < count; k += 1) assert.is((await api.enter(noso.id)).status, 201);
  await api.own('POST', `/api/nosos/${noso.id}/close`);
  return noso.id;
}

test(
  'A2 the number is public and opens nothing: neither alone, nor with another’s token or pass',
  served(async (server, api) => {
    const noso = await api.noso();
    const [mine, theirs] = [await api.person(noso.id), await api.person(noso.id)];
    const { pass } = mine;
    const own = await api.sit(mine.token, pass);
    const other = await api.sit(theirs.token, theirs.pass);
    for (const credential of [
      theirs.number,
      `number.${theirs.number}`,
      `Bearer ${theirs.number}`,
    ]) {
      const seat = await api.call('GET', `/api/presence/${noso.id}`, undefined, credential);
      assert.is(seat.body.code, 'unauthorized');
      assert.is((await api.sit(credential, pass)).body.code, 'unauthorized');
      assert.is((await api.leave(credential, noso.id)).body.code, 'unauthorized');
      const phone = await openPhone(server.url, { token: credential, pass });
      assert.is(phone.error?.code, 'unauthorized');
    }
    // A seat's pass is for its own number alone.
    assert.is((await api.sit(mine.token, other.body.pass)).body.code, 'bad_code');
    const phone = await openPhone(server.url, { token: mine.token, pass: other.body.pass });
    assert.is(phone.error?.code, 'bad_code');
    const pass2 = await api.call('POST', '/api/numbers', { pass: own.body.pass });
    assert.is(pass2.body.code, 'bad_code', 'and draws no number');
    for (const token of [own.body.pass, pass]) {
      assert.is((await api.leave(token, noso.id)).body.code, 'unauthorized');
    }
    await api.leave(mine.token, noso.id);
    const { count } = await api.own<Noso>('GET', `/api/nosos/${noso.id}`);
    assert.is(count, 1, 'theirs is still there');
    // Nor is a token told by what a number's owner shows: it is not in any answer but its own.
    assert.not.match(JSON.stringify(other.body), theirs.token.split('.')[2] as string);
  }),
);

test(
  'A3 A4 numbers tell nothing of the order of arrival, have room, and are never drawn twice',
  served(async (server, api) => {
    const noso = await api.noso();
    const first = await draw(api, noso.id, 600);
    await server.kill();
    await server.restart();
    const numbers = [...first, ...(await draw(api, noso.id, 100))];
    assert.is(new Set(numbers).size, 700, 'each once, also after a kill');
    for (const [k, number] of numbers.entries()) {
      assert.match(number, /^[1-9]\d{5}$/);
      const space = 9 * 10 ** (number.length - 1);
      assert.ok(space >= 20 * (k + 1), `${number} was drawn as the ${k + 1}th`);
    }
    // Rank and order have nothing to do with each other.
    const six = first.map(Number);
    const mean = (all: number[]) => all.reduce((a, b) => a + b, 0) / all.length;
    const order = six.map((_, k) => k);
    const [mx, my] = [mean(order), mean(six)];
    const sum = (f: (k: number) => number) => order.reduce((total, k) => total + f(k), 0);
    const y = (k: number) => (six[k] as number) - my;
    const r =
      sum((k) => (k - mx) * y(k)) / Math.sqrt(sum((k) => (k - mx) ** 2) * sum((k) => y(k) ** 2));
    assert.ok(Math.abs(r) < 0.27, `a correlation of ${r}`);
    const steps = six.slice(1).map((number, k) => Math.abs(number - (six[k] as number)));
    assert.ok(mean(steps) > 250_000 && mean(steps) < 350_000, `neighbours ${mean(steps)} apart`);
    // Every tenth of the space is as likely as the others.
    const tenths = Array<number>(10).fill(0);
    for (const number of six) {
      const tenth = Math.floor((number - 100_000) / 90_000);
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    const expected = six.length / 10;
    const chi = tenths.reduce((total, n) => total + (n - expected) ** 2 / expected, 0);
    assert.ok(chi < 42, `χ² of ${chi} at 9 degrees of freedom`);
  }),
  { deadline: 40_000 },
);

test(
  'A6 of the past the public learns “fewer than 10” or tens, the organizer the exact record',
  served(async (server, api) => {
    for (const [count, about] of [
      [0, null],
      [9, null],
      [10, 10],
      [16, 20],
    ] as const) {
      const id = await gathering(api, count);
      const { body } = await api.call<Noso>('GET', `/api/nosos/${id}`);
      assert.is(body.about, about);
      assert.is(body.count, null);
      const listed = await api.call<{ nosos: Noso[] }>('GET', '/api/nosos?state=closed');
      assert.equal(
        listed.body.nosos.find((each) => each.id === id),
        body,
      );
      const record = await api.call<NosoRecord>('GET', `/api/nosos/${id}/record`);
      assert.is(record.body.code, 'unauthorized');
      assert.is((await api.record(id)).total, count);
      const page = await (await fetch(`${server.url}/`)).text();
      assert.not.match(page, /personMinutes|"peak"/);
    }
  }),
  { deadline: 30_000 },
);

test(
  'A5 every cookie that is set is in the table of what is kept, and lasts no longer than it says',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const kept = Object.values(KEPT as Record<string, Kept>).filter((each) => each.cookie);
    const set: string[] = [];
    let jar = '';
    const visit = async (path: string, form?: string, headers: Record<string, string> = {}) => {
      const response = await fetch(server.url + path, {
        method: form === undefined ? 'GET' : 'POST',
        redirect: 'manual',
        headers: {
          cookie: jar,
          ...(form === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
          ...headers,
        },
        ...(form === undefined ? {} : { body: form }),
      });
      const fresh = response.headers.getSetCookie();
      set.push(...fresh);
      jar = [jar, ...fresh.map((each) => each.split(';')[0])].filter(Boolean).join('; ');
      await response.arrayBuffer();
    };
    await visit('/?lang=fr');
    await visit(`/j/${code}`);
    await visit(`/j/${code}`, `noso=${noso.id}&form=${'f'.repeat(20)}`);
    await visit(`/j/${code}`);
    await visit('/me');
    await visit(`/j/${code}/leave`, '');
    await visit('/me/forget', '');
    await visit('/api/sign-in', JSON.stringify({ key: api.token }), {
      'content-type': 'application/json',
    });
    assert.ok(set.length >= 5, set.join('\n'));
    const seen = new Set<string>();
    for (const cookie of set) {
      const [name = ''] = cookie.split('=');
      const row = kept.find((each) => name.endsWith(`_${each.cookie}`));
      assert.ok(row, `${name} is in no row`);
      seen.add(row?.cookie ?? '');
      const age = Number(/Max-Age=(\d+)/i.exec(cookie)?.[1]);
      const within = row && 'within' in row.until ? row.until.within / 1000 : 0;
      assert.ok(age <= within, `${name} lasts ${age} s, not ${within}`);
      assert.match(cookie, /SameSite=(Lax|Strict)/i);
      if (row?.cookie !== KEPT.pass.cookie) assert.match(cookie, /HttpOnly/i);
      assert.not.match(cookie, /Domain=/i);
    }
    for (const name of [KEPT.token.cookie, KEPT.pass.cookie, KEPT.organizer.cookie]) {
      assert.ok(seen.has(name), `${name} was set`);
    }
  }),
);

test(
  'A5 A7 /privacy has a row for all that is kept, and says pseudonymous, erased, and what a code proves',
  served(async (server) => {
    const words = {
      en: [/pseudonym/i, /erased/i, /someone/i],
      fr: [/pseudonym/i, /effac/i, /quelqu/i],
    };
    for (const [language, patterns] of Object.entries(words)) {
      const text = await (await fetch(`${server.url}/privacy?lang=${language}`)).text();
      assert.is(text.match(/<tr>/g)?.length, 1 + Object.keys(KEPT).length);
      for (const pattern of patterns) assert.match(text, pattern, language);
      for (const { cookie } of Object.values(KEPT as Record<string, Kept>)) {
        if (cookie) assert.match(text, cookie);
      }
    }
  }),
);
