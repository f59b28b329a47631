import { randomBytes } from 'node:crypto';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { openRaw, type Raw, sitRaw } from '../support/raw.js';
import { served } from '../support/served.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('silence: what a phone is told');

const SEAT = ['noso', 'number', 'pass', 'since', 'endsAt', 'serverTime', 'returnCode'];

/** The frames of one phone, read; throws on any that is not of the contract. */
function read(phone: Raw) {
  const told = { sids: [] as string[], seats: [] as unknown[], closed: [] as unknown[] };
  for (const frame of phone.frames) {
    const at = frame.search(/[{[]/);
    const payload: unknown = at < 0 ? null : JSON.parse(frame.slice(at));
    const head = at < 0 ? frame : frame.slice(0, at);
    if (head === '0') {
      const { sid, ...rest } = payload as { sid: string };
      assert.equal(rest, {
        upgrades: [],
        pingInterval: 45000,
        pingTimeout: 20000,
        maxPayload: 8192,
      });
      told.sids.push(sid);
    } else if (head === '40/phone,') {
      assert.equal(Object.keys(payload as object), ['sid']);
      told.sids.push((payload as { sid: string }).sid);
    } else if (head === '42/phone,') {
      const [name, ...args] = payload as [string, ...object[]];
      assert.is(args.length, 1, frame);
      const keys = Object.keys(args[0] as object);
      if (name === 'seated') assert.equal(keys, SEAT);
      else assert.equal([name, keys], ['closed', ['noso', 'reason']], frame);
      (name === 'seated' ? told.seats : told.closed).push(args[0]);
    } else if (head !== '41/phone,') {
      assert.unreachable(`a phone was told ${frame}`);
    }
  }
  return told;
}

/** How alike two lists are in order, from -1 to 1: 0 is no relation. */
function correlation(a: number[], b: number[]): number {
  const mean = (all: number[]) => all.reduce((x, y) => x + y, 0) / all.length;
  const [ma, mb] = [mean(a), mean(b)];
  const sum = (f: (k: number) => number) => a.reduce((total, _, k) => total + f(k), 0);
  const of = (all: number[], m: number, k: number) => (all[k] as number) - m;
  const both = sum((k) => of(a, ma, k) * of(b, mb, k));
  const one = Math.sqrt(sum((k) => of(a, ma, k) ** 2));
  const other = Math.sqrt(sum((k) => of(b, mb, k) ** 2));
  return one * other === 0 ? 0 : both / (one * other);
}

test(
  'S2 S3 each phone is told its own seat and the end, and nothing of the sixty others',
  served(async (server, api) => {
    const noso = await api.noso({ veil: 0, capacity: 60 });
    const wall = openWall(server.url, (await api.wall(noso.venue.id)).token);
    const people = await api.people(noso.id, 60);
    const phones: (Raw & { seat: { number: string } })[] = [];
    for (let k = 0; k < 60; k += 20) {
      const some = people
        .slice(k, k + 20)
        .map(({ token, pass }) => sitRaw(server.url, { token, pass }));
      phones.push(...(await Promise.all(some)));
    }
    await wall.shows(60);
    // Everything happens that can: full, leaving, coming back too soon, another tab, a change of plan.
    const late = await api.person(noso.id);
    const refused = await openRaw(server.url);
    const full = await refused.enter('/phone', { token: late.token, pass: late.pass });
    assert.is(full, '44/phone,{"message":"full","data":{"code":"full","retryAfter":30}}');
    for (const phone of phones.slice(0, 10)) phone.send('42/phone,["leave"]');
    await Promise.all(phones.slice(0, 10).map((phone) => phone.end()));
    await sitRaw(server.url, { token: people[20]?.token, pass: people[20]?.pass });
    for (const phone of phones.slice(10, 20)) phone.close();
    await api.own('PATCH', `/api/nosos/${noso.id}`, { title: 'Encore', capacity: null });
    await wall.shows(50);
    await until(() => wall.numbers?.size === 50, { what: 'the numbers of those who stayed' });
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await Promise.all(phones.slice(20).map((phone) => phone.end()));
    wall.close();

    const numbers = new Set(people.map(({ number }) => number));
    for (const [k, phone] of phones.entries()) {
      const { number } = phone.seat;
      const told = read(phone);
      assert.is(told.seats.length, 1);
      const reason = k < 10 ? 'left' : 'closed';
      assert.equal(told.closed, k >= 10 && k < 20 ? [] : [{ noso: noso.id, reason }]);
      for (const other of numbers) {
        const seen = other !== number && phone.frames.some((each) => each.includes(`"${other}"`));
        assert.not.ok(seen, `${number} was told of ${other}`);
      }
    }
  }),
);

test(
  'S3 ids of connections do not count: they tell nothing of the order of arrival',
  served(async (server, api) => {
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    const told: ReturnType<typeof read>[] = [];
    for (let k = 0; k < 150; k += 1) {
      const phone = await sitRaw(server.url, { token, pass });
      told.push(read(phone));
      phone.close();
    }
    for (const which of [0, 1]) {
      const sids = told.map(({ sids }) => Buffer.from(sids[which] as string, 'base64url'));
      assert.is(new Set(sids.map(String)).size, 150);
      const order = sids.map((_, k) => k);
      for (let byte = 0; byte < 18; byte += 1) {
        const values = sids.map((sid) => sid[byte] ?? 0);
        assert.ok(new Set(values).size > 60, `byte ${byte} is not random`);
        const r = correlation(order, values);
        assert.ok(Math.abs(r) < 0.45, `byte ${byte} goes with the order of arrival: ${r}`);
      }
    }
  }),
);

test(
  'S2 A1 whatever a phone says of itself, no other phone and no wall is sent a byte of it',
  served(async (server, api) => {
    const noso = await api.noso({ veil: 0 });
    const wall = await openRaw(server.url);
    await wall.enter('/wall', { token: (await api.wall(noso.venue.id)).token });
    const other = await api.person(noso.id);
    const quiet = await sitRaw(server.url, { token: other.token, pass: other.pass });
    const mark = `x${randomBytes(9).toString('hex')}`;
    const { token, pass } = await api.person(noso.id);
    const headers = {
      'user-agent': mark,
      'accept-language': mark,
      referer: `http://${mark}.example/`,
      cookie: `${mark}=${mark}; noso_token=${mark}; noso_lang=${mark}`,
      'x-forwarded-for': mark,
      [mark]: mark,
    };
    const loud = await sitRaw(server.url, { token, pass }, { headers, query: `&${mark}=${mark}` });
    loud.send(`42/phone,["leave","${mark}"]`);
    await loud.end();
    for (const say of [`42/phone,["${mark}","${mark}"]`, `43/phone,1["${mark}"]`, mark]) {
      const again = await sitRaw(server.url, { token, pass }, { headers });
      again.send(say);
      await again.end();
    }
    await openRaw(server.url, { headers }).then((raw) =>
      raw.enter('/phone', { token, [mark]: mark }),
    );
    for (const path of [
      `/api/nosos?city=${mark}`,
      `/api/nosos/${mark}`,
      `/j/${mark}`,
      `/${mark}`,
    ]) {
      await fetch(server.url + path, { headers: { 'user-agent': mark, referer: headers.referer } });
    }
    for (const body of [{ pass: mark }, { pass, [mark]: mark }, { pass, back: true }]) {
      await api.call('PUT', '/api/presence', body, token);
    }
    await until(() => wall.frames.some((frame) => frame.includes('"count":2')));
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await quiet.end();
    await until(() => wall.frames.some((frame) => frame.includes('"state":"closed"')));
    const all = [...wall.frames, ...quiet.frames].join('\n');
    assert.ok(all.length > 1000);
    assert.not.ok(all.includes(mark), 'what a phone said reached another');
    wall.close();
  }),
);

test(
  'S3 over HTTP a participant sees a seat, and nobody but organizers sees a count',
  served(async (server, api) => {
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    const { code } = await api.code(noso.id);
    const seat = await api.sit(token, pass);
    assert.equal(Object.keys(seat.body), SEAT);
    const again = await api.call('GET', `/api/presence/${noso.id}`, undefined, token);
    assert.equal(Object.keys(again.body), SEAT);
    const entry = await api.call<{ noso: Noso }>('POST', '/api/passes', { code });
    assert.is(entry.body.noso.count, null);
    for (const who of [null, token]) {
      const one = await api.call<Noso>('GET', `/api/nosos/${noso.id}`, undefined, who);
      assert.is(one.body.count, null);
      const all = await api.call<{ nosos: Noso[] }>('GET', '/api/nosos', undefined, who);
      assert.ok(all.body.nosos.every(({ count }) => count === null));
    }
    for (const page of ['/', `/j/${code}`, '/me', '/privacy']) {
      const text = await (await fetch(server.url + page)).text();
      assert.not.match(text, /"count"|data-count/, page);
    }
    const organizer = await api.own<Noso>('GET', `/api/nosos/${noso.id}`);
    assert.is(organizer.count, 1);
  }),
);
