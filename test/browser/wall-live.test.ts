// The wall page against the real server: from before to after, and killed under it.
import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { withBrowser } from './chromium.js';
import { openScreen } from './wall.js';

const test = suite('the wall page on a real server');
const SLOW = { deadline: 90_000 };
const NAME = 'noso.example';

test(
  'W1 W4 W7 W8 a wall before, during, killed under, and after; then revoked',
  async () => {
    const server = await startServer();
    try {
      const api = apiOf(server.url, server.owner);
      const venue = await api.venue({ address: 'Grande salle' });
      const noso = await api.noso(
        {
          venue: venue.id,
          veil: 1,
          gather: 5,
          startsAt: new Date(Date.now() + 585_000).toISOString(),
        },
        false,
      );
      const { id, url } = await api.wall(venue.id);
      await withBrowser(
        async (browser) => {
          const wall = await openScreen(browser, url.replace('127.0.0.1', NAME));
          await wall.says('label', 'avant le silence');
          assert.match((await wall.text('figure')) ?? '', /^9:\d\d$/);
          assert.match(
            (await wall.text('code')) ?? '',
            /^(on entre à |bientôt)/,
            'no code before the doors',
          );
          assert.is(await wall.text('under'), 'Grande salle, Lyon');

          await api.own('POST', `/api/nosos/${noso.id}/open`);
          await until(async () => /^...-...-...$/.test((await wall.text('code')) ?? ''), {
            what: 'a code',
          });
          const drawn = await api.people(noso.id, 12);
          await Promise.all(
            drawn.map(async ({ token, pass }) => {
              assert.is((await api.sit(token, pass)).status, 200);
            }),
          );
          await wall.says('title', '12 personnes sont là');
          const numbers = drawn.map(({ number }) => number).sort();
          const all = async () => (await wall.numbers()).join() === numbers.join();
          await until(all, { what: 'the numbers' });

          await wall.page.evaluate('window.sameDocument = true');
          await server.kill();
          await wall.says('end', 'liaison coupée', 8000);
          await server.restart();
          await wall.says('title', '12 personnes sont là', 20_000);
          assert.ok(await all());

          const late = await openScreen(browser, url);
          await late.says('title', '12 personnes sont là');
          await late.context.close();

          await api.own('POST', `/api/nosos/${noso.id}/close`);
          await wall.says('title', 'Merci.');
          assert.equal(await Promise.all((['figure', 'label'] as const).map(wall.text)), [
            '12',
            'personnes, pas un mot',
          ]);
          assert.ok(await wall.page.evaluate('window.sameDocument'));

          const next = await api.noso({ venue: venue.id, startsAt: new Date().toISOString() });
          await wall.says('label', 'personne, pour l’instant');
          await api.own('POST', `/api/nosos/${next.id}/close`);
          await wall.says('title', 'Merci.');

          await api.own('DELETE', `/api/walls/${id}`);
          await until(
            async () =>
              (await wall.text('label')) === 'This wall is no longer tied to its venue.' ||
              (await wall.text('title')) === 'This wall is no longer tied to its venue.',
            { what: 'the revoked wall to ask for a venue', deadline: 15_000 },
          );
        },
        { names: [NAME] },
      );
    } finally {
      await server.stop();
    }
  },
  SLOW,
);
