import type { NamedFault } from './slip.js';

/** Faults of the server that would break a promise in silence, and what is to see each. */
export const SERVER: NamedFault[] = [
  {
    name: 'order of arrival in a frame: who came',
    edits: [{ at: 'src/live/', was: 'shuffle(change.seated, random);', is: '' }],
    seenBy: ['live/arrival'],
  },
  {
    name: 'order of arrival in a frame: who left',
    edits: [{ at: 'src/live/', was: 'shuffle(change.gone, random);', is: '' }],
    seenBy: ['live/arrival'],
  },
  {
    name: 'order of arrival in a frame: a snapshot',
    edits: [
      {
        at: 'src/live/',
        was: 'shuffle([...numbers], deps.random).map(spell)',
        is: '[...numbers].map(spell)',
      },
    ],
    seenBy: ['live/arrival'],
  },
  {
    name: 'ascending draws on Redis',
    edits: [
      {
        at: 'src/engine/redis/',
        was: 'const list = [...candidates];',
        is: 'const list = [...candidates].sort((a, b) => a - b);',
      },
    ],
    seenBy: ['engine/redis.test'],
  },
  {
    name: 'ascending draws on the embedded engine',
    edits: [
      {
        at: 'src/engine/embedded/',
        was: 'setCount.run(before + numbers.length);',
        is: 'setCount.run(before + numbers.length); numbers.sort();',
      },
    ],
    seenBy: ['engine/embedded.test'],
  },
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
  {
    name: 'the code of the moment for anyone, by the table',
    edits: [
      {
        at: 'src/service/access.ts',
        was: "'GET /api/nosos/:id/code': 'organizer',",
        is: "'GET /api/nosos/:id/code': 'anyone',",
      },
    ],
    seenBy: ['http/access.test'],
  },
  {
    name: 'the code of the moment for anyone, in what a phone is told',
    edits: [
      {
        at: 'src/service/entering.ts',
        was: 'noso: viewNoso(noso, venue, null),',
        is: 'noso: { ...viewNoso(noso, venue, null), code: codes.shown(noso, at) } as never,',
      },
    ],
    seenBy: ['http/seats'],
  },
  {
    name: 'a token from the query string, over HTTP',
    edits: [
      {
        at: 'src/http/api/api.ts',
        was: "const bearer = said && (said[1] ?? '');",
        is: "const bearer = said ? (said[1] ?? '') : new URLSearchParams(request.url?.split('?')[1]).get('token');",
      },
    ],
    seenBy: ['http/access.test'],
  },
  {
    name: 'a token from the query string, over a socket',
    edits: [
      {
        at: 'src/sockets/door.ts',
        was: 'auth.token ?? null, cookies)',
        is: "auth.token ?? new URLSearchParams(request.url?.split('?')[1]).get('token'), cookies)",
      },
    ],
    seenBy: ['sockets/access-sockets.test'],
  },
  {
    name: 'fsync off',
    edits: [
      {
        at: 'src/engine/embedded/',
        was: 'PRAGMA synchronous = FULL;',
        is: 'PRAGMA synchronous = OFF;',
      },
    ],
    seenBy: ['engine/durability.test'],
  },
  {
    name: 'fsync at checkpoints alone',
    edits: [
      {
        at: 'src/engine/embedded/',
        was: 'PRAGMA synchronous = FULL;',
        is: 'PRAGMA synchronous = NORMAL;',
      },
    ],
    seenBy: ['engine/durability.test'],
  },
  {
    name: 'unsafe-inline',
    edits: [
      {
        at: 'src/http/headers.ts',
        was: '"script-src \'self\'"',
        is: "\"script-src 'self' 'unsafe-inline'\"",
      },
    ],
    seenBy: ['http/policies'],
  },
  {
    name: 'frame rules dropped',
    edits: [{ at: 'src/http/headers.ts', was: 'frame-ancestors', is: 'x-frame-ancestors' }],
    seenBy: ['http/policies'],
  },
  {
    name: 'whoever wants may frame the console',
    edits: [
      {
        at: 'src/http/pages/shells.ts',
        was: "name: 'organizer',\n      tongue,\n      bars: DAY_BARS,\n      words: data,\n      framedBy: null,",
        is: "name: 'organizer',\n      tongue,\n      bars: DAY_BARS,\n      words: data,\n      framedBy: '*',",
      },
    ],
    seenBy: ['http/policies'],
  },
  {
    name: 'addresses in clear in the limiter',
    edits: [
      {
        at: 'src/service/limits.ts',
        was: "createHmac('sha256', salt).update(networkOf(address)).digest('base64').slice(0, 16)",
        is: 'networkOf(address)',
      },
    ],
    seenBy: ['service/keys.test'],
  },
  {
    name: 'addresses under a key that everybody has',
    edits: [
      {
        at: 'src/service/limits.ts',
        was: 'const salt = randomBytes(32);',
        is: "const salt = 'noso';",
      },
    ],
    seenBy: ['service/keys.test'],
  },
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
  {
    name: 'a new public gauge',
    edits: [
      {
        at: 'src/service/metrics.ts',
        was: "gauge('noso_nosos_open',",
        is: "gauge('noso_seated', 'Numbers that are seated.', 'phones');\n  gauge('noso_nosos_open',",
      },
    ],
    seenBy: ['service/figures'],
  },
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
  {
    name: 'a number is burnt after close',
    edits: [
      {
        at: 'src/service/desk.ts',
        was: "if (life.is !== 'open') throw whyNotOpen(place.noso, engine.now());",
        is: "if (life.is !== 'open') return { ...place, digits: 6 };",
      },
    ],
    seenBy: ['http/seats'],
  },
  {
    name: 'numbers sent to consoles',
    edits: [
      {
        at: 'src/sockets/organizer.ts',
        was: "to.emit('count', said);",
        is: "to.emit('count', { ...said, ...{ numbers: [...(state.numbers ?? [])] } });",
      },
    ],
    seenBy: ['protocol/frames.test', 'http/lifecycle.test'],
  },
  {
    name: 'keys of 32 bits: walls, doors, organizers',
    edits: [
      {
        at: 'src/service/identity.ts',
        was: "randomBytes(24).toString('base64url')",
        is: "randomBytes(4).toString('base64url')",
      },
    ],
    seenBy: ['service/keys.test'],
  },
  {
    name: 'keys of 32 bits: stretched to look longer',
    edits: [
      {
        at: 'src/service/identity.ts',
        was: "randomBytes(24).toString('base64url')",
        is: "createHash('sha256').update(randomBytes(2)).digest('base64url').slice(0, 32)",
      },
    ],
    seenBy: ['service/keys.test'],
  },
  {
    name: 'keys of 32 bits: a screen that waits',
    edits: [
      {
        at: 'src/service/pairing.ts',
        was: "const secret = randomBytes(24).toString('base64url');",
        is: "const secret = randomBytes(4).toString('base64url');",
      },
    ],
    seenBy: ['service/keys.test'],
  },
  {
    name: 'keys of 32 bits: passes',
    edits: [{ at: 'src/service/passes.ts', was: 'const MAC = 22;', is: 'const MAC = 6;' }],
    seenBy: ['service/keys.test', 'service/passes.test'],
  },
  {
    name: 'keys of 32 bits: the ids of passes',
    edits: [{ at: 'src/service/passes.ts', was: 'randomBytes(12)', is: 'randomBytes(4)' }],
    seenBy: ['service/keys.test', 'service/passes.test'],
  },
  {
    name: 'keys of 32 bits: the secret of an installation',
    edits: [{ at: 'src/programs/secret.ts', was: 'randomBytes(48)', is: 'randomBytes(4)' }],
    seenBy: ['service/keys.test', 'programs/start.test'],
  },
  {
    name: 'ids of sockets that count up',
    edits: [
      {
        at: 'src/sockets/lean.ts',
        was: 'pool = randomBytes(18 * 256);',
        is: 'pool = Buffer.alloc(18 * 256);',
      },
    ],
    seenBy: ['sockets/lean.test', 'sockets/silence-frames.test'],
  },
  {
    name: 'an answer before the disk has it',
    edits: [
      {
        at: 'src/engine/embedded/commits.ts',
        was: 'this.committing = turn;',
        is: 'this.committing = turn; turn.resolve();',
      },
    ],
    seenBy: ['engine/stall.test', 'engine/durability.test'],
  },
  {
    name: 'a close leaves the numbers in the file',
    edits: [{ at: 'src/engine/embedded/', was: 'PRAGMA secure_delete = ON;', is: '' }],
    seenBy: ['engine/forget.test'],
  },
  {
    name: "Redis' keys outlive the close",
    edits: [
      {
        at: 'src/engine/redis/scripts/lifecycleLua.ts',
        was: "redis.call('UNLINK', KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5],",
        is: "redis.call('UNLINK', KEYS[1], KEYS[3], KEYS[4],",
      },
    ],
    seenBy: ['engine/redis-traces.test'],
  },
];
