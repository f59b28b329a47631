// F6 attacked: many NoSos are open, and one address guesses codes in every way there is, while people
// behind the same address come in with right ones. What comes of both.
import { request } from 'node:http';
import { STEP } from '../../src/domain/code.js';
import { ALPHABET, LENGTH } from '../../src/protocol/spelling.js';
import { firstName } from '../../src/service/cookies.js';
import { apiOf } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { until } from '../support/wait.js';
import { startCrowded } from './crowdedHouse.js';
import { startGuessing, type Way } from './guesser.js';

/** Steps for which a code is accepted (PROTOCOL.md: 60 s of 15 s each). */
const ACCEPTED = 60_000 / STEP;
const HOUR = 3600;
/** Guests that come at once. */
const TOGETHER = 4;
/** Where everybody is, guesser and guests. */
const ADDRESS = '127.0.0.1';

/** Each way over so many connections at once. */
export const LANES: Record<Way, number> = {
  ...{ 'passes, pipelined': 60, passes: 60, seats: 20, pages: 20 },
  ...{ forms: 10, 'pages with a pass': 20, sockets: 20, returns: 20 },
};

export type Guessed = {
  nosos: number;
  seconds: number;
  /** Answers to guesses meanwhile, by way. */
  answered: Map<Way, number>;
  /** Right codes: how each was answered, and after how long (ms, the machine's). */
  right: { status: number; ms: number }[];
  odd: string[];
};

/** With which probability a code is found within an hour, of `guesses` a second, where so many are open. */
export const perHour = (guesses: number, nosos: number): number =>
  (guesses * HOUR * ACCEPTED * nosos) / ALPHABET.length ** LENGTH;

/** A code shown on a connection of its own; how it was answered. */
function show(port: number, code: string): Promise<{ status: number; ms: number }> {
  const began = machineTime();
  return new Promise((resolve, reject) => {
    const asked = request(
      {
        ...{ port, host: '127.0.0.1', localAddress: ADDRESS, agent: false },
        ...{ method: 'POST', path: '/api/passes', headers: { 'content-type': 'application/json' } },
      },
      (answer) => {
        answer.resume();
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, ms: machineTime() - began }),
        );
      },
    );
    asked.on('error', reject);
    asked.end(JSON.stringify({ code }));
  });
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
    const guesser = startGuessing({ port: server.port, from: ADDRESS, lanes, having });
    const total = () => [...guesser.answered.values()].reduce((sum, each) => sum + each, 0);
    try {
      await until(() => total() > 100, { what: 'the guesser to be slowed', deadline: 30_000 });
      const [before, began] = [new Map(guesser.answered), Date.now()];
      const right: Guessed['right'] = [];
      for (let k = 0; k < guests; k += TOGETHER) {
        const some = Array.from({ length: Math.min(TOGETHER, guests - k) }, async (_, i) =>
          show(server.port, await codeOf(i % 2 === 0 ? 1 : 2 + ((k + i) >> 1))),
        );
        right.push(...(await Promise.all(some)));
      }
      await until(() => Date.now() - began > seconds * 1000, { deadline: 600_000 });
      const took = (Date.now() - began) / 1000;
      const answered = new Map(
        [...guesser.answered].map(([way, count]) => [way, count - (before.get(way) ?? 0)]),
      );
      return { nosos, seconds: took, answered, right, odd: guesser.odd };
    } finally {
      await guesser.stop();
    }
  } finally {
    await server.stop();
  }
}
