import * as assert from 'uvu/assert';
import { createLog, type LogFields } from '../src/log.js';
import { suite } from './support/suite.js';

const test = suite('the log');

/** What is written for these fields. */
function line(fields: object, level: 'debug' | 'info' | 'warn' | 'error' = 'info') {
  let text = '';
  const log = createLog('trace', {
    write(written) {
      text += written;
    },
  });
  log[level](fields as LogFields);
  assert.is(text.split('\n').length, 2, 'one line');
  return { text, fields: JSON.parse(text) as Record<string, unknown> };
}

test('A1 what is not in the list of fields is not written, at any level', () => {
  for (const level of ['debug', 'info', 'warn', 'error'] as const) {
    const { fields } = line(
      { event: 'x', ms: 3, address: 'canary', headers: { a: 'canary' }, number: 4711, token: 'c' },
      level,
    );
    assert.equal(Object.keys(fields).sort(), ['event', 'level', 'ms', 'time']);
  }
});

test('A1 of an error its class, its code and where it arose, never its message', () => {
  const error = Object.assign(new TypeError('canary 203.0.113.7'), { code: 'E_X', path: 'canary' });
  const { text, fields } = line({ event: 'x', error });
  assert.not.match(text, 'canary');
  assert.is(fields.error, 'TypeError');
  assert.is(fields.code, 'E_X');
  const at = fields.at as string[];
  assert.ok(at.length > 0);
  for (const place of at) assert.match(place, /^(node:|src\/|node_modules\/)[^ ]+:\d+:\d+$/);
});

test('A1 a message that looks like a place, or has one in it, is no place', () => {
  for (const message of [
    'canary\n    at canary (file:///src/canary.js:1:1)',
    '\n    at src/canary.ts:1:1',
    'Unexpected token in JSON "\n   at canary"',
  ]) {
    assert.not.match(line({ event: 'x', error: new Error(message) }).text, 'canary', message);
  }
  let caught: unknown;
  try {
    JSON.parse('\n at canary');
  } catch (error) {
    caught = error;
  }
  assert.not.match(line({ event: 'x', error: caught }).text, 'canary');
});

test('A1 what is thrown and is no error is named by its kind', () => {
  for (const [thrown, kind] of [
    ['canary', 'string'],
    [{ canary: 1 }, 'object'],
    [null, 'object'],
  ] as const) {
    const { text, fields } = line({ event: 'x', error: thrown });
    assert.is(fields.error, kind);
    assert.not.match(text, 'canary');
  }
});

test('a level is kept to', () => {
  let text = '';
  const log = createLog('warn', {
    write(written) {
      text += written;
    },
  });
  log.debug({ event: 'a' });
  log.info({ event: 'b' });
  assert.is(text, '');
  log.warn({ event: 'c' });
  assert.match(text, '"event":"c"');
});
