import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { served } from '../support/served.js';
import type { TestServer } from '../support/server.js';
import { openPhone, openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { LONG, until } from '../support/wait.js';

const test = suite('presence over HTTP and sockets');

/** `count` seated phones over sockets. */
async function seatPhones(server: TestServer, noso: string, count: number) {
  const api = apiOf(server.url, server.owner);
  const people = await api.people(noso, count);
  return Promise.all(
    people.map(async ({ number, token, pass }) => {
      const phone = await openPhone(server.url, { token, pass });
      return { number, token, phone, pass };
    }),
  );
}

test(
  'P1 W1 W3 500 phones sit; half close, half are reset, the server is killed: the count stays',
  served(async (server, api) => {
    const noso = await api.noso({ veil: 0 });
    const { token } = await api.wall(noso.venue.id);
    const wall = openWall(server.url, token);
    await wall.shows(0);
    const phones = await seatPhones(server, noso.id, 500);
    const acknowledged = machineTime();
    await wall.shows(500);
    assert.ok(machineTime() - acknowledged < 1000, 'the wall follows at once');
    const numbers = new Set(phones.map((p) => p.phone.seat?.number));
    assert.is(numbers.size, 500);
    await until(() => wall.numbers?.size === 500, { what: 'all numbers on the wall' });
    assert.equal(wall.numbers, numbers);

    phones.forEach(({ phone }, k) => {
      if (k % 2) phone.socket.disconnect();
      else phone.socket.io.engine.close();
    });
    const late = openWall(server.url, token);
    await until(() => late.snapshot, { what: 'a late wall' });
    assert.is(late.snapshot?.count, 500);
    const seenBefore = wall.frames.length;
    await until(() => wall.frames.length > seenBefore + 2, { what: 'two more beats' });
    assert.is(wall.count, 500);

    await server.kill();
    await server.restart();
    const after = openWall(server.url, token);
    await until(() => after.snapshot, { what: 'a wall after the restart' });
    assert.is(after.snapshot?.count, 500);
    assert.equal(new Set(after.snapshot?.numbers), numbers);
    for (const each of [wall, late, after]) each.close();
  }),
  { deadline: 60_000 },
);

test(
  'P2 P3 one number on three sockets and HTTP at once counts once, with one answer',
  served(async (server, api) => {
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { number, token } = await api.number(pass);
    const [a, b, c] = await Promise.all([
      openPhone(server.url, { token, pass }),
      openPhone(server.url, { token, pass }),
      openPhone(server.url, { token, code: (await api.code(noso.id)).code }),
    ]);
    const over = await api.sit(token, pass);
    for (const seat of [a.seat, b.seat, c.seat, over.body]) {
      assert.is(seat?.number, number);
      assert.is(seat?.since, a.seat?.since);
    }
    const { count } = await api.own<{ count: number }>('GET', `/api/nosos/${noso.id}`);
    assert.is(count, 1);
    // One tab closed removes nobody.
    a.socket.disconnect();
    const seat = await api.call('GET', `/api/presence/${noso.id}`, undefined, token);
    assert.is(seat.status, 200);
    b.socket.disconnect();
    c.socket.disconnect();
  }),
);

test(
  'P5 of 120 at once for 10 seats exactly 10 are seated and 110 are told full',
  served(async (server, api) => {
    const noso = await api.noso({ capacity: 10 });
    const people = await api.people(noso.id, 120);
    const phones = await Promise.all(
      people.map(({ token, pass }) => openPhone(server.url, { token, pass })),
    );
    assert.is(phones.filter((p) => p.seat).length, 10);
    const full = phones.filter((p) => p.error?.code === 'full');
    assert.is(full.length, 110);
    assert.ok(full.every((p) => (p.error?.retryAfter ?? 0) >= 1));
    for (const { socket } of phones) socket.disconnect();
  }),
);

test(
  'P4 S4 a forgotten tab does not revive a seat that was left; only an explicit back may',
  served(async (server, api) => {
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    const tab = await openPhone(server.url, { token, pass });
    const seatPass = tab.seat?.pass as string;
    tab.socket.disconnect();
    assert.is((await api.leave(token, noso.id)).status, 204);
    assert.is((await api.leave(token, noso.id)).status, 204, 'leaving twice is no error');

    const forgotten = await openPhone(server.url, { token, pass: seatPass });
    assert.is(forgotten.error?.code, 'conflict');
    assert.is((await api.sit(token, seatPass)).body.code, 'conflict');
    assert.is((await api.sit(token, pass)).body.code, 'conflict', 'nor does the entry pass');
    const soon = await api.sit(token, seatPass, true);
    assert.is(soon.status, 429);
    assert.is(soon.body.code, 'too_soon');
    assert.ok((soon.body.retryAfter ?? 0) > 50);
    const { count } = await api.own<{ count: number }>('GET', `/api/nosos/${noso.id}`);
    assert.is(count, 0);
  }),
);

test(
  'P4 leaving over one tab tells the other, and both are let go',
  served(async (server, api) => {
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    const [one, two] = [
      await openPhone(server.url, { token, pass }),
      await openPhone(server.url, { token, pass }),
    ];
    const answer = await one.socket.timeout(LONG).emitWithAck('leave');
    assert.equal(answer, { ok: true });
    await until(() => one.disconnected && two.disconnected, { what: 'both to be let go' });
    assert.equal(two.closed, { noso: noso.id, reason: 'left' });
  }),
);
