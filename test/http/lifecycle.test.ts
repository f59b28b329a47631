import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Noso, NosoState, Snapshot } from '../../src/protocol/wire.js';
import { machineTime } from '../support/machineTime.js';
import { served } from '../support/served.js';
import { openPhone, openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('a NoSo’s life over HTTP');
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();

test(
  'L1 L2 opens once, closes once, and everything else is a conflict that says how things stand',
  served(async (_, api) => {
    const venue = (await api.venue()).id;
    const noso = await api.noso({ venue }, false);
    const other = await api.noso({ venue }, false);
    const act = (id: string, what: string) =>
      api.call<{ noso: Noso }>('POST', `/api/nosos/${id}/${what}`, undefined, api.token);
    assert.is((await act(noso.id, 'close')).status, 409);
    assert.is((await act(noso.id, 'open')).status, 200);
    const twice = await act(noso.id, 'open');
    assert.is(twice.status, 409);
    assert.is(twice.body.code, 'conflict');
    assert.is(twice.body.noso.state, 'open');
    assert.is((await act(other.id, 'open')).body.code, 'conflict');
    assert.is((await act(noso.id, 'cancel')).body.code, 'conflict');
    assert.is((await act(noso.id, 'close')).status, 200);
    const again = await act(noso.id, 'close');
    assert.is(again.body.code, 'conflict');
    assert.is(again.body.noso.state, 'closed');
    assert.is((await act(other.id, 'open')).status, 200, 'the venue is free again');
    assert.is((await act(noso.id, 'open')).body.code, 'conflict');
    assert.is(
      (await api.call('DELETE', `/api/nosos/${other.id}`, undefined, api.token)).status,
      409,
    );
    assert.is((await api.call('DELETE', `/api/venues/${venue}`, undefined, api.token)).status, 409);
  }),
);

test(
  'L3 W7 opens and closes by the schedule within a second, and tells phones and walls',
  served(async (server, api) => {
    const startsAt = inMs(2500);
    const endsAt = inMs(6000);
    const plan = { startsAt, endsAt, opens: 'schedule', gather: 0, veil: 0 };
    const noso = await api.noso(plan, false);
    const wall = openWall(server.url, (await api.wall(noso.venue.id)).token);
    const state = () => wall.snapshot?.noso?.state;
    /** By the server's clock, when a wall was first told of a state. */
    const toldOf = (state: NosoState) => {
      const frames = wall.frames.map(({ frame }) => frame as Snapshot);
      return frames.find((frame) => frame.noso?.state === state)?.serverTime ?? 0;
    };
    /** How long after its hour a wall shows a state, in the machine's time. */
    const lateness = async (hour: string, is: NosoState) => {
      await until(() => Date.now() >= Date.parse(hour), { what: hour });
      const began = machineTime();
      await until(() => state() === is, { what: is });
      return machineTime() - began;
    };
    await until(() => state() === 'scheduled');
    assert.ok((await lateness(startsAt, 'open')) < 1000);
    const late = (wall.snapshot?.effectiveAt ?? 0) - Date.parse(startsAt);
    const told = toldOf('open') - Date.parse(startsAt);
    assert.ok(late >= 0 && late <= told, 'it opens when it is opened');
    const pass = await api.pass(noso.id);
    const phone = await openPhone(server.url, { token: (await api.number(pass)).token, pass });
    assert.ok(phone.seat);
    assert.ok((await lateness(endsAt, 'closed')) < 1000);
    assert.ok(toldOf('closed') >= Date.parse(endsAt));
    await until(() => phone.closed);
    assert.equal(phone.closed, { noso: noso.id, reason: 'closed' });
    assert.is(wall.snapshot?.effectiveAt, Date.parse(endsAt));
    const record = await api.record(noso.id);
    assert.is(record.closedAt, endsAt);
    wall.close();
  }),
);

test(
  'L3 a NoSo whose end passed while nothing ran is closed at the next start, dated its end',
  served(async (server, api) => {
    const [noso, never] = [await api.noso(), await api.noso({}, false)];
    const endsAt = inMs(1500);
    for (const { id } of [noso, never]) await api.own('PATCH', `/api/nosos/${id}`, { endsAt });
    await server.kill();
    await until(() => Date.now() > Date.parse(endsAt) + 500);
    await server.restart();
    const state = async (id: string) => (await api.own<Noso>('GET', `/api/nosos/${id}`)).state;
    await until(async () => (await state(noso.id)) === 'closed', { deadline: 2000 });
    assert.is((await api.record(noso.id)).closedAt, endsAt);
    await until(async () => (await state(never.id)) === 'cancelled', { deadline: 2000 });
  }),
);

test(
  'L5 the record is right to the unit',
  served(async (_, api) => {
    const noso = await api.noso();
    const people = await api.people(noso.id, 7);
    const seats = await Promise.all(people.map(({ token, pass }) => api.sit(token, pass)));
    for (const { token } of people.slice(0, 2)) await api.leave(token, noso.id);
    const eighth = await api.person(noso.id);
    await api.sit(eighth.token, eighth.pass);
    const soFar = await api.record(noso.id);
    assert.equal([soFar.closedAt, soFar.total, soFar.peak], [null, 8, 7]);
    assert.is(soFar.series.at(-1)?.count, 6);
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    const record = await api.record(noso.id);
    assert.equal([record.openedAt, record.total], [soFar.openedAt, soFar.total]);
    assert.is(record.total, 8);
    assert.is(record.peak, 7);
    const closedAt = Date.parse(record.closedAt as string);
    const stayed = seats
      .slice(2)
      .map(({ body }) => closedAt - Date.parse(body.since))
      .reduce((a, b) => a + b, 0);
    assert.ok(record.personMinutes <= Math.round((stayed + 3 * 20_000) / 60_000));
    assert.is(record.series.at(-1)?.count, 6);
    assert.is(record.series.at(-1)?.at, record.closedAt);
    assert.is(record.series[0]?.at, record.openedAt);
  }),
);

test(
  'L4 once closed no seat can be taken, and no number is left in the files',
  served(async (server, api) => {
    const noso = await api.noso();
    const people = await api.people(noso.id, 50);
    await Promise.all(people.map(({ token, pass }) => api.sit(token, pass)));
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    const late = await api.sit(people[0]?.token as string, people[0]?.pass as string);
    assert.is(late.status, 409);
    assert.is(late.body.code, 'not_open');
    assert.is(late.body.retryAfter, undefined);
    const files = await readdir(server.dataDir, { recursive: true, withFileTypes: true });
    for (const file of files.filter((each) => each.isFile())) {
      const path = join(file.parentPath ?? file.path, file.name);
      assert.not.match(path, noso.id, 'its file is gone');
      const text = (await readFile(path)).toString('latin1');
      for (const { number } of people) {
        assert.not.ok(text.includes(`"${number}"`), `${number} in ${file.name}`);
      }
    }
  }),
);
