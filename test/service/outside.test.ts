import { readFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import type { LogFields } from '../../src/log.js';
import { CAUSES, causeOf, createTell } from '../../src/service/causes.js';
import { createOutside } from '../../src/service/outside.js';
import { suite } from '../support/suite.js';

const test = suite('what the outside is told, and what is told of it');

function scene(trusts = false) {
  const clock = manualClock(1_000_000);
  const lines: LogFields[] = [];
  const write = (fields: LogFields) => void lines.push(fields);
  const log = { debug: write, info: write, warn: write, error: write };
  const tell = createTell({ log, clock });
  const publicUrl = () => 'http://10.0.0.1:3000';
  const outside = createOutside({ clock, publicUrl, trusts, tell });
  const ask = (headers: Record<string, string>) => ({ headers }) as unknown as IncomingMessage;
  const from = (origin?: string) =>
    outside.isForeign(ask({ host: 'inside:3000', ...(origin ? { origin } : {}) }));
  return { clock, lines, outside, ask, from };
}

test('F8 A1 a foreign origin is named once it came three times in a minute, once a minute, and bare', () => {
  const { clock, lines, from } = scene();
  assert.not.ok(from());
  assert.not.ok(from('http://inside:3000'));
  assert.not.ok(from('http://10.0.0.1:3000'));
  const stranger = 'https://noso.example/j/347-689-CDF?q=1#f';
  assert.ok(from(stranger) && from(stranger));
  assert.equal(lines, [], 'twice may be an accident');
  assert.ok(from(stranger));
  assert.is(lines.length, 1);
  const [line] = lines;
  assert.equal([line?.event, line?.count, line?.url], ['refused', 3, 'https://noso.example']);
  assert.match(line?.detail ?? '', /^ORIGIN: .*PUBLIC_URL/);
  for (let k = 0; k < 20; k += 1) from('http://other.example');
  assert.is(lines.length, 1, 'once a minute');
  clock.advance(60_000);
  assert.ok(from(stranger) && from('null'));
  assert.is(lines.length, 1, 'and three times anew');
  for (let k = 0; k < 3; k += 1) from(`https://${'x'.repeat(5000)}.example`);
  assert.ok((lines[1]?.url?.length ?? 0) <= 120);
});

test('F8 requests through a proxy that is not trusted are told of once, and never by their headers', () => {
  const { lines, outside, ask } = scene();
  const forwarded = ask({ 'x-forwarded-for': '192.0.2.1' });
  outside.look(ask({ host: 'x' }));
  for (let k = 0; k < 10; k += 1) outside.look(forwarded);
  assert.is(lines.length, 1);
  assert.match(lines[0]?.detail ?? '', /^FORWARDED: .*TRUST_PROXY/);
  assert.not.match(JSON.stringify(lines), '192.0.2.1');
  const trusting = scene(true);
  for (let k = 0; k < 10; k += 1) trusting.outside.look(forwarded);
  assert.equal(trusting.lines, []);
});

test('F8 each cause has its word, and README’s operations show the table', async () => {
  const readme = await readFile('README.md', 'utf8');
  for (const [word, { event, means }] of Object.entries(CAUSES)) {
    const row = readme.split('\n').find((line) => line.startsWith(`| \`${word}\` `));
    const cells = row?.split('|').map((cell) => cell.trim().replace(/`/g, ''));
    assert.equal(cells?.slice(1, 4), [word, event, means], word);
  }
  assert.is(causeOf('OOM'), 'OOM');
  assert.is(causeOf('SQLITE_FULL'), 'SQLITE');
  assert.is(causeOf('EROFS'), 'SQLITE');
  assert.is(causeOf('WHATEVER'), null);
});

test('F10 a Host that a proxy spells in capitals, or with a port that goes without saying, is ours', () => {
  const { outside, ask } = scene();
  const isForeign = (origin: string, host: string) => outside.isForeign(ask({ origin, host }));
  for (const [origin, host] of [
    ['http://noso.example', 'NOSO.Example'],
    ['http://noso.example', 'noso.example:80'],
    ['https://noso.example', 'noso.example:443'],
    ['https://noso.example:8443', 'noso.example:8443'],
    ['http://[::1]:3000', '[::1]:3000'],
  ] as const) {
    assert.not.ok(isForeign(origin, host), `${origin} at ${host}`);
  }
  for (const [origin, host] of [
    ['http://noso.example', 'noso.example:8080'],
    ['http://noso.example:8080', 'noso.example'],
    ['http://noso.example', 'noso.example.evil.example'],
    ['http://evil.example', 'noso.example/@evil.example'],
    ['http://evil.example', 'noso.example@evil.example'],
    ['https://noso.example', 'noso.example:80'],
    ['null', ''],
  ] as const) {
    assert.ok(isForeign(origin, host), `${origin} at ${host}`);
  }
});

test('F8 the third request of an untrusted proxy is told of, and again after an hour', () => {
  const { clock, lines, outside, ask } = scene();
  const headers = ['x-forwarded-for', 'forwarded', 'x-real-ip'];
  const look = (k: number) => outside.look(ask({ [headers[k % 3] as string]: '192.0.2.1' }));
  for (let k = 0; k < 10; k += 1) outside.look(ask({ host: 'x', via: 'a proxy' }));
  for (let k = 0; k < 2; k += 1) look(k);
  assert.is(lines.length, 0);
  look(2);
  assert.is(lines.length, 1);
  clock.advance(3_599_999);
  look(0);
  assert.is(lines.length, 1);
  clock.advance(1);
  look(1);
  look(2);
  assert.is(lines.length, 2);
});

test('A1 F8 a hundred origins are counted, for a minute each; the one seen longest ago is forgotten first', () => {
  const clock = manualClock(1_000_000);
  const told: unknown[] = [];
  const outside = createOutside({
    ...{ clock, publicUrl: () => 'http://noso.example', trusts: false },
    tell: (_, more) => void told.push(more?.url),
  });
  /** Whether one more of this origin is told of. */
  const from = (k: number) => {
    told.length = 0;
    const headers = { origin: `https://${k}.example`, host: 'noso.example' };
    outside.isForeign({ headers } as unknown as IncomingMessage);
    return told.length > 0;
  };
  const twice = (first: number, last: number) => {
    for (let k = first; k <= last; k += 1) assert.is(from(k) || from(k), false);
  };
  twice(0, 99);
  assert.equal([from(0), from(1)], [true, true]);
  from(100); // 2 is forgotten
  assert.equal([from(3), from(0), from(1), from(99)], [true, true, true, true]);
  assert.is(from(2), false); // and 4 is
  assert.equal([from(5), from(4)], [true, false]);
  clock.advance(59_999);
  assert.is(from(7), true);
  clock.advance(1);
  assert.equal([from(7), from(8), from(8)], [false, false, false], 'a minute after it came first');
  assert.equal([from(7), from(7)], [false, true]);
});
