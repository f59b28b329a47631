// A server, whoever may be on it, and any number of cases against it: each is bytes that follow from
// the seed and its turn alone, from an address of its own. What came back is held against the contract.
import { connect, type Socket } from 'node:net';
import { setImmediate as turn } from 'node:timers/promises';
import { ERRORS } from '../../src/domain/errors.js';
import type { Role } from '../../src/service/access.js';
import { createTokens } from '../../src/service/tokens.js';
import { frameReader, OPCODE } from '../bench/load/frames.js';
import { type Random, seeded } from '../sockets/silence/random.js';
import type { TestApi } from '../support/api.js';
import { keysOf } from '../support/keys.js';
import { machineTime } from '../support/machineTime.js';
import { SECRET, type TestServer } from '../support/server.js';
import { upgradeRequest } from '../support/tcp.js';
import { FIRST, wsFrame } from '../support/wsFrame.js';
import { type FrameCase, frameCase, type Voice } from './frameCases.js';
import { type RequestCase, requestCase, type Targets } from './requestCases.js';

/** Connections at once. */
const LANES = 48;
/** How long the server may take to let go of somebody who has closed their half, machine time in ms. */
const LET_GO = 8000;

export type Kind = 'frames' | 'requests';
/** What came of a case: a word for the count, and what is wrong with it. */
type Outcome = { word: string; wrong: string | null };
export type Tally = { words: Map<string, number>; wrong: string[] };

/** Who is on the server to be spoken for, and what is there to be spoilt. */
export type Cast = Targets & {
  /** Somebody who is seated there, and was not told to leave yet. */
  seated: () => Promise<{ token: string; pass: string }>;
};

export async function castOn(api: TestApi): Promise<Cast> {
  const keys = await keysOf(api);
  const { noso, pass, valid } = keys;
  const { venue } = await api.own<{ venue: { id: string } }>('GET', `/api/nosos/${noso}`);
  const { participant, wall, door, organizer } = valid as Record<Role, string>;
  // Not the one that the test goes on with: somebody will sign it out.
  const owner = createTokens([SECRET], Date.now).owner();
  // A NoSo of their own, which no organizer's request can name: whoever is seated stays so.
  const quiet = await api.noso();
  const people = await api.people(quiet.id, 8);
  for (const { token, pass: theirs } of people) await api.sit(token, theirs);
  let next = 0;
  return {
    ...{ noso, pass, venue: venue.id, number: '100001', void: Object.values(keys.void) },
    tokens: { participant, wall, door, organizer, owner },
    async seated() {
      next = (next + 1) % people.length;
      const person = people[next] as (typeof people)[number];
      const seat = await api.call('GET', `/api/presence/${quiet.id}`, undefined, person.token);
      if (seat.status === 200) return person;
      const other = await api.person(quiet.id);
      await api.sit(other.token, other.pass);
      people[next] = other;
      return other;
    },
  };
}

const addressOf = (k: number) => `127.${1 + (k >> 16)}.${(k >> 8) & 255}.${1 + (k & 127)}`;

/** A connection on which nothing throws; resolves once it is gone, with whether that was in time. */
function open(port: number, from: string, hear: (data: Buffer) => void) {
  const socket = connect({ port, host: '127.0.0.1', localAddress: from });
  socket.setNoDelay(true);
  socket.on('error', () => {}); // a reset is an answer: `close` follows
  socket.on('data', hear);
  const gone = new Promise<boolean>((resolve) => {
    let began: number | null = null;
    const look = setInterval(() => {
      if (!socket.writableEnded) return;
      began ??= machineTime();
      if (machineTime() - began > LET_GO) resolve(false);
    }, 500);
    socket.on('close', () => resolve(true));
    socket.on('close', () => clearInterval(look));
  });
  return { socket, gone: gone.finally(() => socket.destroy()) };
}

function leave(socket: Socket, end: 'close' | 'half' | 'reset'): void {
  if (end === 'reset') socket.resetAndDestroy();
  else if (end === 'half') socket.end();
  else socket.end(wsFrame(FIRST.close, Buffer.from([3, 232])));
}

