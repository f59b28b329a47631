import type { Browser, BrowserContext, Page } from 'playwright-core';
import { until } from '../support/wait.js';
import { withBrowser } from './chromium.js';
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
        every: 50,
      });
    },
    numbers: () =>
      page.evaluate<string[]>(
        `[...document.querySelectorAll('.seated text')].map((node) => node.textContent).sort()`,
      ),
    seen: () => page.evaluate('seen'),
  };
}

/** A test body with a scripted server and an empty browser, both left behind whatever happened. */
export const screened =
  (
    work: (fake: FakeWall, browser: Browser) => Promise<void>,
    options: { names?: string[] } = {},
  ): (() => Promise<void>) =>
  async () => {
    const fake = await startFakeWall();
    try {
      await withBrowser((browser) => work(fake, browser), options);
    } finally {
      await fake.close();
    }
  };
