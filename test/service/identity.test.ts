import type { IncomingMessage } from 'node:http';
import * as assert from 'uvu/assert';
import type { Role } from '../../src/service/access.js';
import { createGate } from '../../src/service/gate.js';
import {
  cookiesCount,
  createIdentify,
  createMade,
  createWhyNot,
  hashOf,
  hostOf,
  newId,
  newKey,
  ownOrigin,
  untilOf,
} from '../../src/service/identity.js';
import { createKeyring } from '../../src/service/keyring.js';
import { createRestored } from '../../src/service/restored.js';
import { createSessions, sessionOf } from '../../src/service/sessions.js';
import { suite } from '../support/suite.js';
import { HOUR, type House, inHouse, whyOf } from './house.js';

const test = suite('who somebody is');

const turn = () => new Promise((resolve) => setImmediate(resolve));
const asked = (headers: Record<string, string>, method = 'POST') =>
  ({ headers, method }) as unknown as IncomingMessage;

/** Identities, and keys, over a house. */
async function keysOf(house: House) {
  const { engine, clock, catalogue, tokens, passes, writing, noso } = house;
  const sessions = createSessions({ engine, clock, tell: (session) => sessions.hear(session) });
  const restored = createRestored({ engine, clock });
  await turn();
  const identify = createIdentify({ tokens, catalogue, restored, sessions });
  const whyNot = createWhyNot({ tokens, catalogue, sessions });
  const publicUrl = () => 'https://noso.example';
  const verbs = { engine, catalogue, tokens, identify, whyNot, writing, sessions, publicUrl };
  const keyring = createKeyring(verbs);
  const made = createMade({ tokens, passes, catalogue });
  const here = await noso();
  const organizer = await keyring.add('Odile');
  const wall = await house.places.addWall(here.venue, {});
  const door = await house.hands.addDoor(here.id);
  return { identify, whyNot, keyring, made, here, organizer, wall, door, restored };
}

test('keys have ids of their own, a hash, and nothing in common', () => {
  for (const kind of ['organizer', 'wall', 'door'] as const) {
    const { id, token, hash } = newKey(kind);
    assert.match(token, new RegExp(`^${kind}\\.${id}\\.[\\w-]{32}$`));
    assert.is(hash, hashOf(token));
    assert.match(id, /^[A-Za-z0-9]{12}$/);
  }
  assert.is(new Set(Array.from({ length: 500 }, newId)).size, 500);
});

test(
  'F7 every key and token is whose it is, for as long as it is good',
  inHouse(async (house: House) => {
    const { tokens, passes, clock, engine, catalogue } = house;
    const { identify, whyNot, made, here, organizer, wall, door, restored } = await keysOf(house);
    const id = organizer.id;
    assert.equal(await identify(organizer.token), { role: 'organizer', id, label: 'Odile' });
    assert.equal(await identify(wall.token as string), { role: 'wall', id: wall.id });
    assert.equal(await identify(door.token), { role: 'door', id: door.id, noso: here.id });
    const number = tokens.numberAt(4711, here.id, here.startsAt);
    const who = await identify(number);
    assert.ok(who?.role === 'participant' && who.number === 4711 && who.noso === here.id);
    assert.is(untilOf(who), (tokens.verify('number', number)?.exp ?? 0) * 1000);
    const owner = tokens.owner();
    const own = await identify(owner);
    assert.equal(own, { role: 'owner', until: (tokens.verify('owner', owner)?.exp ?? 0) * 1000 });
    assert.is(untilOf({ role: 'anyone' }), Number.POSITIVE_INFINITY);
    const odd = [tokens.link('link'), '', 'wall', 'door.x', 'wall..', `${organizer.token}x`];
    for (const [k, each] of odd.entries()) assert.is(await identify(each), null, String(k));
    const swapped = [organizer.token.replace(/^organizer/, 'wall'), `wall.${door.token.slice(5)}`];
    for (const each of swapped) assert.is(await identify(each), null);

    // One that was made on another node a moment ago.
    const fresh = newKey('wall');
    const { venue } = here;
    await engine.save('wall', fresh.id, { ...fresh, venue, name: '', createdAt: 1 });
    assert.is(catalogue.wall(fresh.id), undefined);
    assert.is((await identify(fresh.token))?.role, 'wall');

    for (const each of [organizer, wall, door])
      assert.is(whyNot(`${each.token}`).why, 'unauthorized.invalid');
    const gone = newKey('door');
    assert.is(whyNot(gone.token).why, 'unauthorized.revoked');
    assert.is(whyNot(newKey('wall').token).why, 'unauthorized.revoked');
    assert.is(whyNot(newKey('organizer').token).why, 'unauthorized.revoked');
    assert.is(whyNot('nonsense').why, 'unauthorized.invalid');

    const pass = passes.entry(here.id, clock.now(), here.startsAt);
    for (const [name, value, is] of [
      ['organizer', owner, true],
      ['organizer', organizer.token, true],
      ['organizer', number, false],
      ['pass', pass, true],
      ['entry', pass, true],
      ['entry', number, false],
      ['token', number, true],
      ['token', pass, false],
      ['passing', number, true],
    ] as const) {
      assert.is(made(name, value), is, name);
    }
    clock.advance(13 * HOUR);
    assert.is(await identify(owner), null);
    assert.is(whyNot(owner).why, 'unauthorized.expired');
    restored.stop();
  }),
);

