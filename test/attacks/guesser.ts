// Somebody who guesses codes as fast as one address lets them, in every way in which a code can be
// tried, over as many connections as they like.
import { randomInt } from 'node:crypto';
import { Agent, type ClientRequest, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { ALPHABET, GROUP, LENGTH } from '../../src/protocol/spelling.js';
import { openRaw, type Raw } from '../support/raw.js';
import { LONG, until } from '../support/wait.js';

/** A way to try a code. */
export type Way =
  | 'passes, pipelined'
  | 'passes'
  | 'passes, impatient'
  | 'passes, ever more'
  | 'seats'
  | 'pages'
  | 'forms'
  | 'pages with a pass'
  | 'sockets'
  | 'returns';

/** What somebody has who was let in somewhere: it must not be worth any more guesses. */
export type Having = { token: string; pass: string; cookies: string; number: string };

const sign = () => ALPHABET[randomInt(ALPHABET.length)];
const signs = (length: number) => Array.from({ length }, sign).join('');
const anyCode = () => signs(LENGTH);
/** What a socket was told when it knocked. */
const said = ({ frames }: Raw) => frames.find((frame) => /^4[04]\/phone/.test(frame));

/** Answers that each connection that pipelines waits for at once. */
const DEPTH = 150;
/** A right code is answered at once: so long, in ms, waits whoever takes no answer for a wrong one. */
const PATIENCE = 150;
/** So long whoever would have as many wait as they can, anew all the while. */
const ENDURANCE = 10_000;
/** How long it takes an attacker to open the next connection, ms. */
const BREATH = 100;

export type Guesser = {
  /** Answers to wrong codes, by way: each is a code that is known to be wrong. */
  answered: Map<Way, number>;
  /** Anything that is no answer to a guess: something let in, or an error. */
  odd: string[];
  stop: () => Promise<void>;
};

/** Guesses until told to stop, `lanes` at a time in each way, from the address `from`. */
export function startGuessing(options: {
  port: number;
  from: string;
  lanes: Partial<Record<Way, number>>;
  having: Having;
}): Guesser {
  const { port, from, having } = options;
  const url = `http://127.0.0.1:${port}`;
  const agent = new Agent({ keepAlive: true, maxSockets: Number.POSITIVE_INFINITY });
  const answered = new Map<Way, number>();
  const odd: string[] = [];
  const underWay = new Set<ClientRequest>();
  let going = true;

  function count(way: Way, status: number, more = ''): void {
    const wrong = status === 403 || status === 429;
    // A page that is shown for the sake of a pass says nothing of the code but that it was wrong.
    const shown = way === 'pages with a pass' && status === 200;
    if (wrong || shown) answered.set(way, (answered.get(way) ?? 0) + 1);
    else if (going) odd.push(`${way}: ${status} ${more}`);
  }

  type Asked = {
    path: string;
    body?: string;
    headers?: Record<string, string>;
    fresh?: boolean;
    /** How long it is waited for, ms. */
    patience?: number;
  };
  const ask = (way: Way, { path, body, headers = {}, fresh = false, patience }: Asked) =>
    new Promise<void>((resolve) => {
      const typed = body?.startsWith('{')
        ? 'application/json'
        : 'application/x-www-form-urlencoded';
      const asked = request(
        url + path,
        {
          ...(fresh ? { agent: false } : { agent }),
          localAddress: from,
          method: body === undefined ? 'GET' : 'POST',
          headers: { ...(body === undefined ? {} : { 'content-type': typed }), ...headers },
        },
        (answer) => {
          count(way, answer.statusCode ?? 0);
          answer.resume();
          answer.on('close', resolve);
        },
      );
      underWay.add(asked);
      asked.on('close', () => underWay.delete(asked));
      const gives = patience && setTimeout(() => asked.destroy(), patience);
      asked.on('close', () => clearTimeout(gives));
      asked.on('error', () => setTimeout(resolve, patience === undefined ? BREATH : 0));
      asked.end(body);
    });

  /** Requests without end on one connection, whether or not they are answered; and anew once it is cut. */
  const pipeline = (way: Way) =>
    new Promise<void>((resolve) => {
      const socket = connect({ port, host: '127.0.0.1', localAddress: from });
      const send = (more: number) => {
        const texts = Array.from({ length: more }, () => {
          const body = JSON.stringify({ code: anyCode() });
          return `POST /api/passes HTTP/1.1\r\nHost: x\r\nContent-Length: ${body.length}\r\n\r\n${body}`;
        });
        socket.write(texts.join(''));
      };
      socket.on('connect', () => send(DEPTH));
      socket.on('data', (data) => {
        const statuses = [...data.toString('latin1').matchAll(/HTTP\/1\.1 (\d+)/g)];
        for (const [, status] of statuses) count(way, Number(status));
        if (going) send(statuses.length);
      });
      socket.on('error', () => {});
      socket.on('close', () => setTimeout(resolve, BREATH));
      const look = setInterval(() => going || socket.destroy(), 100);
      socket.on('close', () => clearInterval(look));
    });

  async function overSocket(way: Way): Promise<void> {
    try {
      const raw = await openRaw(url, { localAddress: from });
      raw.send(`40/phone,${JSON.stringify({ token: having.token, code: anyCode() })}`);
      await until(() => !going || raw.ended() !== null || said(raw), { deadline: LONG, every: 50 });
      const answer = said(raw);
      if (answer) count(way, /"(bad_code|rate_limited)"/.test(answer) ? 403 : 0, answer);
      raw.close();
    } catch {
      await pause(BREATH); // turned away
    }
  }

  const ways: Record<Way, (way: Way) => Promise<void>> = {
    'passes, pipelined': pipeline,
    passes: (way) => ask(way, { path: '/api/passes', body: JSON.stringify({ code: anyCode() }) }),
    'passes, impatient': (way) =>
      ask(way, {
        ...{ path: '/api/passes', body: JSON.stringify({ code: anyCode() }) },
        ...{ fresh: true, patience: PATIENCE },
      }),
    'passes, ever more': (way) =>
      ask(way, {
        ...{ path: '/api/passes', body: JSON.stringify({ code: anyCode() }) },
        ...{ fresh: true, patience: ENDURANCE },
      }),
    seats: (way) =>
      ask(way, {
        path: '/api/seats',
        body: JSON.stringify({ code: anyCode(), id: signs(20) }),
      }),
    pages: (way) => ask(way, { path: `/j/${anyCode()}`, fresh: true }),
    forms: (way) => ask(way, { path: `/j/${anyCode()}`, body: 'noso=x', fresh: true }),
    'pages with a pass': (way) =>
      ask(way, { path: `/j/${anyCode()}`, headers: { cookie: having.cookies } }),
    sockets: overSocket,
    returns: (way) =>
      ask(way, {
        path: '/api/returns',
        body: JSON.stringify({
          ...{ pass: having.pass, number: having.number },
          returnCode: signs(2 * GROUP),
        }),
      }),
  };

  const lane = async (way: Way) => {
    while (going) await ways[way](way);
  };
  const all = Object.entries(options.lanes).flatMap(([way, lanes]) =>
    Array.from({ length: lanes }, () => lane(way as Way)),
  );
  return {
    answered,
    odd,
    async stop() {
      going = false;
      for (const asked of underWay) asked.destroy();
      agent.destroy();
      await Promise.all(all);
    },
  };
}
