import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import * as assert from 'uvu/assert';
import { createMac, isSame } from '../../src/service/mac.js';
import { suite } from '../support/suite.js';

const test = suite('mac');

const right = (key: Uint8Array | string, text: string) =>
  createHmac('sha256', key).update(text).digest('base64url');

test('a MAC is the HMAC-SHA-256 of the library, whatever the key and the text', () => {
  const key = fc.oneof(fc.uint8Array({ minLength: 1, maxLength: 200 }), fc.string());
  const text = fc.string({ unit: 'grapheme', maxLength: 2000, size: 'max' });
  const property = fc.property(key, text, text, (key, one, another) => {
    const mac = createMac(key);
    // One after the other: nothing of one text is left in the other.
    for (const each of [one, another, one, '']) assert.is(mac(each), right(key, each));
  });
  fc.assert(property, { numRuns: 300 });
});

test('a MAC of a text about as long as there is room for is right', () => {
  const mac = createMac('key');
  for (let length = 330; length < 350; length += 1) {
    for (const unit of ['a', 'é', '漢']) {
      const text = unit.repeat(length);
      assert.is(mac(text), right('key', text));
    }
  }
  for (let length = 1020; length < 1030; length += 1) {
    assert.is(mac('b'.repeat(length)), right('key', 'b'.repeat(length)));
  }
});

test('what is the same is the same, and nothing else: not of another length, case or alphabet', () => {
  const mac = createMac('key')('text');
  assert.ok(isSame(mac, `${mac}`));
  for (let k = 0; k < mac.length; k += 1) {
    const other = mac[k] === 'A' ? 'B' : 'A';
    assert.not.ok(isSame(`${mac.slice(0, k)}${other}${mac.slice(k + 1)}`, mac));
    // Its low byte is that of the right one.
    const wide = String.fromCharCode(mac.charCodeAt(k) + 0x100);
    assert.not.ok(isSame(`${mac.slice(0, k)}${wide}${mac.slice(k + 1)}`, mac));
  }
  for (const other of ['', mac.slice(1), `${mac}A`, mac.toUpperCase()]) {
    assert.not.ok(isSame(other, mac));
  }
  assert.not.ok(isSame('a'.repeat(65), 'a'.repeat(65)), 'longer than any');
  assert.ok(isSame('short', 'short'), 'nothing of what was compared before counts');
});
