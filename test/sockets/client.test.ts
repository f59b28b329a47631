import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { Server } from 'socket.io';
import * as assert from 'uvu/assert';
import { WebSocket } from 'ws';
import { leadLean } from '../../src/sockets/client.js';
import { suite } from '../support/suite.js';

const test = suite('between a connection and its sockets');

/** After how long whoever enters nowhere is hung up on, ms: in no story, and soon. */
const [NEVER, SOON] = [600_000, 200];
/** Whatever follows from a frame is told within so many answered pings. */
const ROUNDS = 4;

/** A server of two namespaces that answer, with the library's own client or ours. */
async function serve(lean: boolean, connectTimeout: number) {
  const http = createServer();
  const io = new Server({ transports: ['websocket'], connectTimeout });
  const told: string[] = [];
  let entered = 0;
  if (lean) leadLean(io);
  io.attach(http);
  io.of('/shut').use((_socket, next) => next(new Error('not you')));
  for (const name of ['/a', '/b']) {
    io.of(name).on('connection', (socket) => {
      socket.emit('hello', name);
      entered += 1;
      const nth = entered;
      socket.on('say', (what, answer) => answer?.(name, what, nth));
      socket.on('out', () => socket.disconnect(false));
      socket.on('hang up', () => socket.disconnect(true));
      socket.on('error', (error) => told.push(`${name} error ${error.message}`));
      socket.on('disconnect', (reason) => told.push(`${name} ${reason}`));
    });
  }
  http.listen(0, '127.0.0.1');
  await once(http, 'listening');
  const { port } = http.address() as AddressInfo;
  return { port, told, stop: () => io.close() };
}

/** What is sent in one go, in one piece where it is more than one frame. */
type Said = string | Buffer | string[];

/** All that is heard where this is sent, one after the other; ids are left out. */
async function heardOf(lean: boolean, frames: Said[], connectTimeout = NEVER) {
  const { port, told, stop } = await serve(lean, connectTimeout);
  const heard: string[] = [];
  const ws = new WebSocket(`ws://127.0.0.1:${port}/socket.io/?EIO=4&transport=websocket`);
  const closed = once(ws, 'close').then(() => void heard.push('closed'));
  ws.on('message', (data) => heard.push(String(data).replace(/"sid":"[^"]+"/, '"sid":""')));
  try {
    await once(ws, 'open');
    for (const frame of frames) {
      if (Array.isArray(frame)) inOnePiece(ws, frame);
      else ws.send(frame);
      for (let k = 0; k < ROUNDS && ws.readyState === ws.OPEN; k += 1) {
        ws.ping();
        await Promise.race([once(ws, 'pong'), closed]);
      }
    }
    if (connectTimeout === SOON) await closed;
    return [...heard.slice(1), ...told];
  } finally {
    ws.terminate();
    await stop();
  }
}

function inOnePiece(ws: WebSocket, frames: string[]): void {
  const { _socket: tcp } = ws as unknown as { _socket: Socket };
  tcp.cork();
  for (const frame of frames) ws.send(frame);
  tcp.uncork();
}

const STORIES: Record<string, Said[]> = {
  'two that knock at once where one does': [['40/a,', '40/a,'], '42/a,1["say",1]'],
  'all at once': [
    ['40/a,', '40/b,{"who":1}'],
    ['42/a,1["say",1]', '42/b,2["say",2]', '41/a,'],
  ],
  'two namespaces on one connection, one of which is left': [
    '40/a,',
    '40/b,{"who":1}',
    '42/a,7["say","x"]',
    '42/b,8["say","y"]',
    '41/a,',
    '42/b,9["say","z"]',
  ],
  'a namespace is left, and entered again': ['40/a,', '41/a,', '40/a,', '42/a,1["say",1]'],
  'what is said in a namespace that was left': ['40/a,', '40/b,', '41/a,', '42/a,["say"]'],
  'nothing there is of that name, and then one that is': ['40/nowhere,', '40/a,'],
  'nobody is let in': ['40/shut,', '40/shut,'],
  'entered twice': ['40/a,', '40/a,'],
  'an error from who may not tell any': ['40/a,', '44/a,{"message":"x"}'],
  'said before it is in': ['42/a,["say"]'],
  'no packet': ['40/a,', '4?'],
  'no JSON': ['40/a,', '42/a,["say"'],
  'bytes that nobody announced': ['40/a,', Buffer.from('x')],
  'put out, and in again': ['40/a,', '42/a,["out"]', '40/a,'],
  'hung up on': ['40/a,', '40/b,', '42/a,["hang up"]'],
};

for (const [story, frames] of Object.entries(STORIES)) {
  test(`S1 the same is heard as of the library's own: ${story}`, async () => {
    const [theirs, ours] = [await heardOf(false, frames), await heardOf(true, frames)];
    assert.ok(theirs.length > 0);
    assert.equal(ours, theirs);
  });
}

test('F4 who enters nowhere is hung up on', async () => {
  for (const lean of [false, true]) assert.equal(await heardOf(lean, [], SOON), ['closed']);
});

test('S1 the parts of a packet are not waited for, as the library would: it is hung up on', async () => {
  const frames = ['40/a,', '451-/a,["say",{"_placeholder":true,"num":0}]', '42/a,3["say",1]'];
  const minds = (line: string) => line.endsWith('plaintext data when reconstructing a packet');
  assert.ok((await heardOf(false, frames)).some(minds), 'the library minds only what comes next');
  const ours = await heardOf(true, frames);
  assert.equal(ours.slice(0, 2), ['40/a,{"sid":""}', '42/a,["hello","/a"]']);
  assert.ok(ours.includes('/a error a packet with binary parts'));
  assert.not.ok(ours.some(minds));
});
