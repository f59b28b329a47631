// The dashboard and the alerts of docs/, held to what a server shows.
import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../src/domain/errors.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';

const test = suite('papers: figures that are there, and links that lead somewhere');

/** The queries of the dashboard and of the alerts. */
async function queries(): Promise<string[]> {
  const { panels } = JSON.parse(await readFile('docs/grafana.json', 'utf8')) as {
    panels: { targets: { expr: string }[] }[];
  };
  const alerts = await readFile('docs/alerts.yaml', 'utf8');
  return [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...[...alerts.matchAll(/^ +expr: (.+)$/gm)].map(([, expr]) => expr as string),
  ];
}

const FIGURE = /\b(?:noso|nodejs|process)_\w+/g;

test(
  'every figure that a query or the table names is shown, with the labels that are asked for',
  served(async (server, api) => {
    const noso = await api.noso();
    const { token, pass } = await api.person(noso.id);
    await api.sit(token, pass);
    assert.is((await api.call('GET', '/api/organizers')).status, 401);
    const shown = await (await fetch(`${server.url}/metrics`)).text();
    const all = await queries();
    assert.ok(all.length > 10);
    const page = await readFile('docs/operations.md', 'utf8');
    const named = [...all, page].flatMap((text) => text.match(FIGURE) ?? []);
    for (const name of named) assert.match(shown, new RegExp(`^${name}(_count)?[ {]`, 'm'), name);
    for (const query of all) {
      assert.is(query.split('(').length, query.split(')').length, query);
      for (const [, label] of query.matchAll(/\bby \((\w+)\)/g)) {
        const figure = query.match(FIGURE)?.[0];
        assert.match(shown, new RegExp(`^${figure}\\{[^}]*\\b${label}="`, 'm'), query);
      }
      for (const [, code] of query.matchAll(/\bcode="(\w+)"/g))
        assert.ok((code as string) in ERRORS);
    }
    const ours = [...shown.matchAll(/^# TYPE (noso_\w+) /gm)].map(([, name]) => name as string);
    for (const name of ours) assert.ok(page.includes(`\`${name}`), `${name} is explained`);
  }),
);

test('links between papers lead to files, and to headings in them', async () => {
  const docs = (await readdir('docs')).filter((name) => name.endsWith('.md'));
  const papers = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'CONTRIBUTING.md'];
  const wrong: string[] = [];
  for (const paper of [...papers, ...docs.map((name) => join('docs', name))]) {
    const text = await readFile(paper, 'utf8');
    for (const [, link] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
      const [path = '', heading] = (link as string).split('#');
      if (/^\w+:/.test(path)) continue;
      const file = path === '' ? paper : normalize(join(dirname(paper), path));
      const there = file.endsWith('.md') ? await readFile(file, 'utf8').catch(() => null) : '';
      const headings = there?.match(/^#+ .+$/gm)?.map((line) => line.replace(/^#+ /, '')) ?? [];
      const slugs = headings.map((h) =>
        h
          .toLowerCase()
          .replace(/[^\w -]/g, '')
          .replace(/ /g, '-'),
      );
      const exists = there !== null && (await exist(file));
      if (!exists || (heading && !slugs.includes(heading))) wrong.push(`${paper}: ${link}`);
    }
  }
  assert.equal(wrong, []);
});

const exist = (path: string): Promise<boolean> =>
  readFile(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => error.code === 'EISDIR',
  );
