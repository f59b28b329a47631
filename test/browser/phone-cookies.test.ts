import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { launchWithoutCookies } from './chromium.js';
import { given, number, phone, readOf, seats, sit, tapAway, view } from './phones.js';

const test = suite('the phone page where a browser keeps nothing');

const KEEPS_NOTHING = 'Ce navigateur ne garde rien. Votre place est prise, elle reste.';

/** What a seat is worth without anything kept: one, said in one sentence, and given back. */
async function held(page: Page, own: string): Promise<void> {
  assert.match(own, /^\d{4,}$/);
  assert.match(await readOf(page), KEEPS_NOTHING);
  await tapAway(page);
  await page.mouse.click(195, 400);
  await view(page, 'seated');
  assert.is(await number(page), own, 'asked how things stand, it is the same seat');
  assert.match(await readOf(page), KEEPS_NOTHING);
}

test(
  'P10 a Chromium that blocks cookies gets its seat, one, and can leave it',
  given(async ({ server, api }) => {
    const noso = await api.noso();
    const context = await launchWithoutCookies({
      locale: 'fr',
      viewport: { width: 390, height: 844 },
      reducedMotion: 'reduce',
    });
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      const { code } = await api.code(noso.id);
      await page.goto(`${server.url}/j/${code}`);
      assert.is(
        await page.evaluate(
          'document.cookie = "a=b"; [navigator.cookieEnabled, document.cookie].join()',
        ),
        'true,',
        'cookies are blocked, and the browser says otherwise',
      );
      await page.click('text=Prendre place');
      await view(page, 'seated');
      await held(page, await number(page));
      assert.is(await seats(api, noso.id), 1);
      await page.click('text=Quitter ma place');
      await view(page, 'left');
      assert.is(await seats(api, noso.id), 0);
    } finally {
      await context.close();
    }
  }),
  { deadline: 60_000 },
);

test(
  'P10 the same without JavaScript: the answer to the form says it',
  given(async ({ server, api }) => {
    const noso = await api.noso();
    const context = await launchWithoutCookies({ locale: 'fr', javaScriptEnabled: false });
    try {
      const page = context.pages()[0] ?? (await context.newPage());
      const { code } = await api.code(noso.id);
      await page.goto(`${server.url}/j/${code}`);
      await page.click('text=Prendre place');
      await page.waitForSelector('main[data-view="seated"]');
      assert.match(await readOf(page), KEEPS_NOTHING);
      assert.is(await seats(api, noso.id), 1);
    } finally {
      await context.close();
    }
  }),
  { deadline: 60_000 },
);

/** A proxy that lets no cookie through, either way. */
async function withoutCookies(to: number): Promise<{ port: number; close: () => void }> {
  const proxy = createServer((incoming, outgoing) => {
    const { cookie: _, ...headers } = incoming.headers;
    const { method, url: path } = incoming;
    const onward = request({ host: '127.0.0.1', port: to, method, path, headers }, (answer) => {
      const { 'set-cookie': __, ...rest } = answer.headers;
      outgoing.writeHead(answer.statusCode ?? 500, rest);
      answer.pipe(outgoing);
    });
    onward.on('error', () => outgoing.destroy());
    incoming.pipe(onward);
  });
  await new Promise<void>((done) => proxy.listen(0, '127.0.0.1', done));
  const close = () => {
    proxy.closeAllConnections();
    proxy.close();
  };
  return { port: (proxy.address() as AddressInfo).port, close };
}

test(
  'P10 a proxy that drops cookies: a script reads back what it wrote, and the server saw nothing',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const proxy = await withoutCookies(server.port);
    const mine = await phone(browser);
    const base = `http://127.0.0.1:${proxy.port}`;
    await held(mine.page, await sit(mine, api, noso.id, base));
    assert.match(await mine.page.evaluate('document.cookie'), /_pass=|noso/, 'written and read');
    assert.is(await seats(api, noso.id), 1);
    await mine.page.click('text=Quitter ma place');
    await view(mine.page, 'left');
    assert.is(await seats(api, noso.id), 0);
    await mine.context.close();
    proxy.close();
  }),
);

/** Storage as some in-app browsers have it. */
const THROWS = `
  const refuse = () => { throw new DOMException('refused', 'SecurityError'); };
  Object.defineProperty(document, 'cookie', { get: refuse, set: refuse });
  for (const name of ['localStorage', 'sessionStorage', 'indexedDB'])
    Object.defineProperty(window, name, { get: refuse });
`;

test(
  'P10 an in-app browser whose storage throws, cookies and all, gets its seat',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    await mine.page.addInitScript({ content: THROWS });
    const own = await sit(mine, api, noso.id, server.url);
    assert.match(own, /^\d{4,}$/);
    assert.is(await seats(api, noso.id), 1);
    await mine.page.click('text=Quitter ma place');
    await view(mine.page, 'left');
    await mine.context.close();
  }),
);

test(
  'P10 over http where it should be https: said in words, with the address, and nobody is sent there',
  given(async ({ browser }) => {
    const server = await startServer({ PUBLIC_URL: 'https://noso.example' });
    try {
      const api = apiOf(server.url, server.owner);
      const noso = await api.noso();
      const mine = await phone(browser);
      const { code } = await api.code(noso.id);
      await mine.page.goto(`${server.url}/j/${code}`);
      const link = mine.page.locator('main a[href^="https:"]');
      assert.is(await link.getAttribute('href'), `https://noso.example/j/${code}`);
      assert.match(await readOf(mine.page), 'En http, rien ne se garde.');
      await mine.page.click('text=Prendre place');
      await view(mine.page, 'seated');
      assert.is(await seats(api, noso.id), 1);
      assert.ok(mine.page.url().startsWith(server.url), 'a proxy in front may speak http to us');
      await mine.context.close();

      const plain = await phone(browser, { javaScriptEnabled: false });
      await plain.page.goto(`${server.url}/j/${code}`);
      assert.is(await plain.page.locator('[data-with="insecure"]:visible').count(), 0);
      await plain.context.close();
    } finally {
      await server.stop();
    }
  }),
  { deadline: 60_000 },
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
