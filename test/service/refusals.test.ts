import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { ERRORS, Refusal } from '../../src/domain/errors.js';
import type { Noso } from '../../src/domain/noso.js';
import { readWords } from '../../src/service/dictionary.js';
import {
  asRefusal,
  badCode,
  connectErrorOf,
  failureOf,
  over,
  problemOf,
} from '../../src/service/refusals.js';
import { sentence, type Words } from '../../src/service/words.js';
import { suite } from '../support/suite.js';

const test = suite('refusals: one code, one reason, one sentence a language');
const all = readWords(fileURLToPath(new URL('../../client/words', import.meta.url)));

/** The contract's table, copied from it: additions are welcome, changes are not. */
const CONTRACT: Record<string, [status: number, reasons: string]> = {
  bad_request: [400, ''],
  unauthorized: [401, 'missing invalid expired revoked'],
  forbidden: [403, 'role noso origin'],
  bad_code: [403, 'not_a_code gone_by pass return pairing'],
  not_found: [404, ''],
  conflict: [409, 'state other_open count left lapsed pass_used voided'],
  not_open: [409, 'not_yet closed cancelled'],
  full: [409, ''],
  spent: [409, ''],
  too_soon: [429, ''],
  too_large: [413, ''],
  unsupported: [415, 'encoding charset type'],
  rate_limited: [429, 'guesses exchanges draws pairings'],
  unavailable: [503, 'no_answer not_writable late draining'],
};

test('F8 the table holds every code and reason of the contract', () => {
  assert.equal(Object.keys(ERRORS).sort(), Object.keys(CONTRACT).sort());
  for (const [code, [status, reasons]] of Object.entries(CONTRACT)) {
    const row: { status: number; reasons: readonly string[] } = ERRORS[code as keyof typeof ERRORS];
    assert.is(row.status, status, code);
    for (const reason of reasons.split(' ').filter(Boolean)) {
      assert.ok(row.reasons.includes(reason), `${code}.${reason}`);
    }
  }
});

test('a code and a reason that do not belong together do not compile', () => {
  const pairs = [
    new Refusal('conflict.other_open'),
    new Refusal('full'),
    // @ts-expect-error a conflict says which
    new Refusal('conflict'),
    // @ts-expect-error another code's reason
    new Refusal('conflict.origin'),
    // @ts-expect-error a code that has none
    new Refusal('full.left'),
    // @ts-expect-error no such code
    new Refusal('no_such_code'),
  ];
  assert.is(pairs[0]?.code, 'conflict');
  assert.is(pairs[0]?.reason, 'other_open');
  assert.is(pairs[1]?.reason, undefined);
});

test('F8 a problem, a failed ack and a connect_error say the same', () => {
  const refusal = new Refusal('too_soon', 'in a minute', 60);
  assert.equal(problemOf(refusal), {
    type: 'about:blank',
    title: 'too_soon',
    status: 429,
    code: 'too_soon',
    retryAfter: 60,
    detail: 'in a minute',
  });
  assert.equal(failureOf(refusal), { ok: false, code: 'too_soon', retryAfter: 60 });
  const other = new Refusal('not_open.closed', 'over', undefined, { noso: 1 });
  assert.equal(connectErrorOf(other), { code: 'not_open', reason: 'closed', detail: 'over' });
  assert.equal(failureOf(other), { ok: false, code: 'not_open', reason: 'closed' });
  const { reason, noso } = problemOf(other);
  assert.equal([reason, noso], ['closed', 1]);
});

test('F8 each code has a sentence in each language, and no sentence is for nothing', async () => {
  const known = new Set(
    Object.entries(ERRORS).flatMap(([code, { reasons }]) =>
      [...reasons].map((reason) => (reason === '' ? code : `${code}.${reason}`)),
    ),
  );
  for (const [language, words] of await all) {
    const keys = Object.keys(words.errors);
    for (const code of Object.keys(ERRORS)) assert.ok(keys.includes(code), `${language}: ${code}`);
    for (const key of keys) assert.ok(known.has(key) || key in ERRORS, `${language}: ${key}`);
  }
  const words = (await all).get('en') as Words;
  assert.is(sentence(words, new Refusal('not_open.closed')), 'It is over.');
  assert.is(sentence(words, new Refusal('conflict.fixed')), words.errors.conflict);
});

test('F4 F8 what express objects to is said as the table has it, and what nothing accounts for is a fault', () => {
  const faults: unknown[] = [];
  const said = (error: unknown) => {
    const { why, retryAfter } = asRefusal(error, (fault) => faults.push(fault));
    return retryAfter === undefined ? why : `${why} ${retryAfter}`;
  };
  const known = new Refusal('full');
  assert.is(
    asRefusal(known, () => assert.unreachable('it is none')),
    known,
  );
  for (const [status, why] of [
    [399, 'unavailable.fault 3'],
    [400, 'bad_request'],
    [404, 'not_found'],
    [413, 'too_large'],
    [414, 'bad_request'],
    [499, 'bad_request'],
    [500, 'unavailable.fault 3'],
    ['404', 'unavailable.fault 3'],
    [undefined, 'unavailable.fault 3'],
  ] as const) {
    const before = faults.length;
    const error = Object.assign(new Error('of express'), { status });
    assert.is(said(error), why, `${status}`);
    assert.equal(faults.slice(before), why.startsWith('unavailable') ? [error] : []);
  }
  const odd = [null, undefined, 'text', 404, () => {}];
  for (const error of odd) assert.is(said(error), 'unavailable.fault 3');
  assert.equal(faults.slice(-odd.length), odd, 'each is told to whoever runs the server');
});

test('F8 whoever comes too early, too late, or with no code is told which', () => {
  const at = (life: object) => over({ life } as Noso).why;
  assert.is(at({ is: 'scheduled' }), 'not_open.not_yet');
  assert.is(at({ is: 'cancelled' }), 'not_open.cancelled');
  assert.is(at({ is: 'closed' }), 'not_open.closed');
  assert.is(badCode('MMM-MMM-MMM').why, 'bad_code.gone_by');
  for (const typed of ['', 'no code', 'MMM-MMM-MM', 'MMM-MMM-MMMM']) {
    assert.is(badCode(typed).why, 'bad_code.not_a_code', typed);
  }
});
