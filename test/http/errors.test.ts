import type { IncomingMessage, ServerResponse } from 'node:http';
import * as assert from 'uvu/assert';
import { ERRORS, type ErrorCode, type Why } from '../../src/domain/errors.js';
import { createApi } from '../../src/http/api/api.js';
import { createTokens } from '../../src/service/tokens.js';
import type { Reply } from '../support/api.js';
import { locally } from '../support/local.js';
import { served } from '../support/served.js';
import { SECRET } from '../support/server.js';
import { openPhone } from '../support/sockets.js';
import { suite } from '../support/suite.js';

const test = suite('the error table over HTTP');

type Key = { id: string; token: string };

/** Holds a reply against the table's row. */
function holds(reply: Reply, why: Why, retry = false): void {
  const [code, reason] = why.split('.') as [ErrorCode, string | undefined];
  assert.is(reply.body.code, code, JSON.stringify(reply.body));
  assert.is(reply.body.reason, reason, JSON.stringify(reply.body));
  assert.is(reply.status, ERRORS[code].status);
  assert.match(reply.headers.get('content-type') ?? '', 'application/problem+json');
  assert.is(reply.headers.has('retry-after'), retry, `${code}: retry-after`);
  if (retry) assert.is(reply.headers.get('retry-after'), String(reply.body.retryAfter));
}

