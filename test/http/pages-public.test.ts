import { createHash } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import * as assert from 'uvu/assert';
import { KEPT } from '../../src/domain/kept.js';
import { apiOf, type TestApi } from '../support/api.js';
import { startServer, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { standing, visitorOf } from '../support/visitor.js';

const test = suite('the public pages');

/** One server for the file: the last test ends it. */
const starting = startServer();
const served = (work: (server: TestServer, api: TestApi) => Promise<void>) => async () => {
  const server = await starting;
  await work(server, apiOf(server.url, server.owner));
};
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const HOUR = 3_600_000;

test(
  'what is on, by city: the soonest first, in the venue’s own hour, and what is over rounded (A6)',
  served(async (server, api) => {
    const visitor = visitorOf(server.url, 'fr');
    assert.match((await visitor.get('/')).html, 'Rien de prévu, et c’est déjà bien.');
    const quais = (await api.venue()).id;
    const tokyo = await api.venue({ name: 'Sento', city: 'Tokyo', timeZone: 'Asia/Tokyo' });
    const title = 'Un & <b>deux</b>';
    const startsAt = inMs(3 * HOUR);
    await api.noso({ venue: tokyo.id, title, startsAt, endsAt: inMs(3.25 * HOUR) }, false);
    const open = await api.noso({ venue: quais });
    for (let k = 0; k < 9; k += 1) assert.is((await api.enter(open.id)).status, 201);
    const { html } = await visitor.get('/');
    assert.ok(html.indexOf('Lyon') < html.indexOf('Tokyo'));
    assert.match(html, '<strong>en ce moment</strong>');
    assert.match(html, 'Un &amp; &lt;b&gt;deux&lt;/b&gt;');
    assert.match(html, '<span class="title" dir="auto">', 'set as its own letters are');
    assert.match(html, 'un quart d’heure');
    const hour = new Intl.DateTimeFormat('fr', {
      timeZone: 'Asia/Tokyo',
      hour: '2-digit',
      minute: '2-digit',
    }).format(new Date(startsAt));
    assert.match(html, hour);
    assert.not.match(standing(html), />9</, 'no live count in public');
    await api.own('POST', `/api/nosos/${open.id}/close`);
    assert.match((await visitor.get('/')).html, 'fini, moins de 10');
  }),
);

test(
  'A5 A7 /privacy has a row for everything that is kept, and the cookies are those of the table',
  served(async (server, api) => {
    const { code } = await api.code((await api.noso()).id);
    for (const [language, honest, count] of [
      [
        'en',
        'Pseudonymous while open, erased at close.',
        /Seats taken, not people seen.*two browsers.*walks out.*door.*no safety counter/,
      ],
      [
        'fr',
        'Pseudonyme tant que c’est ouvert, effacé à la fermeture.',
        /Des places prises, pas des personnes vues.*deux navigateurs.*s’en va.*porte.*pas un compteur de sécurité/,
      ],
    ] as const) {
      const visitor = visitorOf(server.url, language);
      const { html } = await visitor.get('/privacy');
      assert.is(html.match(/<tr>/g)?.length, Object.keys(KEPT).length + 1);
      assert.match(html, honest);
      assert.match(html, count, 'what the count is');
      for (const kept of Object.values(KEPT)) {
        if ('cookie' in kept)
          assert.match(html, new RegExp(`\\bnoso_[0-9a-f]{12}_${kept.cookie}\\b`));
      }
      const sent = [
        await visitor.get('/?lang=fr'),
        await visitor.get(`/j/${code}`),
        await visitor.send(await visitor.get(`/j/${code}`), 'take'),
      ];
      const names = sent
        .flatMap((page) => page.headers.getSetCookie())
        .map((line) => /^noso_[0-9a-f]{12}_(\w+)=/.exec(line)?.[1]);
      const known = Object.values(KEPT).map((kept) => ('cookie' in kept ? kept.cookie : null));
      assert.equal(
        [...new Set(names)].filter((name) => !known.includes(name as never)),
        [],
      );
    }
  }),
);

test(
  'the browser decides on the language, unless its owner did',
  served(async (server) => {
    const language = (html: string) => /<html lang="(\w+)"/.exec(html)?.[1];
    for (const [asked, given] of [
      ['fr-CA,fr;q=0.8', 'fr'],
      ['de, fr;q=0.2, en;q=0.1', 'fr'],
      ['ja', 'en'],
      ['', 'en'],
    ] as const) {
      assert.is(language((await visitorOf(server.url, asked).get('/')).html), given, asked);
    }
    const visitor = visitorOf(server.url, 'en');
    assert.match((await visitor.get('/')).html, 'href="/?lang=fr"');
    assert.is(language((await visitor.get('/?lang=fr')).html), 'fr');
    assert.is(language((await visitor.get('/me')).html), 'fr', 'and it is remembered');
    assert.is(language((await visitor.get('/me?lang=xx')).html), 'fr');
  }),
);

test(
  'the first response is at most 14 KiB, all of it at most 40 KiB, and nothing inline may run',
  served(async (server, api) => {
    const { code } = await api.code((await api.noso()).id);
    const visitor = visitorOf(server.url, 'fr');
    const size = (text: string) => gzipSync(text).length;
    const page = await visitor.get(`/j/${code}`, { 'accept-encoding': 'gzip' });
    assert.is(page.headers.get('content-encoding'), 'gzip');
    const script = await visitor.get('/assets/phone/page.js');
    const socket = await visitor.get('/assets/phone/socket.page.js');
    assert.is(socket.status, 200);
    const head = 2048; // the response's own header, generously
    assert.ok(size(page.html) + head <= 14 * 1024, `${size(page.html)} bytes`);
    assert.ok(size(page.html) + size(script.html) + size(socket.html) + 3 * head <= 40 * 1024);
    for (const path of [`/j/${code}`, '/j', '/me', '/', '/privacy', '/nothing']) {
      const { html, headers } = await visitor.get(path);
      const policy = headers.get('content-security-policy') ?? '';
      const style = /<style>([\s\S]*?)<\/style>/.exec(html)?.[1] ?? '';
      const hash = createHash('sha256').update(style).digest('base64');
      assert.match(policy, `style-src 'sha256-${hash}'`);
      assert.match(policy, "script-src 'self'");
      assert.not.match(policy, 'unsafe');
      assert.not.match(html, / (style|on\w+)="/);
      assert.is(headers.get('referrer-policy'), 'same-origin');
      assert.is(headers.get('cache-control'), 'no-store');
    }
  }),
);

test(
  'what search engines are told: a description, one address, the languages; nothing of what is for nobody',
  served(async (server, api) => {
    const { id } = await api.noso({}, false);
    const { code } = await api.code((await api.noso({ entry: 'link' })).id);
    const robots = await (await fetch(`${server.url}/robots.txt`)).text();
    for (const language of ['fr', 'en']) {
      const visitor = visitorOf(server.url, language);
      const of = (html: string, pattern: RegExp) => pattern.exec(html)?.[1];
      for (const path of ['/', `/n/${id}`, '/privacy', '/accessibility']) {
        const { html } = await visitor.get(path);
        const description = of(html, /<meta name="description" content="([^"]+)"/) ?? '';
        assert.ok(description.length > 40 && description.length < 300, `${path}: ${description}`);
        assert.is(of(html, /<link rel="canonical" href="([^"]+)"/), server.url + path);
      }
      for (const path of ['/', `/n/${id}`, '/privacy', `/j/${code}`, '/j', '/me', '/organize']) {
        const { html } = await visitor.get(path);
        assert.is(of(html, /<html lang="(\w+)"/), language, path);
        assert.match(html, '<meta name="viewport" content="width=device-width, initial-scale=1');
        assert.not.match(html, /user-scalable|maximum-scale/, path);
        assert.ok((of(html, /<title>([^<]+)<\/title>/) ?? '').length > 3, path);
        assert.match(html, '<!doctype html>');
      }
    }
    for (const path of ['/j', '/me', '/organize', '/api/', '/wall']) {
      assert.match(robots, `Disallow: ${path}\n`);
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
