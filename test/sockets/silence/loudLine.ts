// A WebSocket of the loud one: what its upgrade says, how its bytes are cut and how long it takes over
// them is drawn by chance, within what a server must understand.
import { connect } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { frameReader, OPCODE } from '../../bench/load/frames.js';
import { FIRST, wsFrame } from '../../support/wsFrame.js';
import type { Line } from './house.js';
import { type Random, seeded } from './random.js';

const HEADERS = ['User-Agent', 'Accept-Language', 'Referer', 'Cookie', 'X-Forwarded-For', 'X-Loud'];
export const word = (random: Random) => random.bytes(24).toString('hex') || 'x';

/** Header lines that say anything, in any order and case. */
export function headers(random: Random, also: Record<string, string> = {}): string {
  const own = HEADERS.filter(() => random.chance(0.5)).map((name) => [name, word(random)]);
  return random
    .shuffled([...own, ...Object.entries(also)])
    .map(([name = '', value]) => `${random.chance(0.2) ? name.toLowerCase() : name}: ${value}\r\n`)
    .join('');
}

/** Chance of its own for what takes a while: so that what happens meanwhile takes nothing from it. */
export const apart = (random: Random): Random => seeded(random.below(2 ** 31));

/** The same bytes in some pieces. */
export function cut(random: Random, bytes: Buffer): Buffer[] {
  const at = [...Array.from({ length: random.below(3) }, () => random.below(bytes.length)), 0];
  const from = [...new Set(at)].sort((one, other) => one - other);
  return from.map((start, k) => bytes.subarray(start, from[k + 1]));
}

/** Writes them one after the other, with nothing or some turns of the loop between. */
export async function dribble(
  random: Random,
  pieces: readonly (string | Buffer)[],
  write: (piece: string | Buffer) => void,
): Promise<void> {
  for (const [k, piece] of pieces.entries()) {
    for (let left = k === 0 ? 0 : random.below(3); left > 0; left -= 1) await turn();
    write(piece);
  }
}

function upgrade(random: Random, port: number): Buffer {
  const offers = ['permessage-deflate', 'permessage-deflate; client_max_window_bits', word(random)];
  const more = {
    Host: `127.0.0.1:${port}`,
    Upgrade: random.of(['websocket', 'WebSocket']),
    Connection: random.of(['Upgrade', 'keep-alive, Upgrade']),
    'Sec-WebSocket-Key': Buffer.from(word(random).padEnd(16).slice(0, 16)).toString('base64'),
    'Sec-WebSocket-Version': '13',
    ...(random.chance(0.3) ? { 'Sec-WebSocket-Extensions': random.of(offers) } : {}),
    ...(random.chance(0.3) ? { Origin: `http://127.0.0.1:${port}` } : {}),
  };
  const query = random.shuffled(['EIO=4', 'transport=websocket', `t=${word(random)}`]).join('&');
  const asked = random.chance(0.5) ? query : 'EIO=4&transport=websocket';
  return Buffer.from(`GET /socket.io/?${asked} HTTP/1.1\r\n${headers(random, more)}\r\n`);
}

/** A text as one frame, or as a few. */
function framed(random: Random, text: string): Buffer {
  const parts = cut(random, Buffer.from(text));
  const last = parts.length - 1;
  return Buffer.concat(
    parts.map((part, k) => wsFrame((k === last ? 0x80 : 0) | (k === 0 ? 1 : 0), part)),
  );
}

export type LoudLine = Line & {
  /** Bytes as they are, past every frame. */
  raw: (bytes: Buffer) => void;
};

/** Connects, says `hello` in its own way, and tells what comes, and ` ended`. */
export function dialLoudly(
  port: number,
  chance: Random,
  hello: string,
  told: (frame: string) => void,
): LoudLine {
  const random = apart(chance);
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const write = (bytes: string | Buffer) => {
    if (!socket.destroyed) socket.write(bytes);
  };
  const say = (text: string) => void dribble(random, cut(random, framed(random, text)), write);
  const read = frameReader({
    open: () => {},
    frame(opcode, text) {
      if (opcode === OPCODE.close) socket.destroy();
      if (opcode !== OPCODE.text) return;
      if (text === '2') write(wsFrame(FIRST.text, '3'));
      else if (text[0] === '0') say(hello);
      else told(` ${text}`);
    },
    broken: () => socket.destroy(),
  });
  socket.on('data', read);
  socket.on('error', () => {});
  socket.on('close', () => told(' ended'));
  void dribble(random, cut(random, upgrade(random, port)), write);
  return { send: say, raw: write, drop: () => void socket.destroy() };
}
