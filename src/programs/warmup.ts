import { mkdtemp, rm } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { realClock } from '../clock.js';
import type { Noso, Venue } from '../domain/noso.js';
import { openEmbedded } from '../engine/embedded/openEmbedded.js';
import type { Engine } from '../engine/engine.js';
import type { Running } from '../server.js';
import { newId, newKey } from '../service/identity.js';
import type { Passes } from '../service/passes.js';
import type { Tokens } from '../service/tokens.js';

/** Phones that are seated at once, and how many in all: after some thousands the code is compiled. */
const AT_ONCE = 64;
const PHONES = 6000;

/** Before anybody knocks at the real doors, there is nobody to keep waiting. */
export type Warmth = {
  /** Asked first: whether there is somebody to keep waiting after all. */
  needless: () => Promise<boolean>;
  /** At most this long, ms. */
  budget: number;
  /** Asked now and then: whether to stop, because the processor is needed. */
  enough: () => boolean;
  tokens: Tokens;
  passes: Passes;
  /** A whole server over the given engine, on a free port of the loopback. */
  serve: (engine: Engine) => Pick<Running, 'listen' | 'phones' | 'close'>;
};

/**
 * Seats phones that do not exist at a NoSo that does not, in front of a wall that nobody sees, in a
 * scratch server beside the real one: so the code on the path of a join has been compiled before
 * the doors open. A cold process spends half as much again on each join. Resolves with how many were
 * seated, or null where it is needless; nothing of it is left.
 */
export async function warmUp(deps: Warmth): Promise<number | null> {
  if (await deps.needless()) return null;
  const end = realClock.now() + deps.budget;
  const dataDir = await mkdtemp(join(tmpdir(), 'noso-warm-up-'));
  const engine = await openEmbedded({ dataDir, clock: realClock });
  const server = deps.serve(engine);
  try {
    const { noso, wall } = await openScratch(engine);
    const port = await server.listen();
    const hung = await knock(port, '/wall', { token: wall }, '"snapshot"');
    const numbers = await engine.draw(PHONES);
    let seated = 0;
    const lane = async () => {
      while (realClock.now() < end && !deps.enough()) {
        const number = numbers.pop();
        if (number === undefined) return;
        const pass = deps.passes.entry(noso.id, realClock.now(), noso.startsAt);
        const token = deps.tokens.number(number);
        const phone = await knock(port, '/phone', { token, pass }, '"seated"');
        phone.destroy();
        seated += 1;
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, lane));
    hung.destroy();
    // Who has gone already need not be moved elsewhere.
    while (server.phones() > 0) await new Promise(setImmediate);
    return seated;
  } finally {
    await server.close();
    await engine.close();
    await rm(dataDir, { recursive: true, force: true });
  }
}

/** Whether seats are taken already: whoever restarts amidst a NoSo has people at the door. */
export async function amidst(engine: Engine): Promise<boolean> {
  const { changes } = await engine.changesSince(0);
  for (const { kind, id, document } of changes) {
    if (kind !== 'noso' || document?.life.is !== 'open') continue;
    if ((await engine.tail(id, null)).count > 0) return true;
  }
  return false;
}

async function openScratch(engine: Engine): Promise<{ noso: Noso; wall: string }> {
  const now = engine.now();
  const venue: Venue = { id: newId(), name: '-', city: '-', timeZone: 'UTC', language: 'en' };
  const noso: Noso = {
    id: newId(),
    venue: venue.id,
    title: '-',
    startsAt: now,
    endsAt: now + 600_000,
    capacity: null,
    entry: 'code',
    show: 'numbers',
    pocket: null,
    veil: 1,
    opens: 'organizer',
    life: { is: 'scheduled' },
  };
  await engine.save('venue', venue.id, venue);
  const { id, token: wall, hash } = newKey('wall');
  await engine.save('wall', id, { id, venue: venue.id, name: '-', hash, createdAt: now });
  await engine.save('noso', noso.id, noso);
  return { noso: await engine.command(noso.id, { do: 'open', by: 'organizer' }), wall };
}

const UPGRADE = [
  'GET /socket.io/?EIO=4&transport=websocket HTTP/1.1',
  'Host: 127.0.0.1',
  'Connection: Upgrade',
  'Upgrade: websocket',
  'Sec-WebSocket-Version: 13',
  'Sec-WebSocket-Key: bm9ib2R5IGlzIHRoZXJlLg==',
  '\r\n',
].join('\r\n');

/**
 * Connects and enters a namespace; resolves once `answer` was heard, rejects if it never is. By hand
 * on a TCP socket: a client of a library would cost as much as the server that it is to warm.
 */
function knock(port: number, namespace: string, auth: object, answer: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: '127.0.0.1', port, noDelay: true });
    let heard = '';
    let asked = false;
    socket.write(UPGRADE);
    socket.on('data', (chunk) => {
      if (heard.length < 65_536) heard += chunk.toString('latin1');
      if (!asked && heard.includes('"pingTimeout"')) {
        asked = true;
        socket.write(textFrame(`40${namespace},${JSON.stringify(auth)}`));
      }
      if (heard.includes(answer)) resolve(socket);
    });
    socket.on('error', reject);
    socket.on('close', () => reject(new Error('warm-up: refused')));
  });
}

/** A masked text frame of a client (RFC 6455, 5.2), of at most 65,535 bytes. */
function textFrame(text: string): Buffer {
  const mask = [0x6e, 0x6f, 0x73, 0x6f];
  const body = Buffer.from(text);
  const { length } = body;
  for (let k = 0; k < length; k += 1) body[k] = (body[k] ?? 0) ^ (mask[k & 3] ?? 0);
  const size = length < 126 ? [0x80 | length] : [0x80 | 126, length >> 8, length & 255];
  return Buffer.concat([Buffer.from([0x81, ...size, ...mask]), body]);
}
