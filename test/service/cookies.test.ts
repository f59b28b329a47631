import * as assert from 'uvu/assert';
import { createJar } from '../../src/service/cookies.js';
import { suite } from '../support/suite.js';

const test = suite('cookies');

const jarOf = (publicUrl = 'http://noso.example', installation: string | null = 'ours') =>
  createJar({
    installation: () => installation,
    publicUrl: () => publicUrl,
    made: (_, value) => value.startsWith('ours'),
  });

test('A2 names bear the installation’s id; under https they are __Host- and Secure', () => {
  const plain = jarOf();
  assert.match(
    plain.set('token', 'ours'),
    /^noso_ours_token=ours; .*Path=\/; HttpOnly; SameSite=Lax$/,
  );
  const secure = jarOf('https://noso.example');
  for (const name of ['token', 'pass', 'entry', 'language', 'organizer'] as const) {
    const set = secure.set(name, 'x');
    assert.match(set, /^__Host-noso_ours_\w+=x; .*Path=\/;.*Secure/, set);
    assert.not.match(set, 'Domain');
  }
  assert.equal(
    [secure.forScript('pass').name, secure.forScript('pass').secure],
    ['__Host-noso_ours_pass', true],
  );
});

test('A2 an organizer’s key goes with no request of another site, not even with a link from it', () => {
  const jar = jarOf();
  const sameSite = (name: Parameters<typeof jar.set>[0]) =>
    /SameSite=(\w+)/.exec(jar.set(name, 'ours'))?.[1];
  for (const name of ['token', 'passing', 'pass', 'entry', 'language'] as const) {
    assert.is(sameSite(name), 'Lax', name);
  }
  assert.is(sameSite('organizer'), 'Strict');
});

test('A2 scripts read the seat’s pass alone, which is worth nothing without the token', () => {
  for (const url of ['http://noso.example', 'https://noso.example']) {
    const jar = jarOf(url);
    for (const name of ['token', 'passing', 'entry', 'language', 'organizer'] as const) {
      assert.match(jar.set(name, 'ours'), /; HttpOnly/, name);
      assert.match(jar.set(name, null), /; HttpOnly/, name);
    }
    for (const kept of [true, false]) assert.match(jar.setToken('ours', kept), /; HttpOnly/);
    assert.not.match(jar.set('pass', 'ours'), 'HttpOnly');
    assert.is(jar.set('pass', 'ours').includes('; Secure'), url.startsWith('https:'));
  }
});

test('A2 version 1’s are read, moved and deleted; what is not ours is left alone', () => {
  const jar = jarOf();
  const first = 'noso_token=ours.1; noso_organizer=theirs; noso_lang=fr';
  assert.is(jar.read(first, 'token'), 'ours.1');
  const [moved = '', deleted = '', ...more] = jar.move(first, 'token', 'passing');
  assert.match(moved, /^noso_ours_token=ours\.1; Max-Age=90000;/);
  assert.match(deleted, /^noso_token=; Max-Age=0;/);
  assert.equal(more, []);
  assert.is(jar.read(first, 'organizer'), null);
  assert.equal(jar.move(first, 'organizer'), []);
  // Nobody signed a language: it is gone by, and both have it.
  assert.is(jar.read(first, 'language'), 'fr');
  assert.match(jar.move(first, 'language').join('\n'), /^noso_ours_lang=fr;[^\n]*$/);
  // What is under our own name counts before anything older, and is not moved.
  const both = `noso_ours_token=new; ${first}`;
  assert.is(jar.read(both, 'token'), 'new');
  assert.equal(jar.move(both, 'token'), []);
  assert.is(jar.read('noso_another_token=ours.1', 'token'), null);
  assert.not(jar.keeps('noso_token=theirs; noso_another_pass=ours'));
});

test('A2 anything of a participant’s is kept, for as long as the table says or less, a second at least', () => {
  const jar = jarOf();
  for (const name of ['token', 'pass', 'entry']) {
    assert.ok(jar.keeps(`noso_ours_${name}=ours`), name);
    assert.not(jar.keeps(`noso_ours_${name}=`), name);
  }
  assert.not(jar.keeps('noso_ours_lang=fr; noso_ours_organizer=ours'));
  assert.not(jar.keeps(undefined));
  const age = (set: string) => Number(/Max-Age=(\d+)/.exec(set)?.[1]);
  assert.equal(
    [0, 0.2, 1.2, 599.5, 1e9].map((seconds) => age(jar.set('entry', 'ours', seconds))),
    [1, 1, 2, 600, 600],
  );
  assert.is(age(jar.set('entry', 'ours')), 600);
  assert.is(age(jar.set('entry', null, 500)), 0);
  assert.equal(
    [true, false].map((kept) => age(jar.setToken('ours', kept))),
    [31_536_000, 90_000],
  );
});

test('A2 what was kept over http goes on over https, moved', () => {
  const jar = jarOf('https://noso.example');
  const [moved = '', deleted = ''] = jar.move('noso_ours_token=ours', 'token');
  assert.match(moved, /^__Host-noso_ours_token=ours;.*Secure/);
  assert.match(deleted, /^noso_ours_token=; Max-Age=0;/);
});
