// What is wrong with what people send, drawn from a seed: words, JSON, and what becomes of bytes.
import type { Random } from '../sockets/silence/random.js';

/** Words that mean something somewhere: to a parser, to a prototype, to a file system, to a log. */
const WORDS = [
  ...['', ' ', '0', '-1', '1e308', '9'.repeat(40), 'NaN', 'null', 'true', 'undefined'],
  ...['__proto__', 'constructor', 'prototype', 'toString', 'hasOwnProperty', 'then'],
  ...['../../../etc/passwd', '%00', '%2e%2e%2f', '\u0000', '\r\n', '\r\nX-A: b', "' OR 1=1 --"],
  ...['<script>', '#{7*7}', '{{7*7}}', '\u202e', '\ud800', '\ufeff', 'ﬀ', '٣', '👋'],
  ...['leave', 'sync', 'seated', 'count', 'numbers', 'error', 'connect', 'disconnect', '*'],
  ...['MMM-MMM-MMM', '2026-06-01T14:00:00Z', 'Europe/Paris', '+99:99', 'x'.repeat(600)],
];

/** Fields of everything that the contract has a body for, and some that are no field of ours. */
const FIELDS = [
  ...['code', 'id', 'keep', 'pass', 'back', 'number', 'noso', 'returnCode', 'token', 'key'],
  ...['name', 'city', 'country', 'timeZone', 'address', 'language', 'venue', 'title', 'rule'],
  ...['startsAt', 'endsAt', 'capacity', 'gather', 'entry', 'show', 'pocket', 'veil', 'opens'],
  ...['clicks', 'count', 'since', 'until', 'minutes', 'label', 'secret', 'pairing', 'screen'],
  ...['diagonal', 'distance', 'shows', 'what', 'at', 'of', '__proto__', 'constructor', 'length'],
];

export const word = (random: Random): string =>
  random.chance(0.8) ? random.of(WORDS) : random.bytes(20).toString('latin1');

export const field = (random: Random): string =>
  random.chance(0.9) ? random.of(FIELDS) : word(random);

/** A value of JSON, of any kind. */
export function value(random: Random, deep = 3): unknown {
  const flat = [
    () => word(random),
    () => random.of([null, true, false, 0, -1, 1e308, 2 ** 53, 1.5]),
    () => random.below(100_000),
  ];
  if (deep === 0) return random.of(flat)();
  return random.of([
    ...flat,
    () => Array.from({ length: random.below(4) }, () => value(random, deep - 1)),
    () => object(random, deep - 1),
  ])();
}

export const object = (random: Random, deep = 2): Record<string, unknown> =>
  Object.fromEntries(
    Array.from({ length: random.below(5) }, () => [field(random), value(random, deep)]),
  );

/** JSON that is none, or that is more than anybody asked for. */
export const oddJson = (random: Random): string =>
  random.of([
    () => '',
    () => '{'.repeat(1 + random.below(2000)),
    () => '['.repeat(1 + random.below(2000)),
    () => `${'{"a":'.repeat(500)}1${'}'.repeat(500)}`,
    () => `{"code":1,"code":${JSON.stringify(word(random))}}`,
    () => `{"__proto__":${JSON.stringify(object(random))}}`,
    () => `{"code":${'9'.repeat(random.below(3000))}}`,
    () => `"\\u${random.of(['d800', '0000', '202e', 'zzzz', ''])}"`,
    () => `{"${word(random)}`,
    () => 'code=MMM-MMM-MMM&noso=x',
  ])();

/** The same bytes with something done to them. */
export function spoilt(random: Random, bytes: Buffer): Buffer {
  const at = random.below(bytes.length + 1);
  return random.of([
    () => bytes,
    () => bytes.subarray(0, at),
    () => bytes.subarray(at),
    () => Buffer.concat([bytes.subarray(0, at), random.bytes(12), bytes.subarray(at)]),
    () => Buffer.concat([bytes, bytes]),
    () => Buffer.concat([bytes.subarray(0, at), Buffer.from(word(random)), bytes.subarray(at)]),
    () => {
      const flipped = Buffer.from(bytes);
      for (let k = random.below(4); k >= 0 && flipped.length > 0; k -= 1) {
        flipped[random.below(flipped.length)] = random.below(256);
      }
      return flipped;
    },
  ])();
}
