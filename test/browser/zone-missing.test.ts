// Pages in a browser that is older than the venue's zone: Intl throws at its name (F9).
import type { BrowserContext } from 'playwright-core';
import * as assert from 'uvu/assert';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';
import { given, phone, readOf, sit } from './phones.js';
import { openScreen } from './wall.js';

const test = suite('pages in a browser in which a zone is missing');
const ZONE = 'America/Coyhaique';
const IGNORANT = `(() => {
  const { DateTimeFormat } = Intl;
  Intl.DateTimeFormat = function (locale, options) {
    if (options?.timeZone === ${JSON.stringify(ZONE)}) throw new RangeError('Invalid time zone');
    return new DateTimeFormat(locale, options);
  };
})()`;
/** What its pages throw, which is nothing. */
function faultsOf(context: BrowserContext): string[] {
  const faults: string[] = [];
  context.on('weberror', (error) => faults.push(error.error().message));
  return faults;
}

test(
  'F9 W10 the wall counts, the phone is seated and shows its number and the hour, the pages stand',
  given(async ({ server, api, browser }) => {
    const venue = await api.venue({ timeZone: ZONE, name: 'Biblioteca', language: 'en' });
    const end = new Date(Date.now() + 3_600_000);
    end.setUTCMinutes(17); // a full hour is said in other words
    const endsAt = end.toISOString();
    const noso = await api.noso({ venue: venue.id, title: 'Una hora', endsAt });
    const hour = new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone: ZONE, hour: '2-digit', minute: '2-digit' },
    }).format(new Date(noso.endsAt));
    const { token } = await api.own<{ token: string }>('POST', `/api/venues/${venue.id}/walls`, {});
    const wall = await openScreen(browser, 'about:blank');
    const wallFaults = faultsOf(wall.context);
    await wall.page.addInitScript(IGNORANT);
    await wall.page.goto(`${server.url}/wall#${token}`);
    await wall.says('figure', '0', 20_000);
    assert.ok(
      (await wall.page.evaluate<string>('document.body.textContent')).includes(hour),
      'the hour of the end, off the server’s own clock',
    );

    const mine = await phone(browser);
    const faults = faultsOf(mine.context);
    await mine.page.addInitScript(IGNORANT);
    const number = await sit(mine, api, noso.id, server.url);
    assert.match(number, /^\d{6}$/);
    const throws = `(() => { try { new Intl.DateTimeFormat('en', { timeZone: '${ZONE}' }); } catch { return true; } })()`;
    for (const { page } of [mine, wall])
      assert.ok(await page.evaluate(throws), 'it does not know it');
    const [h, m] = hour.split(':');
    const said = () => readOf(mine.page);
    await until(async () => (await said()).includes(`${Number(h)} h ${m}`), {
      what: `the phone to say ${hour}`,
    });
    await wall.says('figure', '1', 20_000);
    for (const path of ['/', `/n/${noso.id}`]) {
      await mine.page.goto(server.url + path);
      assert.match(await mine.page.evaluate<string>('document.body.innerText'), 'Una hora');
    }
    assert.equal([...wallFaults, ...faults], []);
  }),
  { deadline: 90_000 },
);

test(
  'the server and the browser end',
  given(async ({ server, browser }) => {
    await browser.close();
    await server.stop();
  }),
);
