import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { io } from 'socket.io-client';
import * as assert from 'uvu/assert';
import type { Noso, Snapshot } from '../../src/protocol/wire.js';
import { machineTime } from '../support/machineTime.js';
import { served } from '../support/served.js';
import { openWall, type TestWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('a wall and its venue');

const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const shows = (wall: TestWall, noso: Noso | null, state?: string) =>
  until(
    () => {
      const { snapshot } = wall;
      const now = snapshot?.noso ?? null;
      return snapshot && now?.id === noso?.id && (!state || now?.state === state) ? [now] : null;
    },
    { what: `a wall to show ${noso?.title} ${state}`, deadline: 5000 },
  );

test(
  'W8 a wall that was installed once follows its venue from NoSo to NoSo, without a reload',
  served(async (server, api) => {
    const venue = (await api.venue()).id;
    const wall = openWall(server.url, (await api.wall(venue)).token);
    await shows(wall, null);
    assert.is(wall.snapshot?.code, null);
    const act = (noso: Noso, what: string) =>
      api.own<Noso>('POST', `/api/nosos/${noso.id}/${what}`);
    const far = await api.noso(
      { venue, title: 'far', startsAt: inMs(25 * 3_600_000), endsAt: inMs(26 * 3_600_000) },
      false,
    );
    const first = await api.noso(
      { venue, title: 'first', startsAt: inMs(60_000), endsAt: inMs(120_000) },
      false,
    );
    await shows(wall, first, 'scheduled');
    assert.is(wall.snapshot?.code, null, 'L6 no wall shows a code before it opens');
    await act(first, 'open');
    await shows(wall, first, 'open');
    assert.match(wall.snapshot?.code?.code ?? '', /^\w{3}-\w{3}-\w{3}$/);
    const opened = wall.snapshot as Snapshot;
    assert.ok(opened.effectiveAt - opened.serverTime <= 1000);
    await act(first, 'close');
    await shows(wall, first, 'closed');
    assert.equal(wall.snapshot?.numbers, []);
    assert.is(wall.snapshot?.code, null);
    // The next one is shown as soon as it opens, although the first has hardly closed.
    const second = await api.noso({ venue, title: 'second', veil: 0 }, false);
    await shows(wall, first, 'closed');
    await act(second, 'open');
    await shows(wall, second, 'open');
    assert.is((await api.enter(second.id)).status, 201);
    await wall.shows(1);
    // Changes of the plan and of the venue are followed as well.
    await api.own('PATCH', `/api/nosos/${second.id}`, { title: 'renamed' });
    await until(() => wall.snapshot?.noso?.title === 'renamed');
    await api.own('PATCH', `/api/venues/${venue}`, { language: 'en' });
    await until(() => wall.snapshot?.venue.language === 'en');
    assert.is(wall.snapshot?.count, 1);
    // Another venue's is none of its business.
    await api.noso({ title: 'elsewhere' });
    await act(second, 'close');
    await shows(wall, second, 'closed');
    assert.ok(wall.socket.connected);
    const ids = new Set(
      wall.frames.flatMap(({ event, frame }) =>
        event === 'snapshot' ? [(frame as Snapshot).noso?.id ?? null] : [],
      ),
    );
    assert.equal(ids, new Set([null, first.id, second.id]));
    assert.not.ok(ids.has(far.id));
    wall.close();
  }),
  { deadline: 30_000 },
);

test(
  'W7 all walls of a NoSo are told the same instant, a second ahead, and begin at the same count',
  served(async (server, api) => {
    const venue = (await api.venue()).id;
    const noso = await api.noso({ venue }, false);
    const walls = await Promise.all(
      ['one', 'two', 'three'].map(async (name) =>
        openWall(server.url, (await api.wall(venue, name)).token),
      ),
    );
    await Promise.all(walls.map((wall) => shows(wall, noso, 'scheduled')));
    for (const [what, state] of [
      ['open', 'open'],
      ['close', 'closed'],
    ] as const) {
      const asked = Date.now();
      await api.own('POST', `/api/nosos/${noso.id}/${what}`);
      const answered = Date.now();
      await Promise.all(walls.map((wall) => shows(wall, noso, state)));
      const instants = new Set(walls.map(({ snapshot }) => snapshot?.effectiveAt));
      assert.is(instants.size, 1);
      const [at = 0] = instants;
      assert.ok(at >= asked + 1000 && at <= answered + 1000, `${at - asked} ms ahead`);
      for (const { frames } of walls) {
        const told = frames.find((each) => (each.frame as Snapshot).effectiveAt === at);
        assert.ok(told && (told.frame as Snapshot).serverTime < at, 'told before it is to happen');
      }
    }
    for (const wall of walls) wall.close();
  }),
);

test(
  'W8 a revoked wall, an organizer’s revoked key and a deleted venue are let go within 5 s, for good',
  served(async (server, api) => {
    const venue = (await api.venue()).id;
    const [kept, gone] = [await api.wall(venue), await api.wall(venue)];
    const other = await api.wall((await api.venue()).id);
    const walls = [kept, gone, other].map(({ token }) => openWall(server.url, token));
    await Promise.all(walls.map((wall) => until(() => wall.snapshot)));
    const [stays, goes, elsewhere] = walls as [TestWall, TestWall, TestWall];
    const asked = machineTime();
    await api.own('DELETE', `/api/walls/${gone.id}`);
    await until(() => !goes.socket.connected, { what: 'the wall to be let go', deadline: 5000 });
    assert.ok(machineTime() - asked < 5000);
    assert.ok(stays.socket.connected && elsewhere.socket.connected);
    const back = openWall(server.url, gone.token);
    const refused = await new Promise<{ data?: { code: string } }>((resolve) =>
      back.socket.on('connect_error', resolve as (error: Error) => void),
    );
    assert.is(refused.data?.code, 'unauthorized');

    await api.own('DELETE', `/api/venues/${venue}`);
    await until(() => !stays.socket.connected, { deadline: 5000 });
    assert.ok(elsewhere.socket.connected);

    const key = await api.own<{ id: string; token: string }>('POST', '/api/organizers', {
      label: 'Odile',
    });
    const desk = io(`${server.url}/organizer`, {
      transports: ['websocket'],
      forceNew: true,
      reconnection: false,
      auth: { token: key.token },
    });
    await until(() => desk.connected);
    await api.own('DELETE', `/api/organizers/${key.id}`);
    await until(() => !desk.connected, { deadline: 5000 });
    for (const wall of walls) wall.close();
  }),
  { deadline: 30_000 },
);

test(
  'W8 A1 a wall’s token is kept as a hash, and a wall may only watch',
  served(async (server, api) => {
    const noso = await api.noso();
    const { token } = await api.wall(noso.venue.id);
    const wall = openWall(server.url, token);
    await until(() => wall.snapshot);
    wall.socket.emit('open', noso.id);
    await until(() => !wall.socket.connected, { what: 'a wall that speaks to be let go' });
    const secret = token.split('.')[2] as string;
    const files = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile())) {
      const bytes = await readFile(join(file.parentPath ?? file.path, file.name));
      assert.not.ok(bytes.includes(secret), `the token is in ${file.name}`);
    }
    assert.not.match(server.output(), secret);
  }),
);
