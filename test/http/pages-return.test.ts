import * as assert from 'uvu/assert';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { numberOf, type Page, standing, viewOf, visitorOf } from '../support/visitor.js';

const test = suite('coming back, leaving and keeping, without JavaScript');

/** One server for the file: the last test ends it. */
const starting = startServer();
const served = (work: (server: TestServer, api: TestApi) => Promise<void>) => async () => {
  const server = await starting;
  await work(server, apiOf(server.url, server.owner));
};

const codeOn = (page: Page) =>
  /class="told">(?:<span[^>]*>)?([^<]+)</.exec(standing(page.html))?.[1] ?? '';
const count = async (api: TestApi, noso: string) =>
  (await api.own<{ count: number }>('GET', `/api/nosos/${noso}`)).count;

/** Somebody who took a seat: their browser, and the page of the seat. */
async function seatedAt(server: TestServer, api: TestApi, noso: string) {
  const { code } = await api.code(noso);
  const visitor = visitorOf(server.url);
  await visitor.send(await visitor.get(`/j/${code}`), 'take');
  return { visitor, page: await visitor.get(`/j/${code}`) };
}

test(
  'P10 another browser goes on with the seat: a number and its return code, from the invitation',
  served(async (server, api) => {
    const noso = await api.noso();
    const { visitor: first, page } = await seatedAt(server, api, noso.id);
    const number = numberOf(page);
    const returnCode = codeOn(page);
    assert.match(returnCode, /^[A-Z0-9]{3}-[A-Z0-9]{3}$/);
    assert.match(page.html, '<details', 'at a touch, and not before');
    assert.is(codeOn(await first.get('/me')), returnCode);

    const { code } = await api.code(noso.id);
    const other = visitorOf(server.url);
    const invite = await other.get(`/j/${code}`);
    assert.match(standing(invite.html), 'I have a seat already');
    const to = `/j/${code}`;
    const pass = /name="pass" value="([^"]+)"/.exec(invite.html)?.[1] ?? '';
    const form = await other.post('/me/return', { pass, to });
    assert.is(form.status, 200);
    assert.match(standing(form.html), 'Both are where you took it.');
    const wrong = await other.post('/me/return', { pass, to, number, returnCode: '333-333' });
    assert.is(wrong.status, 403);
    assert.match(standing(wrong.html), 'One does not go with the other.');
    const typed = returnCode.toLowerCase().replace('-', ' – ');
    const right = await other.post('/me/return', {
      pass,
      to,
      number: ` ${number} `,
      returnCode: typed,
    });
    assert.is(right.status, 303);
    assert.is(right.headers.get('location'), to);
    const again = await other.get(to);
    assert.is(viewOf(again), 'seated');
    assert.is(numberOf(again), number);
    assert.is(await count(api, noso.id), 1, 'P10: one person, one seat');

    const bare = visitorOf(server.url);
    const asked = await bare.get(`/j/${(await api.code(noso.id)).code}`);
    const mine = /name="pass" value="([^"]+)"/.exec(asked.html)?.[1] ?? '';
    bare.jar.clear();
    const told = await bare.post('/me/return', { pass: mine, to, number, returnCode });
    assert.is(told.status, 200, 'a browser that keeps nothing is told at once');
    assert.match(standing(told.html), 'This browser keeps nothing.');
    assert.is(codeOn(told), returnCode);
    for (const elsewhere of ['https://elsewhere.example/', '//elsewhere.example', '/api/seats']) {
      const page = await bare.post('/me/return', { to: elsewhere });
      assert.match(page.html, 'name="to" value="/me"', 'it leads nowhere else');
    }
  }),
);

test(
  'P4 /out: one button; then the seat is free; whom the browser forgot is told kindly what to do',
  served(async (server, api) => {
    const noso = await api.noso();
    const { visitor, page } = await seatedAt(server, api, noso.id);
    const out = await visitor.get('/out');
    assert.match(standing(out.html), `Your seat, ${numberOf(page)}, until`);
    assert.is([...standing(out.html).matchAll(/<button/g)].length, 1);
    assert.is(await count(api, noso.id), 1, 'looking changes nothing');
    const foreign = { origin: 'https://elsewhere.example' };
    assert.is((await visitor.post('/out', {}, foreign)).status, 403);
    const left = await visitor.send(out, '/out');
    assert.match(standing(left.html), 'Seat returned.');
    assert.is(await count(api, noso.id), 0);

    const forgetful = visitorOf(server.url, 'fr');
    const unknown = standing((await forgetful.get('/out')).html);
    assert.match(unknown, 'Ce navigateur ne connaît pas votre numéro.');
    assert.match(unknown, 'J’ai un code de retour');
    assert.match(unknown, 'Ou partez, c’est très bien aussi.');
    assert.is((await forgetful.post('/out', {})).status, 303);
  }),
);

test(
  'A8 a number ends with its NoSo unless the box is ticked, and again when it is not',
  served(async (server, api) => {
    const noso = await api.noso();
    const { visitor } = await seatedAt(server, api, noso.id);
    const me = await visitor.get('/me');
    assert.match(me.html, 'aria-checked="false"');
    const kept = await visitor.send(me, '/me/keep');
    assert.match(kept.html, 'aria-checked="true"');
    const own = numberOf(kept);
    const back = await visitor.send(kept, '/me/keep');
    assert.match(back.html, 'aria-checked="false"');
    await visitor.send(back, '/me/keep');
    await api.own('POST', `/api/nosos/${noso.id}/close`);
    const next = await api.noso();
    const { code } = await api.code(next.id);
    const there = await visitor.send(await visitor.get(`/j/${code}`), 'take');
    assert.is(numberOf(there), own, 'kept, it sits another time');
    const asked = await visitor.get('/me?ask=leave');
    assert.match(standing(asked.html), `Leave ${own}? Your seat goes to someone else.`);
    await visitor.send(asked, '/me/leave');
    assert.is(await count(api, next.id), 0);
  }),
);

test(
  'the server ends',
  served(async (server) => server.stop()),
);
