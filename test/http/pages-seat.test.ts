import * as assert from 'uvu/assert';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { says } from '../support/traces.js';
import { formOf, numberOf, standing, viewOf, visitorOf } from '../support/visitor.js';

const test = suite('the seat page without JavaScript');

/** One server for the file: the last test ends it. */
const starting = startServer();
const served = (work: (server: TestServer, api: TestApi) => Promise<void>) => async () => {
  const server = await starting;
  await work(server, apiOf(server.url, server.owner));
};
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const WRONG = 'MMM-MMM-MMM';

test(
  'L1 P1 a code, a tap, a seat; reloaded, left, and back',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url, 'fr');
    const invite = await visitor.get(`/j/${code}`);
    assert.is(viewOf(invite), 'invite');
    assert.match(standing(invite.html), 'Bibliothèque des Quais, Lyon');
    assert.match(standing(invite.html), 'Prendre place');
    const seated = await visitor.send(invite, 'take');
    assert.is(viewOf(seated), 'seated');
    const number = numberOf(seated);
    assert.match(number, /^\d{4,}$/);
    assert.is(numberOf(await visitor.get(`/j/${code}`)), number);
    assert.is(numberOf(await visitor.get('/me')), number);
    const left = await visitor.send(seated, 'leave');
    assert.is(viewOf(left), 'left');
    assert.match(standing(left.html), 'Place rendue.');
    const soon = await visitor.send(left, 'back');
    assert.is(viewOf(soon), 'soon', 'S4: a minute apart');
    assert.is(soon.status, 429);
    assert.ok(Number(soon.headers.get('retry-after')) > 50);
    assert.is(
      viewOf(await visitor.send(invite, 'take')),
      'left',
      'P4: an old page revives nothing',
    );
  }),
);

test(
  'P3 sent again after a lost answer, by a phone that never had one, it is the same seat',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url);
    const invite = await visitor.get(`/j/${code}`);
    const before = new Map(visitor.jar);
    const first = await visitor.send(invite, 'take');
    visitor.jar.clear();
    for (const [name, value] of before) visitor.jar.set(name, value);
    const reloaded = await visitor.get(`/j/${code}`);
    assert.is(viewOf(reloaded), 'invite');
    assert.is(numberOf(await visitor.send(reloaded, 'take')), numberOf(first));
    const stranger = visitorOf(server.url);
    const other = await stranger.send(await stranger.get(`/j/${code}`), 'take');
    assert.is.not(numberOf(other), numberOf(first));
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    assert.is((await api.record(noso.id)).total, 2);
  }),
);

test(
  'P8 F8 whose seat was taken back is told so, and comes in anew with a fresh code, without a script too',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url, 'en');
    const seated = await visitor.send(await visitor.get(`/j/${code}`), 'take');
    assert.is(viewOf(seated), 'seated');
    await api.own('POST', `/api/nosos/${noso.id}/void`, { since: inMs(-300_000) });
    const told = await visitor.get(`/j/${code}`);
    assert.is(viewOf(told), 'voided');
    assert.match(standing(told.html), 'Yours was among them. The wall has a fresh code.');
    const { code: fresh } = await api.code(noso.id);
    const invite = await visitor.get(`/j/${fresh}`);
    assert.is(viewOf(invite), 'invite');
    const again = await visitor.send(invite, 'take');
    assert.is(viewOf(again), 'seated');
    assert.is(numberOf(again), numberOf(seated), 'the same number');
    assert.is(viewOf(await visitor.get(`/j/${fresh}`)), 'seated');
  }),
);

test(
  'P3 a browser that keeps no cookies is told its number at once',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url);
    const invite = await visitor.get(`/j/${code}`);
    visitor.jar.clear();
    const seated = await visitor.send(invite, 'take');
    assert.is(seated.status, 200);
    assert.match(standing(seated.html), '<p>This browser keeps nothing.');
    assert.not.match(standing(seated.html), /class="note unkept"[^>]*hidden/);
    visitor.jar.clear();
    assert.is(numberOf(await visitor.send(invite, 'take')), numberOf(seated));
  }),
);

