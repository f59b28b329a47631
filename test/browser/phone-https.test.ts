import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import type { Code, Noso, Venue } from '../../src/protocol/wire.js';
import { createTokens } from '../../src/service/tokens.js';
import { selfSigned } from '../support/certificate.js';
import { freePort } from '../support/ports.js';
import { inFolder, program } from '../support/program.js';
import { SECRET } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { given, HIDE, inMs, number, open, phone, readOf, seats, sit, view } from './phones.js';

const test = suite('the phone page over https, and seats that are taken back');

test(
  'A2 P1 over https a browser keeps cookies that are __Host-, those of a script among them, and comes back',
  given(({ browser }) =>
    inFolder(async (folder) => {
      const { cert, key } = selfSigned();
      const files = { TLS_CERT: join(folder, 'cert.pem'), TLS_KEY: join(folder, 'key.pem') };
      await writeFile(files.TLS_CERT, cert);
      await writeFile(files.TLS_KEY, key, { mode: 0o600 });
      const port = String(await freePort());
      const url = `https://127.0.0.1:${port}`;
      const where = { PORT: port, HOST: '127.0.0.1', DATA_DIR: join(folder, 'data') };
      const secret = { NOSO_SECRET: SECRET, PUBLIC_URL: url };
      const server = program('main', { ...where, ...secret, ...files });
      try {
        await server.says(/What is on/, 60_000);
        const { page, context } = await phone(browser, { ignoreHTTPSErrors: true });
        const authorization = `Bearer ${createTokens([SECRET], Date.now).owner()}`;
        const ask = async <T>(path: string, data?: object): Promise<T> => {
          const options = { headers: { authorization }, ...(data ? { data } : {}) };
          const reply = await (data
            ? context.request.post(url + path, options)
            : context.request.get(url + path, options));
          assert.ok(reply.ok(), `${path}: ${reply.status()}`);
          return (await reply.json()) as T;
        };
        const place = { name: 'Quai', city: 'Lyon', timeZone: 'Europe/Paris', language: 'fr' };
        const { id: venue } = await ask<Venue>('/api/venues', place);
        const hours = { startsAt: inMs(-60_000), endsAt: inMs(3_600_000) };
        const noso = await ask<Noso>('/api/nosos', { venue, title: 'Ici', ...hours });
        await ask<Noso>(`/api/nosos/${noso.id}/open`, {});
        const { code } = await ask<Code>(`/api/nosos/${noso.id}/code`);
        await page.goto(`${url}/j/${code}`);
        await page.click('text=Prendre place');
        await view(page, 'seated');
        const own = await number(page);
        const kept = await context.cookies();
        assert.ok(kept.length > 0);
        for (const { name, secure, path } of kept) {
          assert.match(name, /^__Host-noso_[0-9a-f]{12}_\w+$/);
          assert.equal([secure, path], [true, '/'], name);
        }
        // The seat's pass is written by the page's own script; the token no script can read.
        const byScript = kept.filter(({ httpOnly }) => !httpOnly).map(({ name }) => name);
        assert.equal(byScript.map((name) => name.replace(/^.*_/, '')).sort(), ['pass']);
        assert.match(await page.evaluate<string>('document.cookie'), `${byScript[0]}=`);
        await page.reload();
        await view(page, 'seated');
        assert.is(await number(page), own);
        await page.goto(`${url}/me`);
        assert.match(await readOf(page), own);
        await context.close();
      } finally {
        await server.kill();
      }
    }),
  ),
  { deadline: 90_000 },
);

test(
  'P8 F8 a phone that slept while its seat was taken back says so, and how to come in again',
  given(async ({ server, api, browser }) => {
    const noso = await api.noso();
    const mine = await phone(browser);
    await sit(mine, api, noso.id, server.url);
    await mine.page.evaluate(HIDE);
    await until(() => open(mine.sockets) === 0, { what: 'the phone to let go' });
    const since = inMs(-300_000);
    await api.own('POST', `/api/nosos/${noso.id}/void`, { since });
    assert.is(await seats(api, noso.id), 0);
    // It wakes, and asks how things stand.
    await mine.page.evaluate(`
      Object.defineProperty(document, 'visibilityState', { value: 'visible', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'));
    `);
    await view(mine.page, 'voided');
    const said = await readOf(mine.page);
    assert.match(said, 'Des places ont été rendues.');
    assert.match(said, 'La vôtre en était. Le mur a un code neuf.');
    await mine.page.reload();
    assert.match(await readOf(mine.page), 'Des places ont été rendues.');
    // The fresh code leads to a seat at once.
    await sit(mine, api, noso.id, server.url);
    assert.is(await seats(api, noso.id), 1);
    await mine.context.close();
  }),
  { deadline: 60_000 },
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
