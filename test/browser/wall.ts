import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../support/wait.js';
import { launch } from './chromium.js';
import { type FakeWall, startFakeWall } from './fakewall.js';

/**
 * Notes, with the time, every figure and label that is ever on screen, from the first paint on; and
 * how far ahead the server's clock is at least, as well as this page can know it from what it hears.
 */
const WITNESS = `
  window.seen = [];
  window.ahead = -Infinity;
  window.WebSocket = class extends WebSocket {
    constructor(...rest) {
      super(...rest);
      this.addEventListener('message', ({ data }) => {
        const [, time] = /"serverTime":([0-9]+)/.exec(data) || [];
        if (time) ahead = Math.max(ahead, time - Date.now());
      });
    }
  };
  const note = () => {
    const text = (slot) => {
      const node = document.querySelector('[data-slot=' + slot + ']');
      return node ? node.textContent : '';
    };
    const now = text('figure') + '|' + text('label') + '|' + text('title');
    const last = seen[seen.length - 1];
    if (now !== '||' && (!last || last.text !== now)) seen.push({ text: now, at: Date.now(), ahead });
  };
  new MutationObserver(note).observe(document, { subtree: true, childList: true, characterData: true });
`;

export type Seen = { text: string; at: number; ahead: number };

export type Screen = {
  page: Page;
  context: BrowserContext;
  /** Text at a place of the wall, no-break spaces as spaces; null if there is none. */
  text: (slot: string) => Promise<string | null>;
  /** Waits until a place says that. */
  says: (slot: string, text: string, deadline?: number) => Promise<void>;
  /** Numbers in the field, sorted. */
  numbers: () => Promise<string[]>;
  seen: () => Promise<Seen[]>;
};

export async function openScreen(
  browser: Browser,
  url: string,
  options: Parameters<Browser['newContext']>[0] = {},
  /** `clock`: the page's timers go as the test has them. */
  { clock = false } = {},
): Promise<Screen> {
  const context = await browser.newContext({
    viewport: { width: 1920, height: 1080 },
    locale: 'en-GB',
    ...options,
  });
  const page = await context.newPage();
  if (clock) await page.clock.install();
  await page.addInitScript({ content: WITNESS });
  await page.goto(url);
  const text = async (slot: string) => {
    const found = await page.evaluate<string | null>(
      `document.querySelector('[data-slot=${slot}]')?.textContent ?? null`,
    );
    return found?.replace(/\u00a0/g, ' ') ?? null;
  };
  return {
    page,
    context,
    text,
    async says(slot, wanted, deadline = 10_000) {
      await until(async () => (await text(slot)) === wanted, {
        what: `${slot} to say “${wanted}”`,
        deadline,
      });
    },
    numbers: () =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('.seated text')].map((node) => node.textContent).sort()`,
      ),
    seen: () => page.evaluate('seen'),
  };
}

/** So long after a test the browser is kept for the next, ms. */
const KEPT = 250;
/** The browsers of this file's tests, by the names that they know. */
const browsers = new Map<string, { browser: Promise<Browser>; leave?: NodeJS.Timeout }>();

/** A browser that the tests of a file share: starting one takes longer than many a test. */
async function borrow(options: { names?: string[] }): Promise<Browser> {
  const key = (options.names ?? []).join();
  const entry = browsers.get(key) ?? { browser: launch(options) };
  browsers.set(key, entry);
  clearTimeout(entry.leave);
  return entry.browser;
}

/** Leaves nothing in it: what a test opened is closed with all that it kept. */
async function giveBack(options: { names?: string[] }): Promise<void> {
  const entry = browsers.get((options.names ?? []).join());
  if (!entry) return;
  const browser = await entry.browser;
  await Promise.all(browser.contexts().map((context) => context.close()));
  entry.leave = setTimeout(() => {
    browsers.delete((options.names ?? []).join());
    void browser.close();
  }, KEPT);
}

/** A test body with a scripted server and an empty browser, both left behind whatever happened. */
export const screened =
  (
    work: (fake: FakeWall, browser: Browser) => Promise<void>,
    options: { names?: string[] } = {},
  ): (() => Promise<void>) =>
  async () => {
    const [fake, browser] = await Promise.all([startFakeWall(), borrow(options)]);
    try {
      await work(fake, browser);
    } finally {
      await giveBack(options);
      await fake.close();
    }
  };
