import { readdir, readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { Server } from 'socket.io';
import type { Code, FromWall, Noso, Snapshot, Venue, WallEvents } from '../../src/protocol/wire.js';
import type { Words } from '../../src/service/words.js';
import { listens } from '../support/listens.js';

const built = new URL('../../', import.meta.url);

export const VENUE: Venue = {
  id: 'quais',
  name: 'Bibliothèque des Quais',
  city: 'Lyon',
  timeZone: 'Europe/Paris',
  language: 'fr',
};

/** A server that says to walls what a test wants said, frame by frame. */
export type FakeWall = {
  /** What the next snapshot says. Times of its NoSo are relative to `now()`. */
  held: Snapshot;
  now: () => number;
  /** Added to the machine's clock, ms. */
  skew: number;
  beating: boolean;
  /** How many times a wall asked `sync`. */
  syncs: number;
  /** What the last of them said is on it. */
  shows: string | null;
  /** Sends a snapshot to all, changed like this. */
  snapshot: (change?: Partial<Snapshot>) => void;
  count: (count: number, seq?: number) => void;
  /** Seats and unseats numbers at a tick; the frame's `from` can be made wrong. */
  numbers: (seated: string[], gone?: string[], from?: number) => void;
  code: (code: Code) => void;
  /** Refuses every wall from now on, or not: for its token, or for now. */
  revoked: boolean;
  refusing: boolean;
  /** Says nothing at all, to nobody, and does not answer. */
  mute: boolean;
  /** Of the wall that connected last. */
  token: string | null;
  /** Cuts every connection and takes no new one, until `restore`. */
  cut: () => void;
  restore: () => void;
  pairing: { code: string; token: string | null } | null;
  /** Of the page that it serves. */
  version: string;
  /** Has every wall show its name until then. */
  identify: (until: number) => void;
  /** What the wall that connected last says of its screen. */
  screen: unknown;
  url: (options?: { font?: string; token?: boolean; query?: string }) => string;
  close: () => Promise<void>;
};

export function nosoAt(venue: Venue, startsAt: number, endsAt: number, rest = {}): Noso {
  return {
    id: 'noso',
    venue,
    title: 'Une heure pour rien',
    startsAt: new Date(startsAt).toISOString(),
    endsAt: new Date(endsAt).toISOString(),
    state: 'open',
    capacity: null,
    entry: 'code',
    show: 'numbers',
    gather: 15,
    pocket: null,
    veil: 5,
    opens: 'schedule',
    count: null,
    ...rest,
  };
}

/** So many different numbers of so many digits, the same every time. */
export function someNumbers(count: number, digits = 6): string[] {
  const span = 9 * 10 ** (digits - 1);
  const step = Math.floor(span * 0.618) | 1;
  const drawn = new Set<number>();
  for (let at = 17; drawn.size < count; at = (at + step + (drawn.size % 7)) % span) drawn.add(at);
  return [...drawn].map((n) => String(n + 10 ** (digits - 1)));
}

export const codeOf = (code: string, host = 'noso.example'): Code => ({
  code,
  url: `https://${host}/j/${code}`,
  validUntil: new Date(Date.now() + 60_000).toISOString(),
});

export async function startFakeWall(): Promise<FakeWall> {
  const html = await page();
  const assets = new Map<string, { type: string; body: Buffer }>();
  for (const [name, type] of [
    ['page.js', 'text/javascript'],
    ['page.css', 'text/css'],
    ['shell.page.js', 'text/javascript'],
  ] as const)
    assets.set(`/assets/wall/${name}`, {
      type,
      body: await readFile(new URL(`assets/wall/${name}`, built)),
    });

  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const asset = assets.get(pathname);
    const answer = (status: number, body: object) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    if (asset)
      response
        .writeHead(200, { 'content-type': asset.type, 'service-worker-allowed': '/wall' })
        .end(asset.body);
    else if (pathname === '/wall')
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end(
          html
            .replace('/*font*/', styleFor(searchParams.get('font')))
            .replace(/\/\*version\*\//g, fake.version),
        );
    else if (pathname === '/api/walls/pairing' && fake.pairing)
      answer(201, { code: fake.pairing.code, secret: 'secret', expiresAt: '' });
    else if (pathname === '/api/walls/pairing/claim' && fake.pairing)
      answer(fake.pairing.token ? 200 : 202, { id: 'wall', token: fake.pairing.token });
    else answer(404, { code: 'not_found' });
  });
  const sockets = new Set<TcpSocket>();
  let taking = true;
  http.on('connection', (socket: TcpSocket) => {
    if (!taking) socket.destroy();
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  const io = new Server<FromWall, WallEvents>(http, { transports: ['websocket'] });
  const walls = io.of('/wall');
  walls.use((socket, next) => {
    fake.token = socket.handshake.auth.token ?? null;
    fake.screen = socket.handshake.auth.screen ?? null;
    const code = fake.revoked ? 'unauthorized' : 'unavailable';
    if (!fake.revoked && !fake.refusing) next();
    else
      next(
        Object.assign(new Error(code), {
          data: { code, retryAfter: fake.revoked ? undefined : 1 },
        }),
      );
  });
  walls.on('connection', (socket) => {
    socket.on('sync', (said, ack) => {
      fake.shows = said.shows ?? fake.shows;
      if (typeof ack !== 'function') return;
      fake.syncs++;
      if (!fake.mute) ack(now());
    });
    if (!fake.mute) socket.emit('snapshot', now());
  });
  const now = (): Snapshot => ({ ...fake.held, serverTime: fake.now() });
  const beat = setInterval(() => {
    if (fake.beating) fake.count(fake.held.count);
  }, 1000);
  const port = await listens(http);

  const fake: FakeWall = {
    held: {
      venue: VENUE,
      noso: null,
      epoch: 1,
      seq: 0,
      count: 0,
      numbersSeq: 0,
      numbers: [],
      code: null,
      effectiveAt: 0,
      serverTime: 0,
      page: 'https://noso.example/n/5f0c2a7d9b1e',
      wall: { name: 'Grande salle', diagonal: null, distance: null, walls: 1 },
    },
    skew: 0,
    now: () => Date.now() + fake.skew,
    beating: true,
    syncs: 0,
    shows: null,
    revoked: false,
    refusing: false,
    mute: false,
    token: null,
    pairing: null,
    version: 'one',
    screen: null,
    identify: (until) => void walls.emit('identify', { until }),
    snapshot(change = {}) {
      fake.held = { ...fake.held, ...change };
      walls.emit('snapshot', now());
    },
    count(count, seq = fake.held.seq) {
      const { epoch } = fake.held;
      fake.held = { ...fake.held, seq: Math.max(seq, fake.held.seq), count };
      walls.emit('count', { epoch, seq, count, serverTime: fake.now() });
    },
    numbers(seated, gone = [], from = fake.held.numbersSeq) {
      const seq = fake.held.seq + 1;
      const kept = (fake.held.numbers ?? []).filter((number) => !gone.includes(number));
      fake.held = { ...fake.held, seq, numbersSeq: seq, numbers: [...kept, ...seated] };
      walls.emit('numbers', { epoch: fake.held.epoch, from, seq, seated, gone });
    },
    code(code) {
      fake.held = { ...fake.held, code };
      walls.emit('code', code);
    },
    cut() {
      taking = false;
      for (const socket of sockets) socket.destroy();
    },
    restore() {
      taking = true;
    },
    url({ font = '', token = true, query = '' } = {}) {
      return `http://127.0.0.1:${port}/wall?font=${font}${query}${token ? '#token' : ''}`;
    },
    async close() {
      clearInterval(beat);
      await io.close();
      http.closeAllConnections();
    },
  };
  return fake;
}

async function page(): Promise<string> {
  const folder = new URL('client/words/', built);
  const all: Record<string, unknown> = {};
  for (const file of await readdir(folder)) {
    const words = JSON.parse(await readFile(new URL(file, folder), 'utf8')) as Words;
    const { wall, time, language } = words;
    all[file.replace('.json', '')] = { wall, time, language };
  }
  return `<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>NoSo</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="/assets/wall/page.css?v=/*version*/">
<style>/*font*/</style><body><div class="old" id="old"><h1>too old</h1></div>
<script type="application/json" id="about">{"version":"/*version*/","publicUrl":"https://noso.example"}</script>
<script type="application/json" id="words">${JSON.stringify(all).replace(/</g, '\\u003c')}</script>
<script src="/assets/wall/page.js?v=/*version*/"></script>`;
}

const styleFor = (font: string | null) => (font ? `:root { --font: "${font}" }` : '');
