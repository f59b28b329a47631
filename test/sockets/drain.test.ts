import { once } from 'node:events';
import { connect } from 'node:net';
import type { Socket } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { machineTime } from '../support/machineTime.js';
import { served } from '../support/served.js';
import { openPhone, openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('SIGTERM');

const PHONES = 300;
/** What a page of ours does as well: it comes back by itself. */
const COMES_BACK = {
  reconnection: true,
  reconnectionDelay: 100,
  reconnectionDelayMax: 500,
  randomizationFactor: 1,
};

test(
  'F2 300 phones and 3 walls are moved in batches, come back, and no wall sees a dip',
  served(async (server, api) => {
    const noso = await api.noso({ veil: 0 });
    const { token } = await api.wall(noso.venue.id);
    const walls = [0, 1, 2].map(() => openWall(server.url, token, COMES_BACK));
    const people = await api.people(noso.id, PHONES);
    const phones = await Promise.all(
      people.map(async ({ number, token, pass }) => {
        const phone = await openPhone(server.url, { token, pass }, COMES_BACK);
        // After `seated`, clients come back with the pass of their seat.
        phone.socket.auth = { token, pass: phone.seat?.pass };
        return { number, phone };
      }),
    );
    for (const wall of walls) await wall.shows(PHONES);
    const numbers = new Set(phones.map(({ number }) => number));

    const reasons: Socket.DisconnectReason[] = [];
    const sockets = [...walls, ...phones.map(({ phone }) => phone)].map(({ socket }) => socket);
    for (const socket of sockets) {
      socket.on('disconnect', (reason: Socket.DisconnectReason) => reasons.push(reason));
    }
    const told = machineTime();
    assert.is(await server.terminate(), 0);
    const took = machineTime() - told;
    assert.ok(took < 10_000, `gone after ${took} ms`);
    await until(() => reasons.length === sockets.length, { what: 'all to notice' });
    assert.equal([...new Set(reasons)], ['transport close']);
    assert.ok(
      phones.every(({ phone }) => phone.closed === null),
      'nobody is told that a seat came free',
    );

    const seenBefore = walls.map((wall) => wall.frames.length);
    await server.restart();
    await until(() => sockets.every((socket) => socket.connected), { what: 'all to be back' });
    for (const [k, wall] of walls.entries()) {
      const seen = () => wall.frames.slice(seenBefore[k]);
      await until(() => seen().filter(({ event }) => event === 'count').length >= 2, {
        what: 'two beats after the restart',
      });
      for (const { event, frame } of seen()) {
        if (event !== 'count' && event !== 'snapshot') continue;
        assert.is((frame as { count: number }).count, PHONES);
      }
      assert.equal(wall.numbers, numbers);
      assert.is(wall.gaps, 0);
    }
    for (const socket of sockets) socket.disconnect();
  }),
  { deadline: 90_000 },
);

test(
  'F2 a request under way is answered, nobody is taken in any more, and told twice is told once',
  served(async (server, api) => {
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    const body = JSON.stringify({ pass });
    /** Sends a beginning; what is answered once the rest is sent. */
    const begin = async (half: string) => {
      const socket = connect(server.port, '127.0.0.1');
      const asked = { answer: '', finish: (rest: string) => void socket.write(rest) };
      socket.on('data', (data) => (asked.answer += data));
      await once(socket, 'connect');
      socket.on('error', (error) => (asked.answer += error.message));
      socket.write(half);
      return asked;
    };
    const take = await begin(
      `PUT /api/presence HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`,
    );
    const host = `Host: 127.0.0.1:${server.port}\r\n`;
    const probe = await begin(`GET /readyz HTTP/1.1\r\n${host}`);
    const phone = await begin(
      `GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n${host}Connection: Upgrade\r\n` +
        'Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n',
    );
    // By now the server has read the first halves.
    for (let k = 0; k < 3; k += 1) await fetch(`${server.url}/healthz`);
    const ended = server.terminate();
    server.child().kill('SIGTERM');
    server.child().kill('SIGINT');
    await until(() => server.output().includes('"stopping"'), { what: 'the signal to arrive' });
    take.finish(body.slice(10));
    probe.finish('\r\n');
    phone.finish('Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n');
    const all = [take, probe, phone];
    await until(() => all.every(({ answer }) => answer !== ''), { what: 'an answer' });
    assert.equal(
      all.map(({ answer }) => answer.split(' ', 2)[1]),
      ['200', '503', '503'],
    );
    assert.is(await ended, 0);
    assert.is(server.output().split('"stopping"').length, 2);
    await server.restart();
    const seat = await api.call('GET', `/api/presence/${noso.id}`, undefined, token);
    assert.is(seat.status, 200, 'and what was answered is kept');
  }),
);
