import * as assert from 'uvu/assert';
import { manualClock } from '../../src/clock.js';
import { createPairing, type Waiting } from '../../src/service/pairing.js';
import { memoryEngine } from '../support/memoryEngine.js';
import { suite } from '../support/suite.js';
import { type House, inHouse, SECRETS, whyOf } from './house.js';

const test = suite('screens are tied to venues');

const LASTS = 10 * 60_000;

test(
  'W8 a screen waits with a code, and learns its own wall by a secret that it alone has',
  inHouse(async (house: House) => {
    const { pairing, places, noso, clock } = house;
    const { venue } = await noso({}, false);
    const waits = await pairing.begin('here');
    assert.match(waits.code, /^\w{3}-\w{3}$/);
    assert.ok(waits.secret.length >= 32);
    assert.is(Date.parse(waits.expiresAt), clock.now() + LASTS);
    assert.is(await pairing.claim(waits.secret), null, 'nobody has named it');
    for (const wrong of ['nonsense', waits.code, `${waits.secret}x`]) {
      assert.is((await whyOf(pairing.claim(wrong))).why, 'bad_code.pairing');
    }
    for (const wrong of ['nonsense', '', 'MMM-MMM']) {
      const add = places.addWall(venue, { pairing: wrong });
      assert.is((await whyOf(add)).why, 'bad_code.pairing', wrong);
    }
    const { id, token, url } = await places.addWall(venue, { pairing: waits.code, name: 'Bar' });
    assert.equal([token, url], [undefined, undefined], 'the organizer is told neither');
    const own = await pairing.claim(waits.secret);
    assert.is(own?.id, id);
    assert.match(own?.token ?? '', new RegExp(`^wall\\.${id}\\.[\\w-]{32}$`));
    assert.equal(await pairing.claim(waits.secret), own, 'as often as it asks');
    // Named twice it is one, and nobody else's.
    assert.is((await places.addWall(venue, { pairing: waits.code.toLowerCase() })).id, id);
    assert.equal(
      [...house.catalogue.walls()].map((wall) => wall.id),
      [id],
    );
    const elsewhere = (await noso({}, false)).venue;
    const theirs = places.addWall(elsewhere, { pairing: waits.code });
    assert.is((await whyOf(theirs)).why, 'bad_code.pairing');
    assert.equal(
      (await places.walls(venue)).map(({ name }) => name),
      ['Bar'],
    );
    // One that was revoked does not come back by its code.
    await places.removeWall(id);
    assert.is(await pairing.claim(waits.secret), null);
    const again = places.addWall(venue, { pairing: waits.code });
    assert.is((await whyOf(again)).why, 'bad_code.pairing');

    const late = await pairing.begin('here');
    clock.advance(LASTS);
    assert.is((await whyOf(pairing.claim(late.secret))).why, 'bad_code.pairing');
    assert.is((await whyOf(places.addWall(venue, { pairing: late.code }))).why, 'bad_code.pairing');
  }),
);

test('W8 at most five screens of an address wait, and two hundred in all', async () => {
  const clock = manualClock(1_000_000);
  const catalogue = { wall: () => undefined, refresh: async () => {} };
  const engine = memoryEngine(clock);
  const pairing = createPairing({ engine, catalogue, secrets: SECRETS });
  const codes: Waiting[] = [];
  for (let k = 0; k < 5; k += 1) {
    codes.push(await pairing.begin('here'));
    clock.advance(1000);
  }
  const more = await whyOf(pairing.begin('here'));
  assert.equal([more.why, more.retryAfter], ['rate_limited.pairings', LASTS / 1000 - 5]);
  for (let k = 0; k < 195; k += 1) codes.push(await pairing.begin(`there ${k >> 2}`));
  assert.is(new Set(codes.map(({ code }) => code)).size, 200);
  const full = await whyOf(pairing.begin('elsewhere'));
  assert.equal([full.why, full.retryAfter], ['rate_limited.pairings', LASTS / 1000 - 5]);
  clock.advance(LASTS - 5000);
  assert.ok(await pairing.begin('here'), 'the first is over');
  assert.is((await whyOf(pairing.begin('here'))).retryAfter, 1);
});

test('W8 a code that another screen shows is not drawn again, and not drawn for ever', async () => {
  const clock = manualClock(1_000_000);
  const catalogue = { wall: () => undefined, refresh: async () => {} };
  const engine = memoryEngine(clock);
  let taken = 0;
  const pairing = createPairing({
    engine: {
      ...engine,
      reserve: async (id, holder, until) => {
        if (!id.startsWith('code.') || taken <= 0) return engine.reserve(id, holder, until);
        taken -= 1;
        return 'somebody else';
      },
    },
    ...{ catalogue, secrets: SECRETS },
  });
  taken = 7;
  assert.match((await pairing.begin('one')).code, /^\w{3}-\w{3}$/);
  taken = 8;
  const none = await whyOf(pairing.begin('two'));
  assert.equal([none.why, none.retryAfter], ['unavailable.no_answer', 1]);
});

