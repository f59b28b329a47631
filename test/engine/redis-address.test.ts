import * as assert from 'uvu/assert';
import { refusalIn } from '../../src/engine/redis/redisRefusal.js';
import { troubleIn } from '../../src/engine/redis/redisTrouble.js';
import { readAddress } from '../../src/engine/redis/redisUrl.js';
import { suite } from '../support/suite.js';

const test = suite('REDIS_URL');

test('one address is a Redis alone', () => {
  assert.equal(readAddress('redis://localhost'), {
    kind: 'standalone',
    options: { host: 'localhost', port: 6379 },
  });
  assert.equal(readAddress('rediss://me:p%40ss@[::1]:7000/3'), {
    kind: 'standalone',
    options: { host: '::1', port: 7000, db: 3, username: 'me', password: 'p@ss', tls: {} },
  });
});

test('several are a Cluster, told the same', () => {
  assert.equal(readAddress('redis://:secret@a:1, redis://b:2'), {
    kind: 'cluster',
    nodes: [
      { host: 'a', port: 1 },
      { host: 'b', port: 2 },
    ],
    options: { password: 'secret' },
  });
});

test('Sentinels know the master by its name', () => {
  assert.equal(readAddress('sentinel://a:1,b/my-master'), {
    kind: 'sentinel',
    options: {
      sentinels: [
        { host: 'a', port: 1 },
        { host: 'b', port: 26379 },
      ],
      name: 'my-master',
    },
  });
});

test('what cannot be is refused, and no password is in the words', () => {
  for (const wrong of [
    'http://secret@a',
    'sentinel://:secret@a:1',
    'sentinel:///name',
    'redis://:secret@a/b',
    'redis://:secret@a/1,redis://b/1',
    'redis://:secret@a:x',
    '',
  ]) {
    try {
      readAddress(wrong);
    } catch (error) {
      assert.not.match(String(error), 'secret');
      continue;
    }
    assert.unreachable(wrong);
  }
});

test('F8 what is in the way has one word, whoever says it', () => {
  const coded = (message: string, code: string) => Object.assign(new Error(message), { code });
  const wrapped = Object.assign(new Error('x'), { lastNodeError: new Error('NOAUTH no') });
  for (const [error, word, trouble] of [
    [new Error('WRONGPASS invalid'), 'WRONGPASS', /^NOPERM: .*user or password \(WRONGPASS\)/],
    [wrapped, 'NOAUTH', /^NOPERM: .*asks for a password/],
    [new Error('NOPERM no'), 'NOPERM', /^NOPERM: .*all commands, keys and channels/],
    [new Error('ERR invalid DB index'), 'SELECT', /^SELECT: Redis has no such database$/],
    [coded('expired', 'CERT_HAS_EXPIRED'), 'CERT_HAS_EXPIRED', /^CERT: .*not trusted: expired/],
    [new Error('OOM command not allowed'), null, /^OOM$/],
    [new Error('ERR max number of clients reached'), null, /^MAXCLIENTS$/],
    [coded('connect EMFILE', 'EMFILE'), null, /^EMFILE$/],
    [
      new Error('Too many Cluster redirections. Last error: ReplyError: CLUSTERDOWN no'),
      null,
      /^CLUSTERDOWN$/,
    ],
  ] as const) {
    assert.is(refusalIn(error)?.word ?? null, word, error.message);
    assert.match(troubleIn(error) ?? '', trouble);
  }
  for (const error of [new Error('ERR no such key'), coded('gone', 'ECONNRESET'), 'NOAUTH']) {
    assert.equal([refusalIn(error), troubleIn(error)], [null, null]);
  }
});
