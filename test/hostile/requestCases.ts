// Requests that mean ill, or do not know better: to every address that there is and to others, by
// everybody who may ask something, with heads and bodies at which anything may be wrong.
import type { Role } from '../../src/service/access.js';
import type { Random } from '../sockets/silence/random.js';
import { MAY_ASK } from '../support/contract.js';
import { upgradeRequest } from '../support/tcp.js';
import { object, oddJson, spoilt, value, word } from './garbage.js';

export type RequestCase = {
  method: string;
  path: string;
  bytes: Buffer;
  end: 'half' | 'reset';
};

/** What may be named in a request that is about something: each a NoSo, a venue and so on to be spoilt. */
export type Targets = {
  tokens: Record<Exclude<Role, 'anyone'>, string>;
  /** Tokens that are worth nothing. */
  void: string[];
  noso: string;
  venue: string;
  pass: string;
  number: string;
};

/** Said by whoever means ill, in a header: nothing that is kept or told may show it (A1). */
export const CANARY = 'canary-of-the-storm';

const ROUTES = Object.values(MAY_ASK).flat();
const PAGES = [
  ...['/', '/n/:id', '/n/:id/picture.png', '/j', '/j/MMM-MMM-MMM', '/me', '/me/keep', '/me/return'],
  ...['/me/forget', '/out', '/wall', '/door', '/organize', '/organize/print', '/privacy'],
  ...['/accessibility', '/robots.txt', '/favicon.ico', '/.well-known/security.txt', '/healthz'],
  ...['/readyz', '/metrics', '/openapi.json', '/asyncapi.json', '/assets/wall/page.js', '/assets/'],
  ...['/socket.io/', '/socket.io/?EIO=4&transport=polling', '/nowhere', '//', '/%', '/api/', '*'],
];
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'LEAVE'];

