import { join } from 'node:path';
import Database from 'libsql';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { copyFolder, found, inFolder } from '../engine/folder.js';
import type { TestApi } from '../support/api.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { standing, visitorOf } from '../support/visitor.js';

const test = suite('I will be there');
const inMs = (ms: number) => new Date(Date.now() + ms).toISOString();
const HOUR = 3_600_000;

const planned = (api: TestApi): Promise<Noso> =>
  api.noso({ startsAt: inMs(HOUR), endsAt: inMs(2 * HOUR) }, false);
const drawn = async (api: TestApi, noso: string, token?: string) =>
  api.call<{ number: string; token: string }>('POST', '/api/numbers', { noso }, token);

test(
  'a number says so of what is planned; organizers alone learn how many (S2 S3)',
  served(async (_, api) => {
    const { id } = await planned(api);
    const { status, body } = await drawn(api, id);
    assert.is(status, 201);
    const again = await drawn(api, id, body.token);
    assert.equal([again.status, again.body.number], [200, body.number], 'draws no other');
    const path = `/api/nosos/${id}/intent`;
    for (let k = 0; k < 2; k += 1) {
      const said = await api.call('PUT', path, undefined, body.token);
      assert.equal([said.status, said.body], [200, { noso: id, number: body.number }]);
    }
    const read = async (token: string | null) =>
      (await api.call<Noso>('GET', `/api/nosos/${id}`, undefined, token)).body.intents;
    assert.is(await read(api.token), 1);
    assert.is(await read(null), undefined);
    assert.is(await read(body.token), undefined);
    for (let k = 0; k < 2; k += 1) {
      assert.is((await api.call('DELETE', path, undefined, body.token)).status, 204);
    }
    assert.is(await read(api.token), 0);
    await api.call('PUT', path, undefined, body.token);
    await api.own('POST', `/api/nosos/${id}/open`);
    assert.is(await read(api.token), 1, 'until the close');
    assert.is(await read(null), undefined);
    const late = await api.call('PUT', path, undefined, body.token);
    assert.equal([late.status, late.body.reason], [409, 'state']);
    assert.equal([(await drawn(api, id)).status], [409]);
    const seat = await api.sit(body.token, await api.pass(id));
    assert.equal([seat.status, seat.body.number], [200, body.number], 'seated under that number');
    const passing = await api.person(id);
    const other = await planned(api);
    const refused = await api.call(
      'PUT',
      `/api/nosos/${other.id}/intent`,
      undefined,
      passing.token,
    );
    assert.equal([refused.status, refused.body.reason], [403, 'noso']);
  }),
);

test(
  '20 at once from one address, then rate_limited; who has a number is not counted',
  served(async ({ url }, api) => {
    const { id } = await planned(api);
    const first = await drawn(api, id);
    for (let k = 1; k < 20; k += 1) assert.is((await drawn(api, id)).status, 201, `${k}`);
    const more = await drawn(api, id);
    assert.equal([more.status, more.body.reason], [429, 'draws']);
    // Nor on the page, of which each is a new person; one may come free meanwhile.
    const pages = [1, 2, 3].map(() => visitorOf(url).post(`/n/${id}`, { do: 'intend' }));
    assert.ok((await Promise.all(pages)).some(({ status }) => status === 429));
    assert.ok((more.body.retryAfter ?? 0) > 0 && (more.body.retryAfter ?? 0) <= 30);
    assert.is((await drawn(api, id, first.body.token)).status, 200);
  }),
);

test(
  'on the page, without a script: one tap, and another takes it back; seated with that browser',
  served(async ({ url }, api) => {
    const { id } = await planned(api);
    const visitor = visitorOf(url, 'en');
    const page = await visitor.get(`/n/${id}`);
    assert.match(page.html, 'I will be there</button>');
    const said = await visitor.post(`/n/${id}`, { do: 'intend' });
    assert.equal([said.status, said.headers.get('location')], [303, `/n/${id}`]);
    const after = standing((await visitor.get(`/n/${id}`)).html);
    const number = /I will be there, (\d+)</.exec(after)?.[1] ?? '';
    assert.match(number, /^\d{6,}$/);
    const count = async () => (await api.own<Noso>('GET', `/api/nosos/${id}`)).intents;
    assert.is(await count(), 1);
    await visitor.post(`/n/${id}`, { do: 'withdraw' });
    assert.is(await count(), 0);
    assert.match((await visitor.get(`/n/${id}`)).html, 'I will be there</button>');
    await visitor.post(`/n/${id}`, { do: 'intend' });
    assert.match(standing((await visitor.get(`/n/${id}`)).html), `I will be there, ${number}<`);
    const evil = { origin: 'https://evil.example' };
    assert.is((await visitor.post(`/n/${id}`, { do: 'withdraw' }, evil)).status, 403);
    await api.own('POST', `/api/nosos/${id}/open`);
    const { code } = await api.code(id);
    const seated = await visitor.send(await visitor.get(`/j/${code}`), 'take');
    assert.match(standing(seated.html), number);
  }),
);

test(
  'A8 what is stored of two NoSos has nothing in common, and is gone once they open or are cancelled',
  served(async (server, api) => {
    const [a, b] = [await planned(api), await planned(api)];
    const { token } = (await drawn(api, a.id)).body;
    for (const { id } of [a, b]) await api.call('PUT', `/api/nosos/${id}/intent`, undefined, token);
    const stored = await inFolder(async (copy) => {
      await copyFolder(server.dataDir, copy);
      const file = new Database(join(copy, 'catalogue.db'));
      const rows = file.prepare('SELECT noso, digest FROM intents').raw().all();
      file.close();
      return new Map(rows as [string, string][]);
    });
    const digests = [a, b].map(({ id }) => stored.get(id) ?? '');
    for (const digest of digests) assert.match(digest, /^[\w-]{22}$/);
    assert.is.not(digests[0], digests[1]);
    const needles = digests.map((digest) => Buffer.from(digest));
    assert.equal(await found(server.dataDir, needles), needles);
    await api.own('POST', `/api/nosos/${a.id}/open`);
    await api.own('POST', `/api/nosos/${b.id}/cancel`);
    assert.equal(await found(server.dataDir, needles), []);
  }),
);
