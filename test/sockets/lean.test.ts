import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { io as connectClient } from 'socket.io-client';
import * as assert from 'uvu/assert';
import type { Seat } from '../../src/protocol/wire.js';
import { namespaceOf } from '../../src/sockets/io.js';
import { isOurs } from '../../src/sockets/lean.js';
import { createSockets, serveSockets } from '../../src/sockets/sockets.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('what the library is kept from doing');

/** A bare server with our sockets, and nothing behind them. */
async function serve() {
  const http = createServer();
  const io = createSockets();
  serveSockets(io, http, { publicUrl: () => 'http://noso.example', draining: () => false });
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
  const { port } = http.address() as AddressInfo;
  return { io, port, stop: () => io.close() };
}

const SEAT: Seat = {
  noso: 'n',
  number: '4711',
  pass: 'p',
  since: '2026-11-26T00:00:00.000Z',
  endsAt: '2026-11-26T01:00:00.000Z',
  serverTime: 0,
};

/** A text frame from a client, masked with zeros. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

test('the response and the first packet come in one piece, and so do the seat and its welcome', async () => {
  const { io, port, stop } = await serve();
  namespaceOf(io, '/phone').on('connection', (socket) => socket.emit('seated', SEAT));
  const pieces: string[] = [];
  const client = connect(port, '127.0.0.1');
  client.on('data', (data) => pieces.push(data.toString('latin1')));
  client.write(
    'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  );
  try {
    await until(() => pieces.join('').includes('"sid"'));
    assert.is(pieces.length, 1);
    assert.match(pieces[0] ?? '', '101 Switching');
    client.write(frame('40/phone,{}'));
    await until(() => pieces.join('').includes('4711'));
    assert.is(pieces.length, 2);
    assert.match(pieces[1] ?? '', '40/phone,{"sid"');
  } finally {
    client.destroy();
    await stop();
  }
});

test('A1 S3 a connection keeps no request, no token and no room; its id is random', async () => {
  const { io, port, stop } = await serve();
  const seen: { headers: object; auth: object; rooms: number; id: string }[] = [];
  io.of('/phone').on('connection', (socket) => {
    seen.push({
      headers: socket.request.headers,
      auth: socket.handshake.auth,
      rooms: socket.rooms.size,
      id: socket.id,
    });
  });
  const clients = [1, 2, 3].map(() =>
    connectClient(`http://127.0.0.1:${port}/phone`, {
      transports: ['websocket'],
      forceNew: true,
      auth: { token: 'secret' },
      extraHeaders: { 'user-agent': 'canary' },
    }),
  );
  try {
    await until(() => seen.length === 3);
    for (const { headers, auth, rooms, id } of seen) {
      assert.equal(headers, {});
      assert.equal(auth, {});
      assert.is(rooms, 0);
      assert.match(id, /^[\w-]{24}$/);
    }
    assert.is(new Set(seen.map(({ id }) => id.slice(-8))).size, 3);
    const ends = seen.map(({ id }) => Buffer.from(id, 'base64url').readUInt32BE(14));
    assert.not.ok(
      ends.some((end, k) => k > 0 && end === (ends[k - 1] ?? 0) + 1),
      'a counter',
    );
  } finally {
    for (const client of clients) client.disconnect();
    await stop();
  }
});

test('F4 only a fresh Engine.IO 4 connection over WebSocket is ours', () => {
  assert.ok(isOurs('/socket.io/?EIO=4&transport=websocket'));
  assert.ok(isOurs('/socket.io/?transport=websocket&t=x&EIO=4'));
  for (const query of [
    'EIO=3&transport=websocket',
    'EIO=4',
    'EIO=4&transport=websocket&sid=x',
    '',
  ]) {
    assert.not.ok(isOurs(`/socket.io/?${query}`), query);
  }
  assert.not.ok(isOurs('/socket.io'));
  assert.not.ok(isOurs(undefined));
});

test('what is replaced from outside is pinned: these versions, on every machine', async () => {
  const json = async (path: string) => JSON.parse(await readFile(path, 'utf8'));
  const ours = await json('package.json');
  for (const name of ['socket.io', 'engine.io', 'ws']) {
    const pinned: string = ours.dependencies[name];
    assert.match(pinned, /^\d+\.\d+\.\d+$/, name);
    assert.is((await json(`node_modules/${name}/package.json`)).version, pinned, name);
  }
  const lock = await json('package-lock.json');
  const found = Object.keys(lock.packages).filter((path) =>
    /node_modules\/((socket|engine)\.io|ws)$/.test(path),
  );
  assert.equal(found.sort(), [
    'node_modules/engine.io',
    'node_modules/socket.io',
    'node_modules/ws',
  ]);
});
