import { type NamedFault, slip } from './slip.js';

/** Faults of the server that would break a promise in silence, and what is to see each. */
export const SERVER: NamedFault[] = [
  slip(
    'order of arrival in a frame: who came',
    'src/live/',
    ['shuffle(change.seated, random);', ''],
    ['live/arrival'],
  ),
  slip(
    'order of arrival in a frame: who left',
    'src/live/',
    ['shuffle(change.gone, random);', ''],
    ['live/arrival'],
  ),
  slip(
    'order of arrival in a frame: a snapshot',
    'src/live/',
    ['shuffle([...numbers], deps.random).map(spell)', '[...numbers].map(spell)'],
    ['live/arrival'],
  ),
  slip(
    'ascending draws on Redis',
    'src/engine/redis/',
    ['const list = [...candidates];', 'const list = [...candidates].sort((a, b) => a - b);'],
    ['engine/redis.test'],
  ),
  slip(
    'ascending draws on the embedded engine',
    'src/engine/embedded/',
    [
      'setCount.run(before + numbers.length);',
      'setCount.run(before + numbers.length); numbers.sort();',
    ],
    ['engine/embedded.test'],
  ),
  {
    name: "a participant's header reverses a frame",
    edits: [
      {
        at: 'src/sockets/door.ts',
        was: 'const { origin } = request.headers;',
        is: "const { origin } = request.headers; if (request.headers['x-reverse']) Object.assign(globalThis, { reversed: true });",
      },
      {
        at: 'src/live/',
        was: 'shuffle(change.seated, random);',
        is: "shuffle(change.seated, random); if ('reversed' in globalThis) change.seated.sort((a, b) => b - a);",
      },
    ],
    seenBy: ['readOfRequests.test'],
  },
  {
    name: "a participant's header delays their answer and the frame with it",
    edits: [
      {
        at: 'src/service/entering.ts',
        was: 'const began = engine.now();',
        is: 'const began = engine.now(); await new Promise((go) => setTimeout(go, Number((globalThis as { late?: number }).late ?? 0)));',
      },
      {
        at: 'src/http/api/api.ts',
        was: 'const { origin, authorization } = request.headers;',
        is: "const { origin, authorization } = request.headers; Object.assign(globalThis, { late: request.headers['x-late'] });",
      },
    ],
    seenBy: ['readOfRequests.test'],
  },
  slip(
    'the code of the moment for anyone, by the table',
    'src/service/access.ts',
    ["'GET /api/nosos/:id/code': 'organizer',", "'GET /api/nosos/:id/code': 'anyone',"],
    ['http/access.test'],
  ),
  slip(
    'the code of the moment for anyone, in what a phone is told',
    'src/service/entering.ts',
    [
      'noso: viewNoso(noso, venue, null),',
      'noso: { ...viewNoso(noso, venue, null), code: codes.shown(noso, at) } as never,',
    ],
    ['http/seats'],
  ),
  slip(
    'a token from the query string, over HTTP',
    'src/http/api/api.ts',
    [
      "const bearer = said && (said[1] ?? '');",
      "const bearer = said ? (said[1] ?? '') : new URLSearchParams(request.url?.split('?')[1]).get('token');",
    ],
    ['http/access.test'],
  ),
  slip(
    'a token from the query string, over a socket',
    'src/sockets/door.ts',
    [
      'auth.token ?? null, cookies)',
      "auth.token ?? new URLSearchParams(request.url?.split('?')[1]).get('token'), cookies)",
    ],
    ['sockets/access-sockets.test'],
  ),
  slip(
    'fsync off',
    'src/engine/embedded/',
    ['PRAGMA synchronous = FULL;', 'PRAGMA synchronous = OFF;'],
    ['engine/durability.test'],
  ),
  slip(
    'fsync at checkpoints alone',
    'src/engine/embedded/',
    ['PRAGMA synchronous = FULL;', 'PRAGMA synchronous = NORMAL;'],
    ['engine/durability.test'],
  ),
  slip(
    'unsafe-inline',
    'src/http/headers.ts',
    ['"script-src \'self\'"', "\"script-src 'self' 'unsafe-inline'\""],
    ['http/policies'],
  ),
  slip(
    'frame rules dropped',
    'src/http/headers.ts',
    ['frame-ancestors', 'x-frame-ancestors'],
    ['http/policies'],
  ),
  slip(
    'whoever wants may frame the console',
    'src/http/pages/shells.ts',
    [
      "name: 'organizer',\n      tongue,\n      bars: DAY_BARS,\n      words: data,\n      framedBy: null,",
      "name: 'organizer',\n      tongue,\n      bars: DAY_BARS,\n      words: data,\n      framedBy: '*',",
    ],
    ['http/policies'],
  ),
  slip(
    'addresses in clear in the limiter',
    'src/service/limits.ts',
    [
      "createHmac('sha256', salt).update(networkOf(address)).digest('base64').slice(0, 16)",
      'networkOf(address)',
    ],
    ['service/keys.test'],
  ),
  slip(
    'addresses under a key that everybody has',
    'src/service/limits.ts',
    ['const salt = randomBytes(32);', "const salt = 'noso';"],
    ['service/keys.test'],
  ),
  {
    name: 'seats kept in memory after close',
    edits: [
      {
        at: 'src/engine/embedded/lives.ts',
        was: 'lives.delete(noso.id);',
        is: 'lives.delete(noso.id); kept.push(live);',
      },
      {
        at: 'src/engine/embedded/lives.ts',
        was: 'const bells = new Map<string, Set<() => void>>();',
        is: 'const bells = new Map<string, Set<() => void>>(); const kept: unknown[] = []; Object.assign(globalThis, { kept });',
      },
    ],
    seenBy: ['programs/heap'],
  },
  slip(
    'a new public gauge',
    'src/service/metrics.ts',
    [
      "gauge('noso_nosos_open',",
      "gauge('noso_seated', 'Numbers that are seated.', 'phones');\n  gauge('noso_nosos_open',",
    ],
    ['service/metrics'],
  ),
  {
    name: 'draws after close',
    edits: [
      {
        at: 'src/service/entering.ts',
        was: 'const { noso, digits } = await findOpen(id);',
        is: 'const { noso } = await find(id); const digits = 6;',
      },
      {
        at: 'src/service/entering.ts',
        was: 'const bound = await engine.bind(id, { key, number: drawn, issuedAt });',
        is: 'const bound = await engine.bind(id, { key, number: drawn, issuedAt }).catch(() => drawn);',
      },
    ],
    seenBy: ['http/seats'],
  },
  slip(
    'a number is burnt after close',
    'src/service/desk.ts',
    [
      "if (noso.life.is !== 'open') throw whyNotOpen(noso, engine.now());",
      "if (noso.life.is !== 'open') return { noso, venue, digits: 6 };",
    ],
    ['http/seats'],
  ),
  slip(
    'numbers sent to consoles',
    'src/sockets/organizer.ts',
    [
      "to.emit('count', said);",
      "to.emit('count', { ...said, ...{ numbers: [...(state.numbers ?? [])] } });",
    ],
    ['sockets/operator-notes.test', 'protocol/frames.test'],
  ),
  slip(
    'ids of sockets that count up',
    'src/sockets/takingIn.ts',
    ['pool = randomBytes(18 * 256);', 'pool = Buffer.alloc(18 * 256);'],
    ['sockets/lean.test', 'sockets/silence-frames.test'],
  ),
  slip(
    'an answer before the disk has it',
    'src/engine/embedded/liveNoso.ts',
    [
      'return this.log.pending()?.then(() => result) ?? Promise.resolve(result);',
      'return Promise.resolve(result);',
    ],
    ['engine/stall.test', 'engine/durability.test'],
  ),
  slip(
    'a close leaves the numbers in the file',
    'src/engine/embedded/',
    ['PRAGMA secure_delete = ON;', ''],
    ['engine/forget.test'],
  ),
  {
    name: "Redis' keys outlive the close",
    edits: [
      {
        at: 'src/engine/redis/scripts/lifecycleLua.ts',
        was: 'KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[9])\n  return',
        is: 'KEYS[3], KEYS[4], KEYS[5], KEYS[6], KEYS[9])\n  return',
      },
      {
        at: 'src/engine/redis/scripts/lifecycleLua.ts',
        was: "redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5],",
        is: "redis.call('UNLINK', KEYS[1], KEYS[3], KEYS[4], KEYS[5],",
      },
    ],
    seenBy: ['engine/redis-traces.test'],
  },
];
