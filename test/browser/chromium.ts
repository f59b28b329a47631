import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, type BrowserContext, chromium } from 'playwright-core';
import { LONG } from '../support/wait.js';

/** Debian's Chromium: Playwright's own download is not to be had everywhere. */
export const EXECUTABLE = process.env.CHROMIUM ?? '/usr/bin/chromium';

/** Quiet: Chromium looks for nothing but what a page asks for. */
const ARGUMENTS = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/**
 * Starts a Chromium with an empty profile of its own. `names` are host names that lead to
 * 127.0.0.1, for pages on a plain-HTTP name that is not localhost (no wake lock, no service worker).
 * Close it with `browser.close()`; `withBrowser` does that by itself.
 */
export async function launch({ names = [] }: { names?: string[] } = {}): Promise<Browser> {
  const rules = names.map((name) => `MAP ${name} 127.0.0.1`).join(',');
  const browser = await chromium.launch({
    executablePath: EXECUTABLE,
    args: rules ? [...ARGUMENTS, `--host-resolver-rules=${rules}`] : ARGUMENTS,
    timeout: LONG,
  });
  const { newContext } = browser;
  browser.newContext = async (options) => {
    const context = await newContext.call(browser, options);
    context.setDefaultTimeout(LONG);
    return context;
  };
  return browser;
}

/** So long after a test the browser is kept for the next, ms. */
const KEPT = 250;
/** The browsers of this file's tests, by the names that they know. */
const browsers = new Map<string, { browser: Promise<Browser>; leave?: NodeJS.Timeout }>();

/**
 * Runs `work` with a browser that is empty: the tests of a file share one, since starting it takes
 * longer than many a test. What was opened in it is closed whatever happens, with all that it kept.
 */
export async function withBrowser<T>(
  work: (browser: Browser) => Promise<T>,
  options: { names?: string[] } = {},
): Promise<T> {
  const key = (options.names ?? []).join();
  const entry = browsers.get(key) ?? { browser: launch(options) };
  browsers.set(key, entry);
  clearTimeout(entry.leave);
  const browser = await entry.browser;
  try {
    return await work(browser);
  } finally {
    await Promise.all(browser.contexts().map((context) => context.close()));
    entry.leave = setTimeout(() => {
      browsers.delete(key);
      void browser.close();
    }, KEPT);
  }
}

/**
 * A Chromium that blocks cookies, as its settings have it: `navigator.cookieEnabled` stays true,
 * nothing that is written reads back, and storage throws. Ends with `context.close()`.
 */
export async function launchWithoutCookies(options: object = {}): Promise<BrowserContext> {
  const profile = await mkdtemp(join(tmpdir(), 'noso-test-'));
  await mkdir(join(profile, 'Default'));
  const blocked = { profile: { default_content_setting_values: { cookies: 2 } } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(blocked));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: EXECUTABLE,
    args: ARGUMENTS,
    timeout: LONG,
    ...options,
  });
  context.setDefaultTimeout(LONG);
  context.once('close', () => rm(profile, { recursive: true, force: true, maxRetries: 5 }));
  return context;
}
