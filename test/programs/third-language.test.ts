// A third language is one file beside the others: a build with German in it, whose every text says
// where it is from, so that a word that is not out of the file shows.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as assert from 'uvu/assert';
import { createTokens } from '../../src/service/tokens.js';
import { apiOf } from '../support/api.js';
import { SECRET, startServer } from '../support/server.js';
import { suite } from '../support/suite.js';

const test = suite('a third language is one file');
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

type Tree = { [key: string]: string | Tree };
const texts = (tree: Tree): string[] =>
  Object.values(tree).flatMap((each) => (typeof each === 'string' ? [each] : texts(each)));
const marked = (tree: Tree): Tree =>
  Object.fromEntries(
    Object.entries(tree).map(([key, each]) => [
      key,
      typeof each === 'string' ? each.replaceAll(/[^|]+/g, '„$&“') : marked(each),
    ]),
  );

/** What is read, and read out, on a page; not the words that its script is handed. */
const read = (page: string) =>
  page
    .replaceAll(/<(script|style)\b.*?<\/\1>/gs, '')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"');

/** Sentences of English that stand on a page by themselves. */
const leaks = (page: string, english: Tree): string[] =>
  texts(english)
    .flatMap((text) => text.split('|'))
    .filter((text) => / /.test(text) && !text.includes('{'))
    .filter((text) =>
      new RegExp(`>\\s*${text.replaceAll(/[.*+?^$()[\]\\]/g, '\\$&')}\\s*<`).test(page),
    );

test(
  'with one file more all pages are in that language, and days are as it says them',
  async () => {
    const folder = await mkdtemp(join(tmpdir(), 'noso-third-'));
    try {
      for (const part of ['assets', 'client', 'src']) {
        await cp(join(ROOT, 'dist', part), join(folder, 'dist', part), { recursive: true });
      }
      await cp(join(ROOT, 'package.json'), join(folder, 'package.json'));
      await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
      const words = join(folder, 'dist/client/words');
      const english = JSON.parse(await readFile(join(words, 'en.json'), 'utf8')) as Tree;
      await writeFile(join(words, 'de.json'), JSON.stringify(marked(english)));
      const main = () => join(folder, 'dist/src/programs/main.js');
      const server = await startServer({}, { main });
      try {
        const api = apiOf(server.url, createTokens([SECRET], Date.now).owner());
        const venue = await api.venue({ language: 'de', timeZone: 'Europe/Berlin' });
        const noso = await api.noso({ venue: venue.id }, false);
        const get = async (path: string, language: string) => {
          const headers = { 'accept-language': language };
          const answer = await fetch(`${server.url}${path}`, { headers });
          return read(await answer.text());
        };
        for (const path of [
          '/',
          `/n/${noso.id}`,
          '/j',
          '/me',
          '/out',
          '/privacy',
          '/accessibility',
        ]) {
          const page = await get(path, 'de-AT,de;q=0.9');
          assert.match(page, /<html[^>]* lang="de"/, path);
          assert.match(page, '„', path);
          assert.equal(leaks(page, english), [], path);
          // The same page, so that one sees that a leak would be found.
          if (path === '/privacy') {
            assert.ok(leaks(await get(path, 'en'), english).length > 5);
          }
        }
        const days = new Intl.DateTimeFormat('de', { weekday: 'long', timeZone: 'Europe/Berlin' });
        const day = days.format(Date.parse(noso.startsAt));
        assert.match(await get(`/n/${noso.id}`, 'de'), day);
        assert.match(await get('/wall', 'de'), /lang="de"/);
      } finally {
        await server.stop();
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
  { deadline: 60_000 },
);
