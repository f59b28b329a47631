import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const source = readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

type Found = { id: string; help: string; nodes: { target: string[]; failureSummary?: string }[] };

/** Has axe look at a page as it is; what it says against it, a line each. `rules`: only those. */
export async function axe(page: Page, rules?: string[]): Promise<string[]> {
  const known = await page.evaluate<boolean>('typeof axe === "object"');
  if (!known) await page.evaluate(await source);
  const only = rules ? `{ runOnly: ${JSON.stringify(rules)} }` : '{}';
  const { violations } = await page.evaluate<{ violations: Found[] }>(
    `axe.run(document, ${only}).then(({ violations }) => ({ violations }))`,
  );
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ target, failureSummary }) =>
        `${id}: ${target.join(' ')} (${help}) ${failureSummary ?? ''}`,
    ),
  );
}

/** The same by day and by night: what a scheme changes is colour. */
export async function axeInBoth(page: Page): Promise<string[]> {
  await page.emulateMedia({ colorScheme: 'light' });
  const day = await axe(page);
  await page.emulateMedia({ colorScheme: 'dark' });
  const night = await axe(page, ['color-contrast']);
  await page.emulateMedia({ colorScheme: 'light' });
  return [...day, ...night.map((each) => `by night, ${each}`)];
}
