import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import express from 'express';
import * as assert from 'uvu/assert';
import { Refusal } from '../../src/domain/errors.js';
import type { Noso, Venue } from '../../src/domain/noso.js';
import { pagesRouter } from '../../src/http/pages/pages.js';
import type { PagesDeps } from '../../src/http/pages/pagesDeps.js';
import { createJar } from '../../src/service/cookies.js';
import { readWords } from '../../src/service/dictionary.js';
import { listens } from '../support/listens.js';
import { suite } from '../support/suite.js';
import {
  formOf,
  type Page,
  standing,
  type Visitor,
  viewOf,
  visitorOf,
} from '../support/visitor.js';

const test = suite('the pages while the store does not answer');
const built = fileURLToPath(new URL('../..', import.meta.url));
const venue: Venue = {
  id: 'quais',
  name: 'Bibliothèque des Quais',
  city: 'Lyon',
  timeZone: 'Europe/Paris',
  language: 'fr',
};
const noso = {
  id: 'noso',
  venue: venue.id,
  title: 'Une heure pour rien',
  startsAt: Date.now(),
  endsAt: Date.now() + 3_600_000,
  pocket: null,
  life: { is: 'open' },
} as Noso;
const down = () => Promise.reject(new Refusal('unavailable.no_answer', undefined, 3));

/** The pages over a reception of which `broken` does not answer, for one visitor. */
const pages =
  (
    broken: string[],
    work: (visitor: Visitor, faults: unknown[]) => Promise<void>,
    nosos: Noso[] = [noso],
  ) =>
  async () => {
    const faults: unknown[] = [];
    const reception = {
      exchange: async () => ({
        pass: 'pass',
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
        for: noso,
        venue,
      }),
      findByCode: async () => ({ noso, venue }),
      readPass: () => ({ noso: noso.id, kind: 'entry' as const, until: Date.now() + 600_000 }),
      readToken: (token: string) => ({ number: token, noso: null, renewed: null }),
      find: async () => ({ noso, venue }),
      seat: async () => null,
      leave: async () => {},
      ...Object.fromEntries(broken.map((verb) => [verb, down])),
    };
    const app = express();
    app.use(
      pagesRouter({
        reception: reception as unknown as PagesDeps['reception'],
        jar: createJar({
          installation: () => 'one',
          publicUrl: () => 'http://127.0.0.1',
          made: () => true,
        }),
        catalogue: { nosos: () => nosos, noso: () => undefined, venue: () => venue },
        cities: { ask: down },
        intents: { draw: down, intend: down, withdraw: down, intends: down },
        judge: async (_, refusal) => refusal,
        from: () => 'somewhere',
        callerOf: () => ({
          from: '',
          line: null,
          isGone: () => false,
          whenGone: () => () => {},
          hangUp: () => {},
        }),
        words: await readWords(`${built}/client/words`),
        assets: `${built}/assets`,
        now: Date.now,
        publicUrl: () => 'http://127.0.0.1',
        store: () => 'refused',
        outside: { isForeign: () => false },
        operator: { name: null, contact: null },
        refused: () => {},
        onError: (error) => faults.push(error),
      }),
    );
    const server = createServer(app);
    try {
      const port = await listens(server);
      await work(visitorOf(`http://127.0.0.1:${port}`), faults);
    } finally {
      server.close();
      server.closeAllConnections();
    }
  };

/** A page that says what went wrong may do no more than any other (F7). */
function assertBearsPolicy({ headers }: Page): void {
  assert.match(
    headers.get('content-security-policy') ?? '',
    "default-src 'none'; script-src 'self';",
  );
  assert.is(headers.get('referrer-policy'), 'same-origin');
}

test(
  'F1 a take without an answer says so, keeps the pass, and asks again by itself',
  pages(['enter'], async (visitor, faults) => {
    const invite = await visitor.get('/j/MMM-MMM-MMM');
    const { fields } = formOf(invite.html, 'take');
    const asking = await visitor.send(invite, 'take');
    assert.is(asking.status, 503);
    assert.is(asking.headers.get('retry-after'), '3');
    assertBearsPolicy(asking);
    assert.is(viewOf(asking), 'asking');
    assert.match(standing(asking.html).replace(/<[^>]+>/g, ''), 'asking again in 3 s');
    assert.match(asking.html, '<noscript><meta http-equiv="refresh" content="3"></noscript>');
    assert.equal(formOf(asking.html, 'take').fields, fields, 'P3: the same request again');
    assert.is(fields.pass, 'pass');
    assert.is(faults.length, 0, 'a store that is down is no fault of the pages');
  }),
);

test(
  'F1 a first visit without an answer is asked again, with JavaScript or without',
  pages(['exchange'], async (visitor) => {
    const asking = await visitor.get('/j/MMM-MMM-MMM');
    assert.is(asking.status, 503);
    assertBearsPolicy(asking);
    assert.is(viewOf(asking), 'asking');
    assert.match(asking.html, '<meta http-equiv="refresh" content="3">');
    assert.not.match(asking.html, '<noscript>');
  }),
);

test(
  'F1 what is on and what is kept need no store; /me says that there is no answer',
  pages(['seat', 'leave'], async (visitor) => {
    visitor.jar.set('noso_one_token', '4711');
    visitor.jar.set('noso_one_pass', 'pass');
    assert.is((await visitor.get('/')).status, 200);
    const privacy = await visitor.get('/privacy');
    assert.match(privacy.html, 'until their next rewrite', 'L4: where Redis refuses, it is said');
    const own = await visitor.get('/me');
    assert.is(own.status, 503);
    assertBearsPolicy(own);
    assert.is((await visitor.post('/me/forget', {})).status, 303);
    assert.is(visitor.jar.size, 0, 'A4: forgetting is the phone’s, whatever the store says');
  }),
);

test(
  'F9 a NoSo that cannot be drawn is one row that says so; the rest of the page stands',
  pages(
    [],
    async (visitor, faults) => {
      const { status, html } = await visitor.get('/');
      assert.is(status, 200);
      assert.match(html, 'hour unreadable');
      assert.match(html, 'Ailleurs dans le temps');
      assert.match(html, 'Une heure pour rien');
      assert.match(html, '<strong>now</strong>');
      assert.ok(faults[0] instanceof RangeError, 'and whoever runs the server hears of it');
    },
    [{ ...noso, id: 'far', title: 'Ailleurs dans le temps', startsAt: 9e15, endsAt: 9e15 }, noso],
  ),
);