test(
  'F7 owners sign in with a link once, and organizers with their key; an owner signs out everywhere',
  inHouse(async (house: House) => {
    const { tokens, clock } = house;
    const spent: unknown[] = [];
    const { engine } = house;
    const spend: typeof engine.spend = (...of) => {
      spent.push(of);
      return engine.spend(...of);
    };
    const verbs = { ...house, engine: { ...engine, spend } };
    const { identify, whyNot, keyring, organizer, wall, restored } = await keysOf(verbs);
    const link = tokens.link('this one');
    const first = await keyring.signIn(link);
    assert.equal([first.who.role, first.stays], ['owner', 12 * 3600]);
    assert.is((await whyOf(keyring.signIn(link))).why, 'unauthorized.used');
    const until = (tokens.verify('link', link)?.exp ?? 0) * 1000;
    assert.equal(spent[0], ['link:this one', until], 'remembered for as long as it is good');
    const other = await keyring.signIn(tokens.link('another'));
    const byKey = await keyring.signIn(organizer.token);
    assert.equal(
      [byKey.who.role, byKey.token, byKey.stays],
      ['organizer', organizer.token, undefined],
    );
    assert.is((await whyOf(keyring.signIn(wall.token as string))).why, 'forbidden.role');
    assert.is((await whyOf(keyring.signIn('nonsense'))).why, 'unauthorized.invalid');
    clock.advance(1);
    const { id } = await keyring.add('Solange');
    // One that was made on another node, and before.
    const theirs = { ...newKey('organizer'), label: 'Théo', createdAt: clock.now() - 2 };
    await house.engine.save('organizer', theirs.id, theirs);
    assert.equal(
      (await keyring.list()).map(({ label }) => label),
      ['Théo', 'Odile', 'Solange'],
    );
    await keyring.remove(id);

    await keyring.signOut(byKey.who, organizer.token);
    assert.is((await identify(organizer.token))?.role, 'organizer', 'a key goes on opening');
    await keyring.signOut(first.who, first.token);
    assert.is(await identify(first.token), null);
    assert.is(whyNot(first.token).why, 'unauthorized.revoked');
    assert.is((await identify(other.token))?.role, 'owner');
    await keyring.remove(organizer.id);
    assert.is(await identify(organizer.token), null);
    restored.stop();
  }),
);

test('F7 the gate lets through whom the table lets through, and says why not', async () => {
  const identify = async (token: string) =>
    /^(participant|wall|organizer|owner)$/.test(token)
      ? ({ role: token, until: 1 } as never)
      : null;
  const whyNot = (token: string) => new Error(`why not ${token}`) as never;
  const jar = {
    read: (header: string | undefined, name: string) =>
      header?.startsWith(`${name}=`) ? header.slice(name.length + 1) : null,
  };
  const gate = createGate(identify, whyNot, jar);
  const ask = (needed: Role, shown: string | null, cookies?: string, numbered?: boolean) =>
    gate(needed, shown, cookies, numbered).then(
      ({ who, token }) => `${who.role} ${token}`,
      (error: Error) => error.message,
    );
  assert.is(await ask('organizer', 'organizer'), 'organizer organizer');
  assert.is(await ask('organizer', null, 'organizer=owner'), 'owner owner');
  assert.is(await ask('organizer', 'wall', 'organizer=owner'), 'forbidden.role: not for walls');
  assert.is(await ask('organizer', 'x', 'organizer=owner'), 'why not x', 'what is shown is meant');
  assert.is(await ask('organizer', null, 'organizer=x'), 'why not x');
  assert.match(await ask('organizer', null, 'token=participant'), /^unauthorized\.missing/);
  assert.match(await ask('wall', null, 'wall=wall'), /^unauthorized\.missing/);
  assert.match(
    await ask('wall', null, 'null=wall'),
    /^unauthorized\.missing/,
    'nor under any name',
  );
  assert.match(await ask('door', null, 'null=wall'), /^unauthorized\.missing/);
  assert.is(await ask('anyone', null), 'anyone ');
  assert.is(await ask('anyone', null, 'organizer=x'), 'anyone ', 'a stale one is as good as none');
  assert.is(await ask('anyone', null, 'organizer=owner'), 'owner owner');
  assert.is(await ask('anyone', null, 'token=participant', true), 'participant participant');
  assert.is(await ask('anyone', 'x'), 'why not x');
  assert.match(await ask('owner', 'organizer'), /^forbidden\.role/);
  assert.match(await ask('owner', null), /^unauthorized\.missing/);
});

test('cookies count with our own origin, or for what changes nothing', () => {
  const url = 'https://noso.example';
  for (const [headers, method, is] of [
    [{ origin: url }, 'POST', true],
    [{ origin: 'https://evil.example', host: 'noso.example' }, 'GET', false],
    [{ origin: 'http://10.0.0.1:3000', host: '10.0.0.1:3000' }, 'POST', true],
    [{ host: 'noso.example' }, 'POST', false],
    [{ host: 'noso.example' }, 'GET', true],
    [{ host: 'noso.example' }, 'HEAD', true],
    [{ host: 'noso.example' }, 'DELETE', false],
  ] as const) {
    assert.is(cookiesCount(asked(headers, method), url), is, JSON.stringify([headers, method]));
  }
  for (const [origin, host, is] of [
    ['http://noso.local', 'NOSO.local:80', true],
    ['https://noso.local', 'noso.local:443', true],
    ['https://noso.local', 'noso.local:80', false],
    ['http://noso.local', 'noso.local:443', false],
    ['http://noso.local', 'noso.local', true],
    ['http://noso.local', '', false],
    ['null', 'noso.local', false],
  ] as const) {
    assert.is(ownOrigin(origin, asked({ host }), url), is, `${origin} at ${host}`);
  }
  assert.is(ownOrigin('http://noso.local', asked({}), url), false);
  assert.is(hostOf(asked({ host: 'NOSO.local:443' })), 'noso.local');
  assert.is(hostOf(asked({ host: 'noso.local:8080' })), 'noso.local:8080');
  assert.is(hostOf(asked({})), '');
  assert.is(sessionOf('a', 1).id.length, 43);
});
