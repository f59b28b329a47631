// From an empty browser to a live wall on a real server, and through its being gone at a cold start.
import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { machineTime } from '../support/machineTime.js';
import { startServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { withBrowser } from './chromium.js';
import { openScreen } from './wall.js';

const test = suite('a screen that is paired, on a real server');
const SLOW = { deadline: 120_000 };

test(
  'W8 W9 paired without a keyboard; comes up without the server, and heals; revoked, it asks anew',
  async () => {
    const server = await startServer();
    try {
      const api = apiOf(server.url, server.owner);
      const noso = await api.noso();
      await withBrowser(async (browser) => {
        const began = machineTime();
        const wall = await openScreen(browser, `${server.url}/wall`);
        const code = await until(async () => wall.text('figure'), { what: 'a code' });
        const made = await api.own<{ id: string }>('POST', `/api/venues/${noso.venue.id}/walls`, {
          name: 'Grande salle',
          pairing: code,
        });
        await wall.says('label', 'personne, pour l’instant', 20_000);
        assert.ok(machineTime() - began < 60_000, 'within a minute');

        await wall.page.evaluate('navigator.serviceWorker.ready.then(() => true)');
        await until(() =>
          wall.page.evaluate(
            `caches.open('noso-wall').then((c) => c.match('/wall')).then(Boolean)`,
          ),
        );
        await server.kill();
        await wall.page.reload();
        await wall.says('end', 'liaison coupée', 15_000);
        assert.is(await wall.text('figure'), '0');
        assert.match((await wall.text('label')) ?? '', /^à /);
        await server.restart();
        await wall.says('label', 'personne, pour l’instant', 40_000);

        await api.own('POST', `/api/walls/${made.id}/identify`);
        await wall.says('name', 'Grande salle');
        // Its link is opened once more, so that its token stands in the address.
        await wall.page.evaluate(`location.hash = localStorage.getItem('noso.wall')`);
        await wall.says('label', 'personne, pour l’instant', 20_000);
        await api.own('DELETE', `/api/walls/${made.id}`);
        await until(async () => /^...-...$/.test((await wall.text('code')) ?? ''), {
          what: 'the revoked wall to offer to be paired',
          deadline: 20_000,
        });
        const said = [await wall.text('title'), await wall.text('label')];
        assert.ok(said.includes('Ce mur n’est plus relié à son lieu.'), said.join());
        const hash = () => wall.page.evaluate<string>('location.hash');
        assert.ok((await hash()).length > 20, 'the former token');
        await api.own('POST', `/api/venues/${noso.venue.id}/walls`, {
          name: 'Petite salle',
          pairing: await wall.text('code'),
        });
        await wall.says('label', 'personne, pour l’instant', 20_000);
        assert.is(
          await hash(),
          '',
          'the link that brought the former token does not bring it back',
        );
        await wall.page.reload();
        await wall.says('label', 'personne, pour l’instant', 20_000);
      });
    } finally {
      await server.stop();
    }
  },
  SLOW,
);
