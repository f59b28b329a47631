import { readdir, readFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { Socket as Connection, Transport } from 'engine.io';
import { Namespace, Socket } from 'socket.io';
import { io as connectClient } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { WebSocket, WebSocketServer } from 'ws';
import type { Seat } from '../../src/protocol/wire.js';
import { namespaceOf, type SocketOf } from '../../src/sockets/io.js';
import { hearIn } from '../../src/sockets/lean.js';
import { inOneWrite, sayToAll, waiting } from '../../src/sockets/oneWrite.js';
import { isOurs } from '../../src/sockets/takingIn.js';
import { bareSockets } from '../support/bareDoors.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('what the library is kept from doing');

/** A bare server with our sockets, and nothing behind them. */
async function serve() {
  const { io, port } = await bareSockets();
  return { io, port, stop: () => io.close() };
}

const SEAT: Seat = {
  noso: 'n',
  number: '4711',
  pass: 'p',
  since: '2026-11-26T00:00:00.000Z',
  endsAt: '2026-11-26T01:00:00.000Z',
  serverTime: 0,
  returnCode: 'XXX-XXX',
};

/** A text frame from a client, masked with zeros. */
function frame(text: string): Buffer {
  const body = Buffer.from(text);
  return Buffer.concat([Buffer.from([0x81, 0x80 | body.length, 0, 0, 0, 0]), body]);
}

const HANDSHAKE =
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n';

test('the response and the first packet come in one piece, and so do the seat and its welcome', async () => {
  const { io, port, stop } = await serve();
  namespaceOf(io, '/phone').on('connection', (socket) => socket.emit('seated', SEAT));
  const pieces: string[] = [];
  const client = connect(port, '127.0.0.1');
  client.on('data', (data) => pieces.push(data.toString('latin1')));
  client.write(HANDSHAKE);
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

test('F4 the WebSocket server has the bounds that the library leaves no way to set', async () => {
  const { io, stop } = await serve();
  const { ws } = io.engine as unknown as { ws: { options: Record<string, unknown> } };
  const { maxPayload, maxBufferedChunks, maxFragments, closeTimeout } = ws.options;
  assert.equal(
    { maxPayload, maxBufferedChunks, maxFragments, closeTimeout },
    { maxPayload: 8192, maxBufferedChunks: 256, maxFragments: 16, closeTimeout: 1000 },
  );
  await stop();
});

test('the answer is the one of RFC 6455; of the subprotocols that are offered it is the first', async () => {
  const { port, stop } = await serve();
  const answerTo = async (more: string) => {
    const client = connect(port, '127.0.0.1');
    let said = '';
    client.on('data', (data) => (said += data.toString('latin1')));
    client.write(HANDSHAKE.replace('\r\n\r\n', `\r\n${more}\r\n`));
    try {
      await until(() => said.includes('"sid"'));
      return said.slice(0, said.indexOf('\r\n\r\n')).split('\r\n');
    } finally {
      client.destroy();
    }
  };
  const plain = [
    'HTTP/1.1 101 Switching Protocols',
    'Upgrade: websocket',
    'Connection: Upgrade',
    'Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=',
  ];
  const extension = 'Sec-WebSocket-Extensions: permessage-deflate\r\n';
  try {
    assert.equal(await answerTo(''), plain);
    assert.equal(await answerTo(extension), plain);
    const offered = await answerTo('Sec-WebSocket-Protocol: one, two\r\n');
    assert.equal(offered, [...plain, 'Sec-WebSocket-Protocol: one']);
  } finally {
    await stop();
  }
});

/** A close without a word. */
const CLOSE = '\x88\x00';

test('an answer, the farewell and the close come in one piece, in that order', async () => {
  const { io, port, stop } = await serve();
  namespaceOf(io, '/phone').on('connection', (socket) => {
    socket.on('leave', (ack) => {
      inOneWrite(socket, () => {
        ack?.({ ok: true });
        socket.emit('closed', { noso: 'n', reason: 'left' });
        socket.disconnect(true);
      });
    });
  });
  const pieces: string[] = [];
  let ended = false;
  const client = connect(port, '127.0.0.1');
  client.on('data', (data) => pieces.push(data.toString('latin1')));
  client.on('end', () => {
    ended = true;
  });
  client.write(HANDSHAKE);
  try {
    await until(() => pieces.join('').includes('"sid"'));
    client.write(frame('40/phone,{}'));
    await until(() => pieces.join('').includes('40/phone,{"sid"'));
    const before = pieces.length;
    client.write(frame('42/phone,7["leave"]'));
    await until(() => pieces.join('').endsWith(CLOSE), { what: 'the close' });
    assert.is(pieces.length, before + 1);
    const texts = ['43/phone,7[{"ok":true}]', '42/phone,["closed",{"noso":"n","reason":"left"}]'];
    const said = [...texts, '41/phone,'].map(
      (text) => `\x81${String.fromCharCode(text.length)}${text}`,
    );
    assert.is(pieces.at(-1), `${said.join('')}${CLOSE}`);
    client.write(Buffer.from([0x88, 0x80, 0, 0, 0, 0])); // it says so too, and is let go
    await until(() => ended, { what: 'the end' });
  } finally {
    client.destroy();
    await stop();
  }
});

test('W2 W5 what all are told comes to each as the library would tell it, in order, behind what waits', async () => {
  const { io, port, stop } = await serve();
  const namespace = namespaceOf<'/wall', object>(io, '/wall');
  const sockets: SocketOf<'/wall'>[] = [];
  namespace.on('connection', (socket) => void sockets.push(socket));
  const options = { transports: ['websocket'], forceNew: true };
  const clients = [1, 2].map(() => connectClient(`http://127.0.0.1:${port}/wall`, options));
  const told: unknown[][] = clients.map((client, k) => {
    client.on('count', (frame: { seq: number }) => told[k]?.push(frame.seq));
    return [];
  });
  const frame = (seq: number) => ({ epoch: 1, seq, count: seq, serverTime: 0 });
  const all = (seq: number) => {
    let behind = 0;
    sayToAll(sockets, '/wall', ['count', frame(seq)], (socket) => {
      behind += 1;
      socket.emit('count', frame(seq));
    });
    return behind;
  };
  try {
    await until(() => sockets.length === 2);
    await until(() => sockets.every((socket) => waiting(socket).frames === 0));
    const [, second] = sockets as [SocketOf<'/wall'>, SocketOf<'/wall'>];
    second.emit('count', frame(1)); // it is under way: what comes next waits behind it
    assert.is(all(2), 1, 'past the library to the one for whom nothing waits');
    all(3);
    await until(() => told.every((each) => each.includes(3)));
    const inTurn = told.sort((a, b) => a.length - b.length);
    assert.equal(inTurn, [
      [2, 3],
      [1, 2, 3],
    ]);
  } finally {
    for (const client of clients) client.disconnect();
    await stop();
  }
});

for (const length of [1, 90, 91, 92, 60_000, 65_500, 70_000]) {
  test(`texts of any length and alphabet arrive as they were, ${length}`, async () => {
    const { io, port, stop } = await serve();
    const seats = ['4711', 'é€😀'.repeat(length), '1'.repeat(length)].map((number) => ({
      ...SEAT,
      number,
    }));
    namespaceOf(io, '/phone').on('connection', (socket) => {
      inOneWrite(socket, () => {
        for (const seat of seats) socket.emit('seated', seat);
      });
    });
    const client = connectClient(`http://127.0.0.1:${port}/phone`, { transports: ['websocket'] });
    const told: Seat[] = [];
    client.on('seated', (seat: Seat) => told.push(seat));
    try {
      await until(() => told.length === seats.length);
      assert.equal(told, seats);
    } finally {
      client.disconnect();
      await stop();
    }
  });
}

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

test('what is replaced from outside is there, and is what the library goes by', async () => {
  const own = (of: object, name: string) => typeof Object.getOwnPropertyDescriptor(of, name)?.value;
  const names = {
    _createSocket: Namespace,
    _doConnect: Namespace,
    buildHandshake: Socket,
    _onconnect: Socket,
    packet: Socket,
    dispatch: Socket,
    _onclose: Socket,
    setTransport: Connection,
    onOpen: Connection,
    clearTransport: Connection,
    onDrain: Connection,
    flush: Connection,
    onPacket: Transport,
    onError: Transport,
    onClose: Transport,
    completeUpgrade: WebSocketServer,
    setSocket: WebSocket,
  };
  const all = `${Namespace}${Socket}${Connection}${Transport}${WebSocketServer}${WebSocket}`;
  for (const [name, of] of Object.entries(names)) {
    assert.is(own(of.prototype, name), 'function', name);
    assert.ok(all.includes(`.${name}(`) || all.includes(`.${name}.bind(`), `${name} is called`);
  }
  const { io, port, stop } = await serve();
  const seen: SocketOf<'/phone'>[] = [];
  namespaceOf<'/phone', object>(io, '/phone').on('connection', (socket) => void seen.push(socket));
  const options = { transports: ['websocket'], forceNew: true };
  const client = connectClient(`http://127.0.0.1:${port}/phone`, options);
  try {
    const engine = io.engine as unknown as {
      ws: { handleUpgrade: unknown };
      clients: { [id: string]: object };
      clientsCount: number;
    };
    assert.type(engine.ws.handleUpgrade, 'function');
    const socket = await until(() => seen[0], { what: 'a socket' });
    assert.equal(Object.values(engine.clients), [socket.conn]);
    assert.is(engine.clientsCount, 1);
    await until(() => waiting(socket).frames === 0);
    assert.equal(waiting(socket), { frames: 0, bytes: 0 });
    for (let k = 0; k < 3; k += 1) socket.emit('seated', SEAT);
    const { frames, bytes } = waiting(socket);
    assert.is(frames, 3, 'one under way, and two behind it');
    assert.ok(bytes >= 2 * JSON.stringify(SEAT).length, `${bytes} bytes`);
    await until(() => waiting(socket).frames === 0, { what: 'them to be sent' });
    const { transport } = socket.conn as unknown as { transport: { socket: { _socket: object } } };
    assert.type(transport.socket._socket, 'object', 'the connection that is corked');
    client.disconnect();
    await until(() => engine.clientsCount === 0, { what: 'nobody to be left' });
    assert.equal(engine.clients, {});
  } finally {
    client.disconnect();
    await stop();
  }
});

test('A1 what is the same for every socket is there once, and what is said is heard by the namespace', async () => {
  const { io, port, stop } = await serve();
  const seen: object[] = [];
  const heard: [object, unknown][] = [];
  const phones = namespaceOf<'/phone', object>(io, '/phone');
  hearIn<object>(phones, (socket, [event]) => void heard.push([socket, event]));
  phones.on('connection', (socket) => void seen.push(socket));
  const clients = [1, 2].map(() =>
    connectClient(`http://127.0.0.1:${port}/phone`, { transports: ['websocket'], forceNew: true }),
  );
  try {
    await until(() => seen.length === 2, { what: 'both to be in' });
    type Kept = Record<'handshake' | 'acks' | 'fns', object> & { conn: NodeJS.EventEmitter };
    const [one, two] = seen as [Kept, Kept];
    // A function of each connection's own would hold its request, an address and an agent in it (A1).
    for (const event of ['data', 'error', 'close']) {
      const listeners = one.conn.rawListeners(event);
      const others = two.conn.rawListeners(event);
      assert.ok(others.every((each, k) => each === listeners[k]) && others.length > 0, event);
    }
    assert.is(one.handshake, two.handshake);
    assert.is(one.acks, two.acks);
    assert.equal(one.fns, []);
    for (const client of clients) client.emit('leave');
    await until(() => heard.length === 2, { what: 'both to be heard' });
    assert.ok(seen.every((each) => heard.some(([socket]) => socket === each)));
    assert.equal(
      heard.map(([, event]) => event),
      ['leave', 'leave'],
    );
  } finally {
    for (const client of clients) client.disconnect();
    await stop();
  }
});

test('nobody else reaches into the library', async () => {
  const inside =
    /writeBuffer|bufferedAmount|_createSocket|_doConnect|_onconnect|buildHandshake|_onclose|onWebSocket|handleUpgrade|completeUpgrade|setTransport|clientsCount|generateId|\.transport\b|\b_socket\b/;
  const fence = ['client', 'lean', 'oneWrite', 'takingIn', 'webSockets'].map(
    (name) => `sockets/${name}.ts`,
  );
  const names = await readdir('src', { recursive: true });
  const files = names.filter((name) => name.endsWith('.ts') && !fence.includes(name));
  const timers = /pingIntervalTimer|pingTimeoutTimer|hasRefreshedPingTimeout|sendPacket/;
  for (const file of files) {
    const text = await readFile(`src/${file}`, 'utf8');
    assert.not.match(text, inside, file);
    if (file !== 'sockets/heartbeat.ts') assert.not.match(text, timers, file);
    assert.not.match(text, /_connectTimeout|_nsps|_parser|onconnection|\.nsps\b/, file);
  }
});
