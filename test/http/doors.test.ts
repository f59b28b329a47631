import { randomUUID } from 'node:crypto';
import { io } from 'socket.io-client';
import * as assert from 'uvu/assert';
import type {
  DoorAnswer,
  DoorClick,
  DoorCount,
  DoorInfo,
  Noso,
  PaperInfo,
} from '../../src/protocol/wire.js';
import type { TestApi } from '../support/api.js';
import { served } from '../support/served.js';
import { openPhone } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('doors, paper, and what is taken back');

const click = (what: DoorClick['what'], more: Partial<DoorClick> = {}): DoorClick => ({
  id: randomUUID(),
  what,
  at: new Date().toISOString(),
  ...more,
});
const send = (api: TestApi, token: string, clicks: DoorClick[]) =>
  api.call<DoorAnswer>('POST', '/api/door', { clicks }, token);
const newDoor = (api: TestApi, noso: string, name = 'North') =>
  api.own<{ id: string; url: string; token: string }>('POST', `/api/nosos/${noso}/doors`, { name });
const countOf = async (api: TestApi, noso: string) =>
  (await api.own<Noso>('GET', `/api/nosos/${noso}`)).count;

test(
  'P9 F7 a door is made, clicks in order, each once, and is dead after the close',
  served(async (server, api) => {
    const noso = await api.noso({ capacity: 4 });
    const door = await newDoor(api, noso.id);
    assert.match(door.url, `/door#${door.token}`);
    const clicks = [click('in'), click('in'), click('in'), click('in'), click('in'), click('out')];
    const first = await send(api, door.token, clicks);
    assert.is(first.status, 200, JSON.stringify(first.body));
    const oks = first.body.results.map((result) => result.ok);
    assert.equal(oks, [true, true, true, true, false, true]);
    const full = first.body.results[4] as { code: string; retryAfter: number };
    assert.is(full.code, 'full');
    assert.ok(full.retryAfter > 0);
    assert.equal([first.body.count, first.body.here], [3, 3]);
    const figures = await (await fetch(`${server.url}/metrics`)).text();
    assert.match(figures, 'noso_clicks_total{result="ok"} 5');
    assert.match(figures, 'noso_clicks_total{result="full"} 1');
    // The answer was lost, the server restarted: each is done once, and full stays full.
    await server.kill();
    await server.restart();
    const again = await send(api, door.token, clicks);
    assert.equal(again.body.results, first.body.results);
    assert.is(again.body.count, 3);
    const undone = click('undo', { of: (clicks[0] as DoorClick).id });
    assert.is((await send(api, door.token, [undone])).body.count, 2);
    const { doors } = await api.own<{ doors: DoorInfo[] }>('GET', `/api/nosos/${noso.id}/doors`);
    assert.equal([doors[0]?.name, doors[0]?.seated], ['North', 2]);
    assert.ok(doors[0]?.lastSeen);
    for (const path of [`/api/nosos/${noso.id}/code`, '/api/venues']) {
      assert.is((await api.call('GET', path, undefined, door.token)).status, 403);
    }
    const bad = [{ ...click('in'), id: 'x' }, { ...click('in'), what: 'open' }, { what: 'in' }];
    for (const each of bad) {
      assert.is((await send(api, door.token, [each as DoorClick])).status, 400);
    }
    const many = Array.from({ length: 101 }, () => click('in'));
    assert.is((await send(api, door.token, many)).status, 400);

    await api.own('POST', `/api/nosos/${noso.id}/close`);
    const late = await send(api, door.token, [click('in')]);
    assert.equal([late.body.code, late.body.reason], ['not_open', 'closed'], 'the true cause');
    const record = await api.record(noso.id);
    // Four came in by hand; one was undone, one went: three were there.
    assert.equal([record.total, record.byHand, record.peak], [3, 3, 4]);
  }),
);

test(
  'P9 numbers on paper are drawn beforehand, seated and given back by hand, at a door too',
  served(async (_, api) => {
    const noso = await api.noso({}, false);
    const path = `/api/nosos/${noso.id}/paper`;
    const { numbers } = await api.own<{ numbers: string[] }>('POST', path, { count: 20 });
    assert.is(new Set(numbers).size, 20);
    assert.ok(numbers.every((number) => /^[1-9]\d{5}$/.test(number)));
    const [one, two] = numbers as [string, string];
    const early = await api.call('PUT', `${path}/${one}`, {}, api.token);
    assert.is(early.body.code, 'not_open');
    await api.own('POST', `/api/nosos/${noso.id}/open`);
    assert.equal(await api.own('PUT', `${path}/${one}`, {}), { number: one });
    assert.equal(await api.own('PUT', `${path}/${one}`, {}), { number: one }, 'once');
    const door = await newDoor(api, noso.id);
    const came = await send(api, door.token, [click('in', { number: two }), click('in')]);
    assert.equal(
      came.body.results.map((result) => result.ok && result.number),
      [two, undefined],
    );
    assert.is(came.body.count, 3);
    const { paper } = await api.own<{ paper: PaperInfo[] }>('GET', path);
    const seated = paper.filter((each) => each.seated).map(({ number }) => number);
    assert.equal(seated.sort(), [one, two].sort());
    for (const wrong of ['999', '123456', 'x'].filter((each) => !numbers.includes(each))) {
      const refused = await send(api, door.token, [click('in', { number: wrong })]);
      assert.is((refused.body.results[0] as { code?: string }).code, 'not_found');
    }
    for (let k = 0; k < 2; k += 1) {
      const given = await api.call('DELETE', `${path}/${one}`, undefined, api.token);
      assert.is(given.status, 204);
    }
    assert.is((await send(api, door.token, [click('out', { number: two })])).body.count, 1);
    assert.is((await api.call('POST', path, { count: 501 }, api.token)).status, 400);
  }),
);

