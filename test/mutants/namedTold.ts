import { type NamedFault, slip } from './slip.js';

/** Faults of what is told: on walls, over HTTP, in figures, in the log and in files. */
export const TOLD: NamedFault[] = [
  slip(
    'told: the veil is not heeded',
    'src/live/feed.ts',
    ['if (noso.veil === 0 || owed) show();', 'show();'],
    ['live/feed'],
  ),
  slip(
    'told: a beat on the strength of an old read',
    'src/live/broadcast.ts',
    ['freshness.within(of.lastRead(), STRENGTH)', 'of.lastRead() !== null'],
    ['live/broadcast', 'live/stage'],
  ),
  slip(
    'told: phones are told the count',
    'src/service/entering.ts',
    ['noso: viewNoso(noso, venue, null),', 'noso: viewNoso(noso, venue, 7),'],
    ['service/entering'],
  ),
  slip(
    'told: anyone is told the count',
    'src/service/planning.ts',
    [
      "const mayCount = role === 'organizer' || role === 'owner';",
      'const mayCount = role !== "wall";',
    ],
    ['http/lifecycle', 'http/seats'],
  ),
  slip(
    'told: a door is told which number it drew',
    'src/service/hands.ts',
    ['return paper.has(number) ?', 'return paper.has(number) || number > 0 ?'],
    ['service/hands'],
  ),
  slip(
    'told: few are told as so many',
    'src/domain/record.ts',
    ['total < 10 ? null', 'total < 1 ? null'],
    ['domain/record.test'],
  ),
  slip(
    'told: figures are exact',
    'src/service/metrics.ts',
    [
      'const inTens = (count: number): number => publicFigure(count) ?? 0;',
      'const inTens = (count: number): number => count;',
    ],
    ['service/metrics', 'http/health'],
  ),
  {
    name: 'told: a figure for each NoSo',
    edits: [
      {
        at: 'src/service/metrics.ts',
        was: "labelNames: ['result']",
        is: "labelNames: ['result', 'noso']",
      },
      {
        at: 'src/service/metrics.ts',
        was: 'clicks.inc({ result }),',
        is: "clicks.inc({ result, noso: 'one' }),",
      },
    ],
    seenBy: ['service/metrics', 'http/health'],
  },
  slip(
    'told: answers that proxies and browsers keep',
    'src/http/headers.ts',
    ["['Cache-Control', 'no-store'],", ''],
    ['http/policies'],
  ),
  slip(
    'told: pages on a phone are kept',
    'src/http/pages/send.ts',
    ["response.type('html')", "response.set('Cache-Control', 'private, max-age=60').type('html')"],
    ['http/policies'],
  ),
  slip(
    'told: the address of a page goes along with links',
    'src/http/headers.ts',
    ["'Referrer-Policy', 'same-origin'", "'Referrer-Policy', 'unsafe-url'"],
    ['http/policies'],
  ),
  slip(
    'told: https is not insisted on',
    'src/http/headers.ts',
    ["publicUrl.startsWith('https:') ? SECURELY : ALWAYS", 'ALWAYS.size > 0 ? ALWAYS : SECURELY'],
    ['http/policies'],
  ),
  slip(
    'told: figures for whoever is asked by another name',
    'src/http/metricsAccess.ts',
    ['isLoopbackName(nameIn(`http', '((_: string) => true)(nameIn(`http'],
    ['http/operator'],
  ),
  slip(
    'told: the log passes on what it is given',
    'src/log.ts',
    ['const line = { event,', 'const line = { ...fields, event,'],
    ['log.test'],
  ),
  slip(
    'told: what an error says is logged',
    'src/log.ts',
    [
      'return { error: error.name, code, at };',
      'return { error: error.name, code, at, message: error.message };',
    ],
    ['log.test'],
  ),
  slip(
    'told: a token in the log',
    'src/http/api/api.ts',
    [
      'deps.refused(refusal.code);\n    sendProblem',
      'deps.refused(refusal.code); console.log(JSON.stringify(request.headers));\n    sendProblem',
    ],
    ['programs/anonymity-seizure'],
  ),
  slip(
    'told: a copy that others on the machine may read',
    'src/programs/backupFile.ts',
    ["open(part, 'w', 0o600)", "open(part, 'w', 0o644)"],
    ['programs/backup.test'],
  ),
  slip(
    'told: a secret that others on the machine may read',
    'src/programs/durably.ts',
    ["open(path, 'wx', 0o600)", "open(path, 'wx', 0o644)"],
    ['programs/start.test'],
  ),
  slip(
    'told: a copy of open NoSos unasked',
    'src/programs/copying.ts',
    ['if (!withNumbers && copy.changes.some(isOpen))', 'if (copy.changes.length < 0)'],
    ['programs/backup.test'],
  ),
  slip(
    'told: ready while it drains',
    'src/server.ts',
    [
      "const ready = () => state === 'ready' && readiness.isReady();",
      "const ready = () => state !== 'starting' && readiness.isReady();",
    ],
    ['sockets/drain.test'],
  ),
  slip(
    'told: whoever connects is taken in while it drains',
    'src/server.ts',
    ["draining: () => state === 'draining',", 'draining: () => false,'],
    ['sockets/drain.test'],
  ),
  slip(
    'told: phones hear a word more',
    'src/service/access.ts',
    ["events: ['leave']", "events: ['leave', 'say']"],
    ['sockets/access-sockets'],
  ),
  slip(
    'told: what somebody typed is markup',
    'src/http/pages/html.ts',
    ["'<': '&lt;'", "'<': '<'"],
    ['http/pages-parts', 'http/hostile-http'],
  ),
];