/** What a server may say to each voice. */
const TOLD: Record<Voice, RegExp> = {
  stranger: /^$/,
  phone: /^4(0\/phone,\{|2\/phone,\["(seated|closed)",|3\/phone,\d+\[|1\/phone,)/,
  wall: /^4(0\/wall,\{|2\/wall,\["(snapshot|count|numbers|code|identify)",|3\/wall,\d+\[|1\/wall,)/,
  door: /^4(0\/door,\{|2\/door,\["(count|closed)",|1\/door,)/,
  organizer: /^4(0\/organizer,\{|2\/organizer,\["(nosos|notes|count)",|1\/organizer,)/,
};
/** To anybody: that it is open, a ping, that it is no good. */
const ANYBODY = /^(0\{|2$|44[/,{])/;
const INSIDES = /node_modules|\/dist\/|\/src\/|\n\s+at |internal\//;

function wrongWith(voice: Voice, text: string): string | null {
  if (INSIDES.test(text)) return `told of its insides: ${text.slice(0, 200)}`;
  return ANYBODY.test(text) || TOLD[voice].test(text) ? null : `told ${text.slice(0, 200)}`;
}

async function hello(voice: Voice, cast: Cast): Promise<string> {
  switch (voice) {
    case 'stranger':
      return '';
    case 'phone':
      return `40/phone,${JSON.stringify(await cast.seated().then(({ token, pass }) => ({ token, pass })))}`;
    default:
      return `40/${voice},${JSON.stringify({ token: cast.tokens[voice] })}`;
  }
}

async function say(
  server: TestServer,
  cast: Cast,
  { voice, patient, frames, cut, end }: FrameCase,
  { random, from }: { random: Random; from: string },
): Promise<Outcome> {
  let wrong: string | null = null;
  let upgraded = false;
  let go: () => void = () => {};
  const may = new Promise<void>((resolve) => {
    go = resolve;
  });
  const greeting = await hello(voice, cast);
  const read = frameReader({
    open: () => {
      // What comes before this is lost: whoever speaks waits to be spoken to (RFC 6455, 4.1).
      upgraded = true;
      if (greeting !== '') socket.write(wsFrame(FIRST.text, greeting));
      if (greeting === '' || !patient) go();
    },
    frame(opcode, text) {
      if (opcode === OPCODE.binary) wrong ??= `told in binary: ${text.slice(0, 40)}`;
      if (opcode !== OPCODE.text) return;
      wrong ??= wrongWith(voice, text);
      if (text.startsWith('4')) go();
    },
    broken: (what) => {
      wrong ??= `no WebSocket: ${what}`;
    },
  });
  const { socket, gone } = open(server.port, from, read);
  socket.write(upgradeRequest());
  await Promise.race([may, gone]);
  let rest = Buffer.concat(frames);
  while (cut && rest.length > 0 && !socket.destroyed) {
    const size = 1 + random.below(rest.length);
    socket.write(rest.subarray(0, size));
    rest = rest.subarray(size);
    await turn();
  }
  if (rest.length > 0) socket.write(rest);
  leave(socket, end);
  if (!(await gone)) wrong ??= 'not let go of';
  if (!upgraded && end !== 'reset') wrong ??= 'not upgraded';
  return { word: voice, wrong };
}

function wrongIn(answer: string, { method, path }: RequestCase): string | null {
  if (INSIDES.test(answer) && !/javascript|text\/html/.test(answer)) return 'told of its insides';
  for (const [, status] of answer.matchAll(/HTTP\/1\.1 (\d+) /g)) {
    if (Number(status) >= 500 && status !== '503') return `answered ${status}`;
  }
  const body = answer.slice(answer.indexOf('\r\n\r\n') + 4);
  const isProblem = /^HTTP[^\n]*\n[\s\S]*?content-type: application\/problem\+json/i.test(answer);
  if (!isProblem || method === 'HEAD' || !path.startsWith('/api/')) return null;
  const named = /"code":"(\w+)"/.exec(body)?.[1] ?? '';
  if (!(named in ERRORS)) return `a problem without a code: ${body.slice(0, 200)}`;
  return /"reason":"fault"/.test(body) ? `a fault: ${body.slice(0, 200)}` : null;
}

async function ask(server: TestServer, each: RequestCase, from: string): Promise<Outcome> {
  let answer = '';
  const { socket, gone } = open(server.port, from, (data) => {
    answer += data.toString('latin1');
  });
  socket.write(each.bytes);
  leave(socket, each.end);
  const wrong = (await gone) ? wrongIn(answer, each) : 'not let go of';
  return { word: /^HTTP\/1\.1 (\d+)/.exec(answer)?.[1] ?? 'hung up on', wrong };
}

/** Case `k` of a kind, and what came of it. */
export async function runCase(
  server: TestServer,
  cast: Cast,
  { kind, seed, k }: { kind: Kind; seed: number; k: number },
): Promise<Outcome & { bytes: Buffer }> {
  const random = seeded(seed + Math.imul(k, 0x9e3779b1));
  if (kind === 'frames') {
    const one = frameCase(random);
    const outcome = await say(server, cast, one, { random, from: addressOf(k) });
    return { ...outcome, bytes: Buffer.concat(one.frames) };
  }
  const one = requestCase(random, cast);
  return { ...(await ask(server, one, addressOf(k))), bytes: one.bytes };
}

/** So many cases, the first of them number `from`; stops at ten that went wrong. */
export async function runStorm(
  server: TestServer,
  cast: Cast,
  { kind, seed, cases }: { kind: Kind; seed: number; cases: number },
): Promise<Tally> {
  const words = new Map<string, number>();
  const wrong: string[] = [];
  let next = 0;
  const lane = async () => {
    while (next < cases && wrong.length < 10) {
      const k = next;
      next += 1;
      const outcome = await runCase(server, cast, { kind, seed, k });
      words.set(outcome.word, (words.get(outcome.word) ?? 0) + 1);
      if (outcome.wrong !== null) wrong.push(`${kind} ${k} of seed ${seed}: ${outcome.wrong}`);
    }
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return { words, wrong };
}