test(
  'a slow phone keeps its turn: the pass outlives the code that it was had for',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url);
    await visitor.get(`/j/${code.toLowerCase().replaceAll('-', '')}`);
    const later = await visitor.get(`/j/${WRONG}`);
    assert.is(viewOf(later), 'invite');
    assert.is(viewOf(await visitor.send(later, 'take')), 'seated');
  }),
);

test(
  'a code that has gone by, or never was one, says so and how to type another',
  served(async (server) => {
    const visitor = visitorOf(server.url, 'fr-CH, en;q=0.5');
    for (const code of [WRONG, 'nonsense', '%E2%98%83', 'a'.repeat(500)]) {
      const gone = await visitor.get(`/j/${code}`);
      assert.is(gone.status, 403);
      const [is, said] =
        code === WRONG ? ['gone', 'Ce code a passé.'] : ['wrong', 'Ceci n’est pas un code.'];
      assert.is(viewOf(gone), is);
      assert.match(standing(gone.html), said);
      assert.match(standing(gone.html), 'href="/j"');
    }
    assert.is(visitor.jar.size, 0, 'nothing is kept of a wrong code');
  }),
);

test(
  'not open yet there is nothing to do; over and full are said',
  served(async (server, api) => {
    const early = await api.noso({ startsAt: inMs(60_000), entry: 'link' }, false);
    const { code } = await api.code(early.id);
    const visitor = visitorOf(server.url);
    const waiting = await visitor.get(`/j/${code}`);
    assert.is(viewOf(waiting), 'waiting');
    assert.match(waiting.html, '<noscript><meta http-equiv="refresh"');
    assert.not.match(standing(waiting.html), '<button class="button"');
    await api.own('POST', `/api/nosos/${early.id}/open`);
    const open = await visitor.get(`/j/${code}`);
    assert.is(viewOf(open), 'invite');
    const number = numberOf(await visitor.send(open, 'take'));
    await api.own('POST', `/api/nosos/${early.id}/close`);
    const closed = await visitor.get(`/j/${code}`);
    assert.is(viewOf(closed), 'closed');
    assert.match(standing(closed.html), 'You may speak.');
    assert.match(standing(closed.html), number);

    const small = await api.noso({ capacity: 1 });
    assert.is((await api.enter(small.id)).status, 201);
    const late = visitorOf(server.url);
    const full = await late.send(await late.get(`/j/${(await api.code(small.id)).code}`), 'take');
    assert.is(viewOf(full), 'full');
    assert.is(full.status, 409);
    assert.ok(Number(full.headers.get('retry-after')) > 0);
  }),
);

test(
  'A4 forgetting is the phone’s: it asks, says that the seat stays taken, and the cookies go',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url);
    const seated = await visitor.send(await visitor.get(`/j/${code}`), 'take');
    const me = await visitor.get('/me');
    assert.match(standing(me.html), 'Bibliothèque des Quais, Lyon');
    assert.not.match(standing(me.html), 'action="/me/forget"');
    const asked = await visitor.get('/me?ask=forget');
    assert.match(standing(asked.html), `Forget ${numberOf(seated)}? Your seat stays taken.`);
    const after = await visitor.send(asked, '/me/forget');
    assert.match(standing(after.html), 'No number.');
    assert.is(visitor.kept('token'), undefined);
    assert.is(visitor.kept('pass'), undefined);
    const again = await visitor.send(await visitor.get(`/j/${code}`), 'take');
    assert.is.not(numberOf(again), numberOf(seated));
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    const record = await api.record(noso.id);
    assert.is(record.peak, 2);
    assert.is(record.total, 2);
  }),
);

