import * as assert from 'uvu/assert';
import { realClock } from '../../src/clock.js';
import { createIdentify, hashOf, newId, newKey } from '../../src/service/identity.js';
import { createLimits } from '../../src/service/limits.js';
import { createPairing } from '../../src/service/pairing.js';
import { createPasses } from '../../src/service/passes.js';
import { createSessions } from '../../src/service/sessions.js';
import { createTokens } from '../../src/service/tokens.js';
import { suite } from '../support/suite.js';
import { inHouse } from './house.js';

const test = suite('how strong keys are');

/** Of so many with 32 bits, ten are alike; that none is has a chance of one in 30,000. */
const MANY = 300_000;
const SECRET = 'a secret that is long enough for the tests to use';

test('A2 A8 F6 keys have 192 bits, by their length and by chance', () => {
  for (const kind of ['organizer', 'wall', 'door'] as const) {
    const { id, token, hash } = newKey(kind);
    assert.match(token, new RegExp(`^${kind}\\.${id}\\.[\\w-]{32}$`));
    assert.match(id, /^\w{12}$/);
    assert.is(hash, hashOf(token), 'it is the whole of it that is kept as a digest');
    assert.match(hash, /^[\w-]{43}$/);
  }
  // Were two of many alike, chance would be shorter than it looks, however it is spelt.
  const seen = new Set<string>();
  for (let k = 0; k < MANY; k += 1) seen.add(newKey('wall').token.slice(-32));
  assert.is(seen.size, MANY);
});

test('A2 ids and passes are new each time', () => {
  const passes = createPasses([SECRET], Date.now);
  const pass = passes.entry('noso', 1, Date.now());
  assert.match(pass, /^e\.noso\.1\.[\w-]{16}\.\d+\.[\w-]{22}$/, '96 bits, and a MAC of 132');
  const some = Array.from({ length: 1000 }, () => passes.entry('noso', 1, 1));
  assert.is(new Set(some).size, 1000);
});

test('A2 a MAC of which one sign is another opens nothing, wherever it is', () => {
  const passes = createPasses([SECRET], Date.now);
  const pass = passes.entry('noso', Date.now(), Date.now());
  assert.ok(passes.read(pass));
  for (let k = 1; k <= 22; k += 1) {
    const at = pass.length - k;
    const other = `${pass.slice(0, at)}${pass[at] === 'A' ? 'B' : 'A'}${pass.slice(at + 1)}`;
    assert.is(passes.read(other), null, `sign ${at}`);
  }
  assert.match(passes.keyOfId('noso', 'x'), /^[\w-]{22}$/);
  assert.match(passes.keyOfClick('noso', 'door', 'x'), /^[\w-]{22}$/);
});

test('A2 what a screen waits with has 192 bits, and the store digests alone', async () => {
  const written: string[] = [];
  const pairing = createPairing({
    engine: {
      now: () => 1_000_000,
      reserve: async (id, holder) => {
        written.push(id, holder);
        return holder;
      },
      holder: async () => null,
      spend: async () => true,
    },
    catalogue: { wall: () => undefined, refresh: async () => {} },
    secrets: [SECRET],
  });
  const made = await Promise.all(Array.from({ length: 5 }, () => pairing.begin('somebody')));
  assert.is(new Set(made.map(({ secret }) => secret)).size, 5);
  for (const { code, secret } of made) {
    assert.match(secret, /^[\w-]{32}$/);
    const plain = written.filter((text) => text.includes(secret) || text.includes(code));
    assert.equal(plain, []);
  }
  for (const text of written) assert.match(text, /(^|\.)[\w-]{43}$/);
});

test('A2 tokens are signed with all of SHA-256', () => {
  const tokens = createTokens([SECRET], Date.now);
  for (const token of [tokens.owner(), tokens.number(4711), tokens.link(newId())]) {
    assert.match(token.split('.')[2] as string, /^[\w-]{43}$/);
  }
});

test('A1 an address is known by a digest under a key of this process alone, and by nothing else', () => {
  const [here, there] = [createLimits(realClock), createLimits(realClock)];
  const addresses = ['203.0.113.9', '2001:db8:1:2::9', '::ffff:203.0.113.10', 'fe80::1%eth0'];
  for (const address of addresses) {
    const key = here.keyOf(address);
    assert.match(key, /^[\w+/]{16}$/, 'of 96 bits, whatever the address');
    assert.is(key, here.keyOf(address), 'the same for the same');
    assert.is.not(key, there.keyOf(address), 'another in another process');
    const parts = [address, Buffer.from(address).toString('base64').slice(0, 6)];
    assert.equal(
      parts.filter((part) => key.includes(part)),
      [],
    );
  }
  assert.is(new Set(addresses.map(here.keyOf)).size, 4, 'others for others');
});

test(
  'A2 A8 of the digest of a key every sign counts, and the key of one kind is no other’s',
  inHouse(async ({ engine, catalogue, clock, tokens }) => {
    const restored = { refuses: () => false };
    const sessions = createSessions({ engine, clock, tell: () => {} });
    const identify = createIdentify({ tokens, catalogue, restored, sessions });
    for (const kind of ['wall', 'door', 'organizer'] as const) {
      const { id, token, hash } = newKey(kind);
      const known = async (hash: string) => {
        const more = { venue: 'v', noso: 'n', label: 'Odile', name: 'Bar', createdAt: 1 };
        const kept = { id, hash, ...more } as never;
        await engine.save(kind, id, kept);
        await catalogue.refresh();
        return (await identify(token)) !== null;
      };
      assert.is(await known(hash), true, kind);
      for (let k = 0; k < hash.length; k += 1) {
        const other = hash[k] === 'A' ? 'B' : 'A';
        assert.is(await known(`${hash.slice(0, k)}${other}${hash.slice(k + 1)}`), false, `${k}`);
      }
      assert.is(await known(hash), true);
      for (const other of ['wall', 'door', 'organizer'].filter((each) => each !== kind)) {
        assert.is(await identify(token.replace(kind, other)), null, `${kind} as ${other}`);
      }
      await engine.remove(kind, id);
      await catalogue.refresh();
    }
  }),
);
