// npm run lighthouse     what Lighthouse says of the pages; ends with 1 where it is less than it should be
//
// Not a part of `npm test`: it fetches Lighthouse, which is large, and its performance is the machine's too.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { apiOf } from '../support/api.js';
import { startServer } from '../support/server.js';
import { EXECUTABLE } from './chromium.js';

const LIGHTHOUSE = 'lighthouse@13.5.0';
const CATEGORIES = ['performance', 'accessibility', 'best-practices', 'seo'] as const;
type Category = (typeof CATEGORIES)[number];
type Report = {
  categories: Record<
    Category,
    { score: number | null; auditRefs: { id: string; weight: number }[] }
  >;
  audits: Record<string, { score: number | null; title: string; displayValue?: string }>;
};

/** A page, what each category is to be at least, and what is sent along. */
type Asked = { path: string; least: number; but?: Category; token?: string };

async function reportOf(url: string, token: string | undefined): Promise<Report> {
  const headers = token ? [`--extra-headers={"Authorization":"Bearer ${token}"}`] : [];
  const flags = '--chrome-flags=--headless --no-sandbox --disable-gpu';
  const { stdout } = await promisify(execFile)(
    'npx',
    [
      ...['-y', '-p', LIGHTHOUSE, 'lighthouse', url, '--quiet', '--output=json', flags, ...headers],
      ...[`--only-categories=${CATEGORIES.join(',')}`, '--disable-full-page-screenshot'],
    ],
    { env: { ...process.env, CHROME_PATH: EXECUTABLE }, maxBuffer: 64 << 20 },
  );
  return JSON.parse(stdout) as Report;
}

/** What keeps a category from being whole. */
function* faultsOf({ categories, audits }: Report): Generator<string> {
  for (const category of CATEGORIES) {
    for (const { id, weight } of categories[category].auditRefs) {
      const { score, displayValue = '' } = audits[id] ?? { score: null };
      if (weight > 0 && score !== null && score < 1) yield `  ${category}: ${id} ${displayValue}`;
    }
  }
}

async function main(): Promise<void> {
  const server = await startServer();
  try {
    const api = apiOf(server.url, server.owner);
    const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
    const soon = { startsAt: inMs(3_600_000), endsAt: inMs(7_200_000) };
    const { id } = await api.noso(soon, false);
    const { code } = await api.code((await api.noso({ entry: 'link' })).id);
    const asked: Asked[] = [
      ...['/', `/n/${id}`, '/privacy'].map((path) => ({ path, least: 100 })),
      ...[`/j/${code}`, '/j', '/me'].map((path) => ({ path, least: 100, but: 'seo' as const })),
      { path: '/organize', least: 96, but: 'seo', token: server.owner },
    ];
    for (const { path, least, but, token } of asked) {
      const report = await reportOf(server.url + path, token);
      const scores = CATEGORIES.map((each) =>
        Math.round((report.categories[each].score ?? 0) * 100),
      );
      const low = CATEGORIES.some((each, k) => each !== but && (scores[k] ?? 0) < least);
      if (low) process.exitCode = 1;
      console.log(`${low ? 'LOW' : 'ok '} ${path.padEnd(24)} ${scores.join(' ')}`);
      for (const fault of faultsOf(report)) console.log(fault);
    }
  } finally {
    await server.stop();
  }
}

await main();