test(
  'F4 forms of other sites, foreign fields and large bodies are refused in words',
  served(async (server, api) => {
    const noso = await api.noso();
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url);
    await visitor.get(`/j/${code}`);
    const post = (fields: Record<string, string>, origin?: string) =>
      visitor.post(`/j/${code}`, { noso: noso.id, ...fields }, origin ? { origin } : {});
    for (const origin of ['http://elsewhere.example', 'null']) {
      const refused = await post({}, origin);
      assert.is(refused.status, 403);
      assert.match(refused.headers.get('content-type') ?? '', 'text/html');
      assert.is((await visitor.post('/me/forget', {}, { origin })).status, 403);
    }
    assert.is((await post({ pass: 'x'.repeat(20_000) })).status, 413);
    assert.is((await post({ noso: 'another' })).status, 403, 'a page of another NoSo');
    assert.is(visitor.kept('token'), undefined, 'nothing came of any of them');
    await visitor.get(`/j/${code}`);
    const odd = await post({ pass: '__proto__', back: 'perhaps' }, server.url);
    assert.is(odd.status, 303, 'a pass that is none of ours is as good as none');
    assert.is((await visitor.get('/nothing/here')).status, 404);
    assert.is((await visitor.get('/j/%')).status, 400);
  }),
);

test(
  'a typed code goes where a scanned one does, by GET and by POST',
  served(async (server) => {
    const visitor = visitorOf(server.url);
    assert.match((await visitor.get('/j')).html, '<form method="get" action="/j"');
    const typed = await visitor.get('/j?code=m7c%204px9dg');
    assert.is(typed.status, 303);
    assert.is(typed.headers.get('location'), '/j/M7C-4PX-9DG');
    const posted = await visitor.post('/j', { code: 'm7c-4px-9dg' });
    assert.is(posted.headers.get('location'), '/j/M7C-4PX-9DG');
    const odd = await visitor.get('/j?code=%2F%2Felsewhere.example');
    assert.is(odd.headers.get('location'), '/j/-', 'nothing is read back');
    assert.is((await visitor.get('/j?code=')).status, 200);
  }),
);

test(
  'A2 S3 the page tells a phone its own number and nothing else; the token is out of reach',
  served(async (server, api) => {
    const noso = await api.noso();
    const others = await api.people(noso.id, 3);
    for (const { token, pass } of others) await api.sit(token, pass);
    const { code } = await api.code(noso.id);
    const visitor = visitorOf(server.url);
    const invite = await visitor.get(`/j/${code}`);
    const { action, fields } = formOf(invite.html, 'take');
    const answer = await visitor.post(action, fields);
    assert.is(answer.headers.get('location'), `/j/${code}`, 'the code, and nothing else');
    const set = answer.headers.getSetCookie();
    const token = set.find((line) => /^noso_\w+_token=/.test(line)) ?? '';
    assert.match(token, /; HttpOnly/);
    assert.match(token, /; SameSite=Lax/);
    assert.match(token, /; Path=\//);
    assert.not.match(token, /Secure/, 'a café’s plain HTTP');
    assert.match(token, /; Max-Age=90000;/, 'for the evening: nobody asked for more (A8)');
    const seated = await visitor.get(`/j/${code}`);
    const secret = visitor.kept('token') as string;
    assert.not.match(seated.html, secret);
    for (const { number } of others) assert.not.ok(says(seated.html, number), number);
    assert.ok(says(seated.html, numberOf(seated)), 'its own is found');
    assert.not.match(seated.html, '"count"');
    // Forgetting is all of it, of whoever sat and of whoever only came to the door (A4).
    const looker = visitorOf(server.url);
    await looker.get(`/j/${code}`);
    assert.ok(looker.kept('entry') && visitor.kept('pass'));
    for (const who of [looker, visitor]) {
      await who.post('/me/forget', {});
      assert.equal([...who.jar.keys()], []);
    }
  }),
);

test(
  'F2 the server that wrote these pages ends when it is told to',
  served(async (server) => {
    assert.is(await server.terminate(), 0);
    await server.stop();
  }),
);
