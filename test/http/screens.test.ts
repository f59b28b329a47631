// Screens over the API: pairing, what they are called and how they stand, what is on them.
import * as assert from 'uvu/assert';
import { readScreenCode } from '../../src/protocol/screenCode.js';
import type { Snapshot, WaitingScreen, WallInfo } from '../../src/protocol/wire.js';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('screens over HTTP');

const served = (work: (api: TestApi, server: TestServer) => Promise<void>) => async () => {
  const server = await startServer();
  try {
    await work(apiOf(server.url, server.owner), server);
  } finally {
    await server.stop();
  }
};
const begin = async (api: TestApi) =>
  (await api.call<WaitingScreen>('POST', '/api/walls/pairing', {})).body;
const claim = (api: TestApi, secret: string) =>
  api.call<{ id: string; token: string }>('POST', '/api/walls/pairing/claim', { secret });
const name = (api: TestApi, venue: string, pairing: string) =>
  api.call<{ id: string; token?: string }>(
    'POST',
    `/api/venues/${venue}/walls`,
    { name: 'Grande salle', pairing },
    api.token,
  );
const walls = async (api: TestApi, venue: string) =>
  (await api.own<{ walls: WallInfo[] }>('GET', `/api/venues/${venue}/walls`)).walls;

test(
  'W8 a screen is paired by its code, and its claim is answered the same however often, and after a restart',
  served(async (api, server) => {
    const venue = await api.venue();
    const { code, secret, expiresAt } = await begin(api);
    assert.is(readScreenCode(code), code);
    const lasts = Date.parse(expiresAt) - Date.now();
    assert.ok(lasts > 590_000 && lasts < 601_000, 'ten minutes');
    assert.is((await claim(api, secret)).status, 202, 'nobody has named it');

    const made = await name(api, venue.id, ` ${code.toLowerCase()}. `);
    assert.is(made.status, 201);
    assert.is(made.body.token, undefined, 'the screen learns its token itself');
    const first = await claim(api, secret);
    assert.is(first.status, 200);
    assert.is(first.body.id, made.body.id);
    assert.equal((await claim(api, secret)).body, first.body);
    assert.is((await name(api, venue.id, code)).body.id, made.body.id, 'named twice, one wall');
    assert.is((await walls(api, venue.id)).length, 1);

    await server.kill();
    await server.restart();
    assert.equal((await claim(api, secret)).body, first.body);
    const wall = openWall(server.url, first.body.token);
    await until(() => wall.snapshot !== null);
    assert.is(wall.snapshot?.wall?.name, 'Grande salle');
    wall.close();
  }),
);

test(
  'W8 a code is good for one venue, a mistyped or unknown one and a secret that is none for nothing',
  served(async (api) => {
    const [one, two] = [await api.venue(), await api.venue({ name: 'Café Minerve' })];
    const { code, secret } = await begin(api);
    const refused = async (reply: Promise<{ status: number; body: object }>) => {
      const { status, body } = await reply;
      const { code: is, reason } = body as { code?: string; reason?: string };
      assert.equal([status, is, reason], [403, 'bad_code', 'pairing']);
    };
    const mistyped = `${code.slice(0, -1)}${code.endsWith('X') ? 'Y' : 'X'}`;
    await refused(name(api, one.id, mistyped));
    await refused(name(api, one.id, 'K7M-4PX'));
    await refused(claim(api, 'nobody'));
    const both = await Promise.all([name(api, one.id, code), name(api, two.id, code)]);
    assert.equal(both.map(({ status }) => status).sort(), [201, 403]);
    const { body } = await claim(api, secret);
    await api.own('DELETE', `/api/walls/${body.id}`);
    const [venue] = both[0]?.status === 201 ? [one] : [two];
    await refused(name(api, venue?.id ?? '', code));
  }),
);

test(
  'five screens of an address may wait, and no more',
  served(async (api) => {
    const codes = new Set<string>();
    for (let k = 0; k < 5; k += 1) codes.add((await begin(api)).code);
    assert.is(codes.size, 5);
    const sixth = await api.call('POST', '/api/walls/pairing', {});
    assert.equal(
      [sixth.status, sixth.body.code, sixth.body.reason],
      [429, 'rate_limited', 'pairings'],
    );
    assert.ok((sixth.body.retryAfter ?? 0) > 500);
  }),
);