test(
  'F4 bad_request names the field; too_large; not JSON',
  served(async (server, api) => {
    const post = (body: unknown) => api.call('POST', '/api/venues', body, api.token);
    const bad = await post({ name: 'x', city: 'y', timeZone: 'Nowhere/None' });
    holds(bad, 'bad_request');
    assert.match(bad.body.detail ?? '', 'timeZone');
    assert.is(bad.body.field, 'timeZone');
    holds(await post({}), 'bad_request');
    holds(await post([]), 'bad_request');
    holds(await post('text'), 'bad_request');
    holds(await post({ name: 'x'.repeat(20_000) }), 'too_large');
    const pass = await api.call('POST', '/api/passes', { code: 'x', extra: 1 });
    holds(pass, 'bad_request');
    assert.match(pass.body.detail ?? '', 'extra');
    const raw = await fetch(`${server.url}/api/venues`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.token}`, 'content-type': 'application/json' },
      body: '{"name":',
    });
    assert.is(raw.status, 400);
    assert.is(((await raw.json()) as { code: string }).code, 'bad_request');
    const proto = JSON.parse('{"code":"MMM-MMM-MMM","__proto__":{"a":1}}');
    assert.is((await api.call('POST', '/api/passes', proto)).status, 400);
  }),
);

test(
  'F7 F8 unauthorized, forbidden, not_found: each with its reason',
  served(async (_, api) => {
    holds(await api.call('GET', '/api/venues'), 'unauthorized.missing');
    holds(await api.call('GET', '/api/venues', undefined, 'nonsense'), 'unauthorized.invalid');
    const noso = await api.noso();
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    holds(await api.call('GET', '/api/venues', undefined, token), 'forbidden.role');
    const made = { label: 'Odile' };
    const { id, token: key } = await api.own<Key>('POST', '/api/organizers', made);
    assert.is((await api.call('GET', '/api/venues', undefined, key)).status, 200);
    holds(await api.call('GET', '/api/organizers', undefined, key), 'forbidden.role');
    holds(await api.sit(api.token, pass), 'forbidden.role');
    await api.own('DELETE', `/api/organizers/${id}`);
    holds(await api.call('GET', '/api/venues', undefined, key), 'unauthorized.revoked');
    holds(await api.call('POST', '/api/sign-in', { key }), 'unauthorized.revoked');
    const old = createTokens([SECRET], () => Date.now() - 13 * 3_600_000);
    holds(await api.call('GET', '/api/venues', undefined, old.owner()), 'unauthorized.expired');
    holds(await api.call('POST', '/api/sign-in', { key: old.link('id') }), 'unauthorized.expired');
    const link = createTokens([SECRET], Date.now).link('id');
    assert.is((await api.call('POST', '/api/sign-in', { key: link })).status, 204);
    holds(await api.call('POST', '/api/sign-in', { key: link }), 'unauthorized.used');
    holds(await api.call('POST', '/api/sign-in', { key: token }), 'forbidden.role');
    holds(await api.call('GET', '/api/nosos/nothing'), 'not_found');
    holds(await api.call('GET', '/api/nothing'), 'not_found');
    holds(await api.call('DELETE', '/api/walls/nothing', undefined, api.token), 'not_found');
    assert.is((await api.leave(token, 'nothing')).status, 204, 'not there: as wished');
    assert.is((await api.leave(token, noso.id)).status, 204);
  }),
);

test(
  'F8 bad_code, not_open, full, too_soon, conflict: each with its reason, its status and its retry',
  served(async (server, api) => {
    holds(await api.call('POST', '/api/passes', { code: 'MMM-MMM-MMM' }), 'bad_code.gone_by');
    holds(await api.call('POST', '/api/passes', { code: 'nonsense' }), 'bad_code.not_a_code');
    holds(await api.call('POST', '/api/numbers', { pass: 'nonsense' }), 'bad_code.pass');
    const soon = await api.noso({ startsAt: new Date(Date.now() + 60_000).toISOString() }, false);
    const code = await api.call('GET', `/api/nosos/${soon.id}/code`, undefined, api.token);
    holds(code, 'not_open.not_yet', true);
    const printed = await api.noso({ startsAt: soon.startsAt, entry: 'link' }, false);
    const link = (await api.code(printed.id)).code;
    for (const path of ['/api/passes', '/api/seats']) {
      holds(await api.call('POST', path, { code: link }), 'not_open.not_yet', true);
    }
    const noso = await api.noso({ capacity: 1 });
    const { token, pass } = await api.person(noso.id);
    assert.is((await api.sit(token, pass)).status, 200);
    const other = await api.person(noso.id);
    holds(await api.sit(other.token, other.pass), 'full', true);
    holds(await api.sit(other.token, pass), 'conflict.pass_used');
    await api.leave(token, noso.id);
    holds(await api.sit(token, pass, true), 'too_soon', true);
    holds(await api.sit(token, pass), 'conflict.left');
    const gone = await api.call('GET', `/api/presence/${noso.id}`, undefined, token);
    holds(gone, 'not_found.left');
    const refused = await openPhone(server.url, { token, pass, back: true });
    assert.is(refused.error?.code, 'too_soon');
    assert.ok((refused.error?.retryAfter ?? 0) > 0);
    const capacity = await api.call('PATCH', `/api/nosos/${noso.id}`, { veil: 9 }, api.token);
    holds(capacity, 'conflict.fixed');
    const beside = await api.noso({ venue: noso.venue.id }, false);
    const open = await api.call('POST', `/api/nosos/${beside.id}/open`, {}, api.token);
    holds(open, 'conflict.other_open');
    const record = await api.call('GET', `/api/nosos/${beside.id}/record`, undefined, api.token);
    holds(record, 'conflict.state');
    const early2 = { endsAt: new Date(Date.now() - 1000).toISOString() };
    const past = await api.call('PATCH', `/api/nosos/${noso.id}`, early2, api.token);
    holds(past, 'conflict.end_past');
    const close = await api.call('POST', `/api/nosos/${noso.id}/close`, {}, api.token);
    assert.is(close.status, 200);
    holds(await api.sit(token, pass, true), 'not_open.closed');
  }),
);

test(
  'F6 a guesser is told rate_limited, while a valid code from the same address is served',
  served(async (_, api) => {
    const noso = await api.noso();
    let last: Reply = await api.call('POST', '/api/passes', { code: 'MMM-MMM-MMM' });
    for (let k = 0; k < 150 && last.body.code === 'bad_code'; k += 1) {
      last = await api.call('POST', '/api/passes', { code: 'MMM-MMM-MMM' });
    }
    holds(last, 'rate_limited.guesses', true);
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    assert.is((await api.sit(token, pass)).status, 200);
  }),
);

test('F4 half an answer is broken off, and does not look like a whole one', async () => {
  const [did, errors] = [[] as string[], [] as unknown[]];
  const response = {
    headersSent: true,
    destroy: () => did.push('destroyed'),
    end: () => did.push('ended'),
  };
  const deps = { onError: (error: unknown) => errors.push(error) } as unknown;
  const api = createApi(deps as Parameters<typeof createApi>[0]);
  const fault = new Error('of the disk');
  await api.refuse(fault, {} as IncomingMessage, response as unknown as ServerResponse);
  assert.equal([did, errors], [['destroyed'], [fault]]);
});

const CANARY = 'of 203.0.113.7, who is not to be named';
test(
  'A1 F8 of a fault the log says where it arose, and not what it says',
  locally(
    async ({ api, logged }) => {
      const noso = await api.noso();
      const { token } = await api.person(noso.id);
      const seat = await api.call('GET', `/api/presence/${noso.id}`, undefined, token);
      holds(seat, 'unavailable.fault', true);
      assert.not.match(JSON.stringify(seat.body), CANARY);
      const faults = logged.filter(({ event }) => event === 'fault');
      assert.ok(faults.length > 0);
      assert.not.match(JSON.stringify(logged), '203.0.113.7');
    },
    {
      wrap: (engine) => ({
        ...engine,
        seat: async () => {
          throw new TypeError(CANARY);
        },
      }),
    },
  ),
);