function path(random: Random, named: string, targets: Targets): string {
  const filled = named.replace(/:\w+/g, () =>
    random.of([
      () => targets.noso,
      () => targets.venue,
      () => targets.number,
      () => 'nothing',
      () => encodeURIComponent(word(random).replace(/[\ud800-\udfff]/g, '')),
      () => word(random).replace(/[^!-~]|[?#]/g, ''),
    ])(),
  );
  if (random.chance(0.8)) return filled;
  const more = Array.from({ length: random.below(4) }, () => {
    const name = random.of([
      'city',
      'venue',
      'state',
      'from',
      'cursor',
      'code',
      'token',
      'numbers',
    ]);
    return `${name}=${encodeURIComponent(word(random).replace(/[\ud800-\udfff]/g, ''))}`;
  });
  return `${filled}?${more.join('&')}`;
}

/** Header lines, some of which the server goes by and some of which nobody should. */
function headers(random: Random, targets: Targets): string[] {
  const token = random.of([...Object.values(targets.tokens), ...targets.void, 'x']);
  const plain = word(random).replace(/[^ -~]/g, '');
  const all = [
    () => `Authorization: Bearer ${token}`,
    () => `Authorization: Bearer ${token}`,
    () => `Authorization: ${random.of(['Basic eDp4', 'Bearer', `bearer  ${token}`, 'Digest x'])}`,
    () => `Cookie: ${random.of(['noso_pass', 'noso', '__Host-noso', 'x'])}=${plain}`,
    () => `Origin: ${random.of(['null', 'http://evil.example', 'x', plain])}`,
    () => `X-Forwarded-For: ${plain}`,
    () => `X-Forwarded-Host: ${CANARY}.example`,
    () => `X-HTTP-Method-Override: DELETE`,
    () => `If-None-Match: ${plain}`,
    () => `Range: bytes=${random.of(['0-', '-1', '9-1', '0-0,1-1,2-2', 'x'])}`,
    () => `Accept: ${random.of(['*/*', 'text/html', 'application/json', plain])}`,
    () => `Accept-Encoding: ${random.of(['gzip', 'br;q=1, *;q=0', 'identity;q=0', plain])}`,
    () => `Accept-Language: ${random.of(['fr', 'en;q=x', '*', plain])}`,
    () => `Expect: ${random.of(['100-continue', 'miracles'])}`,
    () => `Content-Encoding: ${random.of(['gzip', 'br', 'identity', 'zstd', plain])}`,
    () => `Upgrade: ${random.of(['h2c', 'websocket', 'x'])}\r\nConnection: Upgrade`,
    () => `${word(random).replace(/[^!-~]/g, '') || 'X'}: ${plain}`,
    () => `X-Long: ${'x'.repeat(random.below(20_000))}`,
  ];
  return Array.from({ length: random.below(5) }, () => random.of(all)());
}

const TYPES = [
  ...['application/json', 'application/json', 'application/json; charset=utf-8'],
  ...['application/merge-patch+json', 'application/x-www-form-urlencoded', 'text/plain'],
  ...['application/json; charset=utf-7', 'multipart/form-data; boundary=', 'x', ''],
];

/** A body, as well formed as chance has it. */
function body(random: Random, { noso, venue, pass, number }: Targets): Buffer {
  const known = { noso, venue, pass, number, code: 'MMM-MMM-MMM', title: 'x', city: 'Lyon' };
  const form = new URLSearchParams({ noso, pass, code: 'MMM-MMM-MMM', keep: 'yes', back: 'yes' });
  const text = random.of([
    () => JSON.stringify(object(random)),
    () => JSON.stringify({ ...known, ...object(random) }),
    () => JSON.stringify(value(random)),
    () => oddJson(random),
    () => form.toString(),
    () => 'x'.repeat(random.below(40_000)),
  ])();
  const bytes = Buffer.from(text);
  return random.chance(0.3) ? spoilt(random, bytes) : bytes;
}

/** The same, with what says how long it is, which may be a lie. */
function framed(random: Random, bytes: Buffer): { head: string; bytes: Buffer } {
  const size = bytes.length;
  const chunk = Buffer.concat([
    Buffer.from(`${size.toString(16)}\r\n`),
    bytes,
    Buffer.from('\r\n'),
  ]);
  const length = (said: unknown) => ({ head: `Content-Length: ${said}\r\n`, bytes });
  const chunked = (all: Buffer) => ({ head: 'Transfer-Encoding: chunked\r\n', bytes: all });
  return random.of([
    () => length(size),
    () => length(size),
    () => length(size),
    () =>
      length(random.of<unknown>([size + 5, size - 5, 0, -1, '1e3', `${size}, ${size}`, 2 ** 70])),
    () => chunked(Buffer.concat([chunk, Buffer.from('0\r\n\r\n')])),
    () => chunked(random.of([chunk, spoilt(random, chunk), bytes])),
    () => ({ head: `Content-Length: ${size}\r\nTransfer-Encoding: chunked\r\n`, bytes }),
  ])();
}

export function requestCase(random: Random, targets: Targets): RequestCase {
  if (random.chance(0.05)) {
    const query = random.of([
      'EIO=3',
      'EIO=4',
      'EIO=4&transport=x',
      'EIO=4&transport=websocket&sid=x',
    ]);
    const bytes = upgradeRequest(
      `/socket.io/?${query}`,
      `${headers(random, targets)[0] ?? 'A: b'}\r\n`,
    );
    return { method: 'GET', path: query, bytes: spoilt(random, Buffer.from(bytes)), end: 'half' };
  }
  const [known = 'GET', named = '/'] = random.chance(0.7)
    ? random.of(ROUTES).split(' ')
    : [random.of(['GET', 'POST']), random.of(PAGES)];
  const method = random.chance(0.85) ? known : random.of(METHODS);
  const target = path(random, named, targets);
  const withBody = /^P/.test(method) ? random.chance(0.95) : random.chance(0.2);
  const said = withBody ? framed(random, body(random, targets)) : { head: '', bytes: Buffer.of() };
  const lines = [
    `${method} ${target} HTTP/1.1`,
    'Host: 127.0.0.1',
    `User-Agent: ${CANARY}`,
    ...(random.chance(0.9) ? ['Connection: close'] : []),
    ...(withBody && random.chance(0.9) ? [`Content-Type: ${random.of(TYPES)}`] : []),
    ...headers(random, targets),
  ];
  const whole = Buffer.concat([
    Buffer.from(`${lines.join('\r\n')}\r\n${said.head}\r\n`),
    said.bytes,
  ]);
  const bytes = random.chance(0.9) ? whole : spoilt(random, whole);
  return { method, path: target, bytes, end: random.chance(0.95) ? 'half' : 'reset' };
}