test(
  'a wall is renamed and measured; it is told at once, and so is the console of what it says of itself',
  served(async (api, server) => {
    const venue = await api.venue();
    const { id, token } = await api.wall(venue.id, 'Entrance');
    const screen = { version: 'abc', width: 1920, height: 1080, zoom: 2, odd: 'ignored' };
    const wall = openWall(server.url, token, { auth: { token, screen } });
    await until(() => wall.snapshot !== null);
    assert.equal(wall.snapshot?.wall, {
      name: 'Entrance',
      diagonal: null,
      distance: null,
      walls: 1,
    });
    assert.match(wall.snapshot?.version ?? '', /^[\w-]{12}$/);

    const patched = await api.own<WallInfo>('PATCH', `/api/walls/${id}`, {
      name: 'Grande salle',
      diagonal: 75,
      distance: 6.5,
    });
    assert.equal([patched.name, patched.diagonal, patched.distance], ['Grande salle', 75, 6.5]);
    await until(() => wall.snapshot?.wall?.diagonal === 75);
    await api.own('PATCH', `/api/walls/${id}`, { diagonal: null });
    await until(() => wall.snapshot?.wall?.diagonal === null);
    assert.is(wall.snapshot?.wall?.distance, 6.5);
    await api.wall(venue.id, 'Another');
    await until(() => wall.snapshot?.wall?.walls === 2);

    await wall.socket.emitWithAck('sync', { shows: 'during' });
    const [own] = await walls(api, venue.id);
    const { lastBeat: _, ...rest } = own as WallInfo;
    assert.equal(rest, {
      ...{ id, name: 'Grande salle', diagonal: null, distance: 6.5, version: 'abc' },
      ...{ width: 1920, height: 1080, zoom: 2, shows: 'during', earlier: true },
    });
    for (const wrong of [{ diagonal: 0 }, { distance: 'far' }, { name: '' }])
      assert.is((await api.call('PATCH', `/api/walls/${id}`, wrong, api.token)).status, 400);
    wall.close();
  }),
);

test(
  'identify reaches the wall that is meant, and no other',
  served(async (api, server) => {
    const venue = await api.venue();
    const [one, two] = [await api.wall(venue.id), await api.wall(venue.id)];
    const told: { wall: string; until: number }[] = [];
    const open = [one, two].map(({ id, token }) => {
      const wall = openWall(server.url, token);
      wall.socket.on('identify', ({ until }: { until: number }) => told.push({ wall: id, until }));
      return wall;
    });
    await until(() => open.every((wall) => wall.snapshot !== null));
    await api.own('POST', `/api/walls/${two.id}/identify`);
    await until(() => told.length > 0);
    assert.is(told[0]?.wall, two.id);
    const left = (told[0]?.until ?? 0) - Date.now();
    assert.ok(left > 8000 && left <= 10_000, `${left} ms`);
    assert.is((await api.call('POST', '/api/walls/none/identify', {}, api.token)).status, 404);
    for (const wall of open) wall.close();
  }),
);

test(
  'a wall that keeps no connection asks what is to be shown, and is told where nothing is new',
  served(async (api, server) => {
    const noso = await api.noso();
    const { token, id } = await api.wall(noso.venue.id);
    const ask = (query = '', headers = {}) =>
      fetch(`${server.url}/api/walls/me${query}`, {
        headers: { authorization: `Bearer ${token}`, ...headers },
      });
    const plain = await ask();
    assert.is(plain.headers.get('cache-control'), 'no-store');
    const body = (await plain.json()) as Snapshot;
    assert.equal([body.noso?.id, body.count, body.wall?.name], [noso.id, 0, 'Grande salle']);
    assert.not.ok('numbers' in body);
    assert.not.ok('code' in body);
    const tag = plain.headers.get('etag') ?? '';
    assert.match(tag, /^W\/"/);
    const same = await ask('', { 'if-none-match': tag });
    assert.equal([same.status, await same.text()], [304, '']);
    const whole = (await (await ask('?numbers=1&code=1')).json()) as Snapshot;
    assert.equal(whole.numbers, []);
    assert.match(whole.code?.code ?? '', /^...-...-...$/);

    const pass = await api.pass(noso.id);
    const { token: phone } = await api.number(pass);
    await api.sit(phone, pass);
    const more = await until(async () => {
      const reply = await ask('', { 'if-none-match': tag });
      return reply.status === 200 ? ((await reply.json()) as Snapshot) : null;
    });
    assert.is(more.count, 1);
    // It follows its venue from NoSo to NoSo, as those do that are connected.
    const shown = async () => {
      const { noso: now, count } = (await (await ask()).json()) as Snapshot;
      return [now?.id, now?.state, count];
    };
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    assert.equal(await shown(), [noso.id, 'closed', 0]);
    const next = await api.noso({ venue: noso.venue.id });
    assert.equal(await shown(), [next.id, 'open', 0]);
    await api.own('DELETE', `/api/walls/${id}`);
    assert.is((await ask()).status, 401);
  }),
);

test(
  'W9 W10 the page bears its version, may be kept by a worker of its own, and says what is too old',
  served(async (api, server) => {
    const { token } = await api.wall((await api.venue()).id);
    const me = await fetch(`${server.url}/api/walls/me`, {
      headers: { authorization: `Bearer ${token}` },
    });
    const { version = '' } = (await me.json()) as Snapshot;
    const old = {
      'user-agent': 'Mozilla/5.0 (Web0S; SmartTV) Chrome/53.0.2785.34',
      'accept-language': 'fr',
    };
    const page = await (await fetch(`${server.url}/wall`, { headers: old })).text();
    assert.ok(page.includes(`"version":"${version}"`));
    assert.ok(page.includes(`/assets/wall/page.js?v=${version}`));
    assert.match(page, /Cet écran est trop ancien\..*ici, Chromium 53.*This screen is too old\./s);
    const shell = await fetch(`${server.url}/assets/wall/shell.page.js`);
    assert.equal([shell.status, shell.headers.get('service-worker-allowed')], [200, '/wall']);
    const other = await fetch(`${server.url}/assets/wall/page.js?v=${version}`);
    assert.is(other.headers.get('service-worker-allowed'), null);
  }),
);