test(
  'W8 screens that waited when the secret was changed are known by the one before',
  inHouse(async (house: House) => {
    const { pairing, noso, engine, catalogue, places } = house;
    const { venue } = await noso({}, false);
    const waits = await pairing.begin('here');
    const secrets = ['another secret that is as long as it has to be', ...SECRETS];
    const after = createPairing({ engine, catalogue, secrets });
    const { id, wall } = await after.take(waits.code, venue);
    assert.ok(wall);
    await engine.save('wall', id, { ...wall, name: '', createdAt: 1 });
    assert.is((await after.claim(waits.secret))?.id, id);
    assert.is(await pairing.claim(waits.secret), null, 'made with the new one');
    assert.is((await places.walls(venue)).length, 1);
  }),
);

test(
  'venues and walls are listed in their order, changed by field, and shown',
  inHouse(async (house: House) => {
    const { places, clock, engine, toldOf, screens } = house;
    const add = (name: string, more: object = {}) =>
      places.add({ name, city: 'Lyon', timeZone: 'Europe/Paris', ...more });
    const [b, a] = [await add('Bar', { language: 'fr', address: '1 rue' }), await add('Atelier')];
    assert.equal([b.language, a.language, a.address], ['fr', 'en', undefined]);
    assert.equal(
      (await places.list()).map(({ name }) => name),
      ['Atelier', 'Bar'],
    );
    const moved = await places.amend(b.id, { city: 'Rodez', address: null });
    assert.equal([moved.name, moved.city, moved.address], ['Bar', 'Rodez', undefined]);
    assert.is((await whyOf(places.amend('nowhere', {}))).why, 'not_found');

    const one = await places.addWall(b.id, {});
    clock.advance(1);
    const two = await places.addWall(b.id, { name: 'Cellar' });
    await places.addWall(a.id, {});
    assert.match(one.url ?? '', /^https:\/\/noso\.example\/wall#wall\./);
    await engine.beat([two.id]);
    screens.hear([
      [one.id, { version: 'this' }],
      [two.id, { version: 'that', width: 1280 }],
    ]);
    const [first, second, ...others] = await places.walls(b.id);
    assert.equal(others, []);
    assert.equal(first, {
      ...{ id: one.id, name: 'Bar', lastBeat: null, diagonal: null, distance: null },
      version: 'this',
    });
    assert.equal(second, {
      ...{ id: two.id, name: 'Cellar', diagonal: null, distance: null },
      lastBeat: new Date(clock.now()).toISOString(),
      ...{ version: 'that', width: 1280, earlier: true },
    });
    const measured = await places.amendWall(two.id, { diagonal: 55, distance: 8 });
    assert.equal([measured.name, measured.diagonal, measured.distance], ['Cellar', 55, 8]);
    const back = await places.amendWall(two.id, { name: 'Attic', diagonal: null });
    assert.equal([back.name, back.diagonal, back.distance], ['Attic', null, 8]);
    assert.is((await whyOf(places.amendWall('nowhere', {}))).why, 'not_found');
    await places.identifyWall(one.id);
    assert.equal(toldOf('identify'), [[one.id, clock.now() + 10_000]]);
    assert.is((await whyOf(places.identifyWall('nowhere'))).why, 'not_found');
    assert.is((await whyOf(places.walls('nowhere'))).why, 'not_found');
    await places.remove(a.id);
    assert.equal(
      (await places.list()).map(({ name }) => name),
      ['Bar'],
    );
  }),
);

test('W8 whoever has too many is told when their own first one ends, and the store is not asked for nothing', async () => {
  const clock = manualClock(1_000_000);
  const reads: string[] = [];
  const catalogue = {
    wall: () => undefined,
    refresh: async () => void reads.push('refresh'),
  };
  const pairing = createPairing({ engine: memoryEngine(clock), catalogue, secrets: SECRETS });
  await pairing.begin('elsewhere');
  clock.advance(60_000);
  const { secret } = await pairing.begin('here');
  assert.is(await pairing.claim(secret), null);
  assert.equal(reads, [], 'nobody has named it');
  for (let k = 0; k < 4; k += 1) await pairing.begin('here');
  clock.advance(LASTS - 1001);
  const more = await whyOf(pairing.begin('here'));
  assert.equal([more.why, more.retryAfter], ['rate_limited.pairings', 2]);
});

test(
  'W8 A8 whose secrets are others knows no screen that waits; a wall that was paired keeps its key',
  inHouse(async (house: House) => {
    const { pairing, noso, engine, catalogue, places } = house;
    const { venue } = await noso({}, false);
    const waits = await pairing.begin('here');
    const { id } = await places.addWall(venue, { pairing: waits.code });
    const own = await pairing.claim(waits.secret);
    const other = 'another secret that is as long as it has to be';
    const stranger = createPairing({ engine, catalogue, secrets: [other] });
    assert.is((await whyOf(stranger.claim(waits.secret))).why, 'bad_code.pairing');
    assert.is((await whyOf(stranger.take(waits.code, venue))).why, 'bad_code.pairing');
    const after = createPairing({ engine, catalogue, secrets: [other, ...SECRETS] });
    assert.equal(await after.claim(waits.secret), own);
    assert.is(own?.id, id);
  }),
);
