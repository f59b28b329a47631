// Pages under an address that the server takes for another's, as behind a proxy that rewrites Host: what
// they say, what the console of whoever comes by the right one says, and that it heals.
import type { Page } from 'playwright-core';
import * as assert from 'uvu/assert';
import { startHostProxy } from '../support/hostProxy.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { atTheDesk, type Desk, linkTo, newPage, press, signedIn } from './console.js';
import { openScreen } from './wall.js';

const test = suite('pages under another address than the server’s');
const SLOW = { deadline: 90_000 };

const linesOf = (page: Page) => page.locator('.operator p').allTextContents();
const saysIn = (page: Page, what: RegExp) =>
  until(async () => (await linesOf(page)).some((line) => what.test(line)), {
    what: `the console to say ${what}`,
    deadline: 15_000,
  });

/** The wall of a venue of this language, under the proxy's address. */
const wallAt = async ({ api, browser }: Desk, url: string, language: string) => {
  const venue = await api.venue({ name: `Quais ${language}`, language });
  const { token } = await api.own<{ token: string }>('POST', `/api/venues/${venue.id}/walls`, {});
  const locale = language === 'fr' ? 'fr-FR' : 'en-GB';
  return openScreen(browser, `${url}/wall#${token}`, { locale });
};

test(
  'F8 wall and console say it, and what to do; whoever runs the server reads it in the console',
  atTheDesk(async (desk) => {
    const { server, browser } = desk;
    const proxy = await startHostProxy(server.port);
    try {
      const inside = await signedIn(desk);
      const french = await signedIn(desk, { lang: 'fr', phone: true });
      assert.equal(await linesOf(inside), []);

      const wall = await wallAt(desk, proxy.url, 'en');
      await wall.says('title', 'This address is not the server’s own.');
      await wall.says('label', 'Cette adresse n’est pas celle du serveur.');
      const more = `${await wall.text('title2')} ${await wall.text('title3')}`;
      assert.match(more, `PUBLIC_URL to ${proxy.url}`);
      assert.is(await wall.text('head'), `127.0.0.1:${server.port}/wall`);
      const unpaired = await openScreen(browser, `${proxy.url}/wall`, { locale: 'fr-FR' });
      await unpaired.says('title', 'Cette adresse n’est pas celle du serveur.');

      // Who has no key yet reads it before trying, and after.
      const outside = await newPage(browser);
      await outside.goto(`${proxy.url}/organize`);
      const said = outside.locator('.trouble');
      await said.getByText('the server goes by').waitFor();
      const [, key = ''] = linkTo(server).split('#');
      await outside.getByLabel('Link or key').fill(key);
      await press(outside, 'Enter');
      await until(async () => (await said.textContent())?.includes(proxy.url), { what: 'why' });

      // The wall goes on trying, so that it heals; each try is refused.
      await saysIn(inside, /^Phones and screens are being refused: they come by http:/);
      await saysIn(french, /^Des téléphones et des écrans sont refusés/);
      const [line = ''] = await linesOf(inside);
      assert.match(line, proxy.url);
      assert.not.match(line, '/wall');

      // Who was signed in before the proxy came: the line, and the true cause of what is refused.
      const organizer = await newPage(browser);
      const { name, value } = (await inside.context().cookies()).find(
        (cookie) => cookie.httpOnly,
      ) as { name: string; value: string };
      await organizer.context().addCookies([{ name, value, url: proxy.url, sameSite: 'Strict' }]);
      await organizer.goto(`${proxy.url}/organize`);
      await saysIn(organizer, /^This page was opened under http:.*the server goes by/);
    } finally {
      proxy.close();
    }
  }),
  SLOW,
);

test(
  'F8 where the server is told that address, a screen that waits finds out by itself',
  atTheDesk(async (desk) => {
    const { server } = desk;
    const proxy = await startHostProxy(server.port);
    try {
      const wall = await wallAt(desk, proxy.url, 'en');
      await wall.says('title', 'This address is not the server’s own.');
      await server.terminate();
      await server.restart({ PUBLIC_URL: proxy.url });
      await wall.says('title', 'Quais en', 30_000);
    } finally {
      proxy.close();
    }
  }),
  SLOW,
);
