// F6 attacked: many NoSos are open, and one address guesses codes in every way there is, while people
// behind the same address come in with right ones. What comes of both.
import { readFileSync } from 'node:fs';
import { request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { STEP } from '../../src/domain/code.js';
import { ALPHABET, LENGTH } from '../../src/protocol/spelling.js';
import { firstName } from '../../src/service/cookies.js';
import { apiOf } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { openFiles } from '../support/tcp.js';
import { until } from '../support/wait.js';
import { startCrowded } from './crowdedHouse.js';
import { startGuessing, type Way } from './guesser.js';

/** Steps for which a code is accepted (PROTOCOL.md: 60 s of 15 s each). */
const ACCEPTED = 60_000 / STEP;
const HOUR = 3600;
/** Ways of which a connection does not stay. */
const RESTLESS: ReadonlySet<Way> = new Set([
  ...(['passes, pipelined', 'passes, impatient', 'passes, ever more'] as const),
]);
/** Guests that come at once. */
const TOGETHER = 4;
/** Where the guesser is and most guests are, and where others are. */
export const ADDRESS = '127.0.0.1';
export const ELSEWHERE = '127.0.9.1';
/** Whoever is not answered within this goes away, ms; and the attack is over once so many did. */
const PATIENCE = 20_000;
const LOST = 8;

/** Each way over so many connections at once. */
export const LANES: Partial<Record<Way, number>> = {
  ...{ 'passes, pipelined': 60, passes: 60, seats: 20, pages: 20 },
  ...{ forms: 10, 'pages with a pass': 20, sockets: 20, returns: 20, 'passes, impatient': 10 },
};

export type Guessed = {
  nosos: number;
  seconds: number;
  /** Answers to guesses meanwhile, by way. */
  answered: Map<Way, number>;
  /** Right codes: how each was answered, and after how long (ms, the machine's). */
  right: Shown[];
  /** The same from another address. */
  elsewhere: Shown[];
  /** How much of a processor the server used, 1 being all of one. */
  busy: number;
  odd: string[];
};

/** How a right code was answered (0: not at all), and after how long (ms, the machine's). */
export type Shown = { status: number; ms: number };

/** With which probability a code is found within an hour, of `guesses` a second, where so many are open. */
export const perHour = (guesses: number, nosos: number): number =>
  (guesses * HOUR * ACCEPTED * nosos) / ALPHABET.length ** LENGTH;

/** A code shown on a connection of its own; how it was answered. */
export function show(
  port: number,
  code: string,
  from: string,
  path = '/api/passes',
): Promise<Shown> {
  const began = machineTime();
  return new Promise((resolve) => {
    const asked = request(
      {
        ...{ port, host: '127.0.0.1', localAddress: from, agent: false },
        ...{ method: 'POST', path, headers: { 'content-type': 'application/json' } },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, ms: machineTime() - began }),
        );
      },
    );
    const gives = setTimeout(() => asked.destroy(), PATIENCE);
    asked.on('close', () => clearTimeout(gives));
    asked.on('error', () => resolve({ status: 0, ms: machineTime() - began }));
    asked.end(JSON.stringify({ code }));
  });
}

/** What a process has used of processors so far, in s; the kernel counts in hundredths. */
function usedBy(pid: number): number {
  const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ');
  const [user, system] = after.split(' ').slice(11, 13).map(Number);
  return ((user ?? 0) + (system ?? 0)) / 100;
}

/**
 * Attacks for `seconds` once the address is slowed. `guests` come in meanwhile, some at a time, half of
 * them to one NoSo and half to others, each to another.
 */
export async function attackCodes(options: {
  nosos: number;
  seconds: number;
  guests: number;
  lanes?: Partial<Record<Way, number>>;
}): Promise<Guessed> {
  const { nosos, seconds, guests, lanes = LANES } = options;
  const server = await startCrowded(nosos);
  try {
    const api = apiOf(server.url, server.owner);
    const codeOf = async (k: number) => (await api.code(`noso${k}`)).code;
    const person = await api.person('noso0');
    await api.sit(person.token, person.pass);
    const having = {
      ...person,
      pass: await api.pass('noso0'),
      cookies: `${firstName('entry')}=${await api.pass('noso0')}`,
    };
    const guess = { port: server.port, from: ADDRESS, having };
    const first = startGuessing({ ...guess, lanes: { passes: 20 } });
    const answers = () => first.answered.get('passes') ?? 0;
    await until(() => answers() > 100, { what: 'the address to be slowed', deadline: 30_000 });
    await first.stop();
    const guesser = startGuessing({ ...guess, lanes });
    const patient = Object.entries(lanes).filter(([way]) => !RESTLESS.has(way as Way));
    const held = patient.reduce((sum, [, count]) => sum + count, 0);
    // Many take a while to come, and are held from then on.
    await until(async () => (await openFiles(server)) >= held, {
      what: 'all to wait',
      deadline: 60_000,
    });
    try {
      const [before, began] = [new Map(guesser.answered), Date.now()];
      const pid = server.child().pid as number;
      const used = usedBy(pid);
      const [right, elsewhere]: [Shown[], Shown[]] = [[], []];
      const lost = () => right.filter(({ status }) => status === 0).length;
      for (let k = 0; k < guests && lost() < LOST; k += TOGETHER) {
        const some = Array.from({ length: Math.min(TOGETHER, guests - k) }, async (_, i) =>
          show(server.port, await codeOf(i % 2 === 0 ? 1 : 2 + ((k + i) >> 1)), ADDRESS),
        );
        const other = show(server.port, await codeOf(2 + (k >> 1)), ELSEWHERE);
        right.push(...(await Promise.all(some)));
        elsewhere.push(await other);
        // Guests come all the while, and not only while the guesser begins.
        const next = ((k + TOGETHER) * seconds * 1000) / guests;
        await pause(Math.max(0, next - (Date.now() - began)));
      }
      const took = (Date.now() - began) / 1000;
      const answered = new Map(
        [...guesser.answered].map(([way, count]) => [way, count - (before.get(way) ?? 0)]),
      );
      const busy = (usedBy(pid) - used) / took;
      return { nosos, seconds: took, answered, right, elsewhere, busy, odd: guesser.odd };
    } finally {
      await guesser.stop();
    }
  } finally {
    await server.stop();
  }
}
