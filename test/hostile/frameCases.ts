// What a connection says that means ill, or does not know better: WebSocket's frames, Engine.IO's
// packets, Socket.IO's, at each of which something may be wrong.
import type { Random } from '../sockets/silence/random.js';
import { FIRST, wsFrame } from '../support/wsFrame.js';
import { object, oddJson, spoilt, value, word } from './garbage.js';

/** As whom a connection has been let in before it misbehaves. */
export const VOICES = ['stranger', 'phone', 'wall', 'door', 'organizer'] as const;
export type Voice = (typeof VOICES)[number];

export type FrameCase = {
  voice: Voice;
  /** Whether it waits to be let in, or sends everything with its first word. */
  patient: boolean;
  frames: Buffer[];
  /** Whether bytes come one frame at a time, or cut anywhere. */
  cut: boolean;
  end: 'close' | 'half' | 'reset';
};

const NAMESPACES = ['/phone', '/wall', '/door', '/organizer', '/', '/nowhere', '/__proto__', ''];
const TOKENS = ['x', '', 'wall.__proto__.x', 'a.b.c', 'eyJhbGciOiJub25lIn0.e30.'];

/** A packet of Socket.IO that could be one, in a text of Engine.IO. */
function packet(random: Random): string {
  const namespace = random.of(NAMESPACES);
  const comma = random.chance(0.9) && namespace !== '' ? ',' : '';
  const id = random.of(['', '', '1', '0', '-1', '1e9', '9'.repeat(20), 'x']);
  const event = [
    random.of(['leave', 'sync', 'count', word(random)]),
    ...(value(random) ? [1] : []),
  ];
  const json = random.chance(0.2) ? oddJson(random) : JSON.stringify(event);
  return random.of([
    () =>
      `40${namespace}${comma}${JSON.stringify({ token: random.of(TOKENS), ...object(random) })}`,
    () => `40${namespace}${comma}${oddJson(random)}`,
    () => `41${namespace}${comma}`,
    () => `42${namespace}${comma}${id}${json}`,
    () => `43${namespace}${comma}${id}${JSON.stringify([value(random)])}`,
    () => `44${namespace}${comma}${JSON.stringify(object(random))}`,
    () =>
      `4${random.of(['5', '6'])}${random.below(4)}-${namespace}${comma}${id}${placeholders(random)}`,
    () => `4${random.of(['7', '8', '9', '', 'x', '51-'])}${word(random)}`,
    () => `${random.of(['0', '1', '2', '3', '5', '6', '7', 'b', '2probe', '3probe', '5'])}`,
    () => word(random),
  ])();
}

const placeholders = (random: Random): string =>
  JSON.stringify([
    random.of(['leave', 'sync']),
    ...Array.from({ length: random.below(3) }, () => ({
      _placeholder: random.of<unknown>([true, 'true', 1]),
      num: random.of<unknown>([0, 1, -1, 99, '0', '__proto__', null]),
    })),
  ]);

/** Frames of WebSocket that its own rules forbid, or just bear. */
function oddFrame(random: Random): Buffer {
  const some = random.bytes(60);
  const text = packet(random);
  return random.of([
    () => wsFrame(0x80 | random.below(16), some),
    () => wsFrame(random.below(256), some),
    () => wsFrame(FIRST.text, text, { masked: false }),
    () => wsFrame(FIRST.text, text, { declares: BigInt(random.below(100_000)) }),
    () => wsFrame(FIRST.text, text, { declares: 1n << BigInt(random.below(64)) }),
    () => wsFrame(FIRST.text, Buffer.concat([Buffer.from('42'), some])),
    () => wsFrame(FIRST.ping, random.bytes(130)),
    () => wsFrame(FIRST.pong, random.bytes(130)),
    () => wsFrame(FIRST.close, random.bytes(4)),
    () => wsFrame(FIRST.text, `40/phone,${'x'.repeat(random.below(20_000))}`),
    () => some,
  ])();
}

/** A text in pieces, which some connections never finish. */
function inPieces(random: Random): Buffer[] {
  const text = Buffer.from(packet(random));
  const pieces = 1 + random.below(20);
  const size = Math.ceil(text.length / pieces);
  return Array.from({ length: pieces }, (_, k) => {
    const last = k === pieces - 1 && random.chance(0.7);
    return wsFrame((last ? 0x80 : 0) | (k === 0 ? 1 : 0), text.subarray(k * size, (k + 1) * size));
  });
}

const frames = (random: Random): Buffer[] =>
  random.of<() => Buffer[]>([
    () => [wsFrame(FIRST.text, packet(random))],
    () => [wsFrame(FIRST.text, packet(random))],
    () => [wsFrame(FIRST.text, spoilt(random, Buffer.from(packet(random))))],
    () => [wsFrame(FIRST.binary, random.bytes(200))],
    () => [oddFrame(random)],
    () => inPieces(random),
    () => [
      wsFrame(FIRST.text, `45${1 + random.below(3)}-/phone,${placeholders(random)}`),
      ...Array.from({ length: random.below(4) }, () => wsFrame(FIRST.binary, random.bytes(30))),
    ],
  ])();

export const frameCase = (random: Random): FrameCase => ({
  voice: random.of(VOICES),
  patient: random.chance(0.7),
  frames: Array.from({ length: 1 + random.below(5) }, () => frames(random)).flat(),
  cut: random.chance(0.3),
  end: random.of(['close', 'half', 'half', 'reset']),
});
