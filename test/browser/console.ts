// A console in a real browser, signed in by a link such as the command line prints.
import type { Browser, Page } from 'playwright-core';
import { newId } from '../../src/service/identity.js';
import { createTokens } from '../../src/service/tokens.js';
import { apiOf, type TestApi } from '../support/api.js';
import { SECRET, startServer, type TestServer } from '../support/server.js';
import { withBrowser } from './chromium.js';

export type Desk = { server: TestServer; api: TestApi; browser: Browser };

/** A test body with a server of its own and an empty browser; both are left behind whatever happened. */
export const atTheDesk = (work: (desk: Desk) => Promise<void>) => (): Promise<void> =>
  withBrowser(async (browser) => {
    const server = await startServer();
    try {
      await work({ server, api: apiOf(server.url, server.owner), browser });
    } finally {
      await server.stop();
    }
  });

/** A sign-in link, as `npm run --silent link` makes them. */
export const linkTo = (server: TestServer): string =>
  `${server.url}/organize#${createTokens([SECRET], Date.now).link(newId())}`;

type Look = { lang?: string; phone?: boolean; timeZone?: string };

/** A page of a browser profile of its own. */
export async function newPage(browser: Browser, look: Look = {}): Promise<Page> {
  const context = await browser.newContext({
    viewport: look.phone ? { width: 390, height: 844 } : { width: 1280, height: 800 },
    locale: look.lang === 'fr' ? 'fr-FR' : 'en-GB',
    timezoneId: look.timeZone ?? 'Europe/Paris',
  });
  return context.newPage();
}

/** Follows a sign-in link and waits for the console behind it. */
export async function signedIn({ server, browser }: Desk, look: Look = {}): Promise<Page> {
  const page = await newPage(browser, look);
  await page.goto(linkTo(server));
  await page.waitForSelector('.frame:not(.cut)');
  return page;
}

/** Everything that a reader of the page could see or hear. */
export const textOf = (page: Page): Promise<string> =>
  page.evaluate<string>('document.documentElement.innerHTML');

/** Presses the button or link of that name. */
export const press = (page: Page, name: string | RegExp): Promise<void> =>
  page.getByRole('button', { name }).or(page.getByRole('link', { name })).first().click();

/** The large figure. */
export const figureOf = (page: Page): Promise<string | null> =>
  page.evaluate<string | null>(
    `document.querySelector('.figure .digits:not(.probe)')?.textContent ?? null`,
  );