test(
  'P8 L5 what phones took since a moment is taken back; they are told, and codes of then are no good',
  served(async (server, api) => {
    const noso = await api.noso({ entry: 'link' });
    const before = (await api.enter(noso.id)).body;
    await until(() => Date.now() > Date.parse(before.seat.since) + 50);
    const since = new Date().toISOString();
    const { code } = await api.code(noso.id);
    const mine = await api.person(noso.id);
    const phone = await openPhone(server.url, { token: mine.token, pass: mine.pass });
    const unused = await api.pass(noso.id);
    await Promise.all([1, 2, 3].map(() => api.enter(noso.id)));
    const door = await newDoor(api, noso.id);
    await send(api, door.token, [click('in')]);
    const path = `/api/nosos/${noso.id}/void`;
    const query = new URLSearchParams({ since });
    const would = await api.own<{ freed: number; until: string }>('GET', `${path}?${query}`);
    assert.is(would.freed, 4, 'what it does to the count is said beforehand');
    assert.is(await countOf(api, noso.id), 6, 'and nothing is done');
    const done = await api.own<{ freed: number; until: string }>('POST', path, { since });
    assert.is(done.freed, 4);
    assert.is((await api.own<{ freed: number }>('GET', `${path}?${query}`)).freed, 0);
    const repeated = await api.own('POST', path, { since, until: done.until });
    assert.equal(repeated, done);
    assert.is(await countOf(api, noso.id), 2, 'who came before, and who came in at the door');
    await until(() => phone.closed, { what: 'the phone to be told' });
    assert.is(phone.closed?.reason, 'voided');
    const stands = await api.call('GET', `/api/presence/${noso.id}`, undefined, mine.token);
    assert.equal([stands.status, stands.body.reason], [404, 'voided'], 'the true cause');
    const old = await api.call('POST', '/api/passes', { code });
    assert.is(old.body.code, 'bad_code');
    assert.is((await api.call('POST', '/api/seats', { pass: unused })).body.reason, 'pass');
    assert.is.not((await api.code(noso.id)).code, code, 'a new one shows at once');
    const pass = phone.seat?.pass as string;
    for (const back of [false, true]) {
      assert.is((await api.sit(mine.token, pass, back)).body.reason, 'voided');
    }
    // With a new pass, at once; others go on as they were.
    assert.is((await api.sit(mine.token, await api.pass(noso.id))).status, 200);
    assert.is((await api.sit(before.token, before.seat.pass)).status, 200);
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    const record = await api.record(noso.id);
    assert.equal([record.total, record.byHand, record.peak], [3, 1, 6]);
  }),
);

test(
  'P9 W4 a door is shown the count, is told of the close, and is revoked within seconds',
  served(async (server, api) => {
    const noso = await api.noso({ capacity: 9 });
    const [north, south] = [await newDoor(api, noso.id), await newDoor(api, noso.id, 'South')];
    const watch = (token: string) => {
      const socket = io(`${server.url}/door`, {
        auth: { token },
        transports: ['websocket'],
        forceNew: true,
        reconnection: false,
      });
      const seen: { count: DoorCount | null; closed: string | null } = {
        count: null,
        closed: null,
      };
      socket.on('count', (count: DoorCount) => {
        seen.count = count;
      });
      socket.on('closed', ({ reason }: { reason: string }) => {
        seen.closed = reason;
      });
      return { socket, seen };
    };
    const [one, two] = [watch(north.token), watch(south.token)];
    await until(() => one.seen.count?.count === 0, { what: 'a first count' });
    await api.enter(noso.id);
    await send(api, north.token, [click('in')]);
    await until(() => one.seen.count?.count === 2 && one.seen.count.here === 1);
    await until(() => two.seen.count?.count === 2 && two.seen.count.here === 0);
    assert.is(two.seen.count?.capacity, 9);
    await api.own('DELETE', `/api/doors/${south.id}`);
    await until(() => two.seen.closed === 'revoked' && !two.socket.connected, { deadline: 5000 });
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    await until(() => one.seen.closed === 'closed' && !one.socket.connected, { deadline: 5000 });
    one.socket.disconnect();
    two.socket.disconnect();
  }),
);
