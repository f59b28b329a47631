import { connect } from 'node:net';
import * as assert from 'uvu/assert';
import { ERRORS } from '../../src/domain/errors.js';
import { served } from '../support/served.js';
import { openPhone, openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';
import { says } from '../support/traces.js';
import { until } from '../support/wait.js';

const test = suite('health and metrics');

/** What a label may be called. None tells one NoSo, venue, wall, phone or request from another. */
const LABELS = [
  'le',
  'quantile',
  'code',
  'result',
  'kind',
  'type',
  'version',
  'major',
  'minor',
  'patch',
];
/** Of Node itself: a generation or a space of its heap. */
const NODE_LABELS = ['space'];

test(
  'up is up, and ready once people can be seated',
  served(async (server) => {
    for (const [path, says] of Object.entries({ '/healthz': 'ok\n', '/readyz': 'ready\n' })) {
      const response = await fetch(server.url + path);
      assert.is(response.status, 200);
      assert.is(await response.text(), says, 'and nothing else to anybody (A1)');
      assert.is(response.headers.get('cache-control'), 'no-store');
      assert.match(String(response.headers.get('content-type')), 'text/plain');
    }
  }),
);

test(
  'A1 metrics count, and tell nothing of any NoSo, venue, wall, phone or address',
  served(async (server, api) => {
    const venue = await api.venue({ name: 'Zanzibar-Nord', city: 'Quimper', address: '7 quai Nu' });
    const noso = await api.noso({ venue: venue.id, title: 'Titre-Singulier' });
    const wall = await api.wall(venue.id, 'Mur-Unique');
    const shown = openWall(server.url, wall.token);
    const pass = await api.pass(noso.id);
    const { number, token } = await api.number(pass);
    const phone = await openPhone(server.url, { token, pass });
    await shown.shows(1);
    assert.is((await api.call('POST', '/api/passes', { code: 'AAA-AAA-AAA' })).status, 403);
    for (const path of ['/no-such-page', '/api/no-such-address', '/api/nosos/none']) {
      assert.is((await fetch(server.url + path)).status, 404);
    }
    assert.is((await openPhone(server.url, { token: 'none', pass })).error?.code, 'unauthorized');

    const text = await (await fetch(`${server.url}/metrics`)).text();
    const value = (name: string) =>
      Number(new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(text)?.[1]);
    assert.is(value('noso_phones_connected'), 1);
    assert.is(value('noso_walls_connected'), 1);
    assert.is(value('noso_doors_connected'), 0);
    assert.is(value('noso_nosos_open'), 1);
    assert.is(value('noso_seats_acknowledged_total'), 0, 'seats are told in tens');
    assert.is(value('noso_take_seconds_count'), 0);
    assert.match(text, 'noso_refusals_total{code="bad_code"} 1');
    assert.is(value('noso_errors_total'), 0);
    // What would wake a resting process a hundred times a second is not measured.
    assert.not.match(text, 'nodejs_eventloop_lag_p99_seconds');
    assert.ok(value('nodejs_eventloop_utilization') >= 0);

    const labels = new Set([...text.matchAll(/[{,](\w+)="/g)].map((m) => m[1] as string));
    for (const label of labels) {
      assert.ok(LABELS.includes(label) || NODE_LABELS.includes(label), `label ${label}`);
    }
    // Nor do their values: what somebody asked for must not be told by a name of its own (S4).
    for (const [, label, value = ''] of text.matchAll(/^noso_\w+\{(\w+)="([^"]*)"/gm)) {
      const known = label === 'le' ? value === '+Inf' || Number(value) > 0 : value in ERRORS;
      assert.ok(known || (label === 'result' && value === 'ok'), `${label}="${value}"`);
    }
    const secrets = { venue: venue.id, noso: noso.id, wall: wall.id, token, pass };
    assert.not.ok(says(text, number));
    const canaries = ['Zanzibar', 'Quimper', 'quai Nu', 'Singulier', 'Unique', '127.0.0.1'];
    for (const canary of [...Object.values(secrets), ...canaries]) {
      assert.not.match(text, canary);
    }
    shown.close();
    phone.socket.disconnect();
  }),
);

test(
  'F2 /readyz says 503 as soon as the server drains, /healthz goes on saying that it is up',
  served(async (server, api) => {
    const noso = await api.noso();
    for (let k = 0; k < 24; k += 1) {
      const { token, pass } = await api.person(noso.id);
      await openPhone(server.url, { token, pass });
    }
    // Requests whose first line came before the signal, and whose last comes after it: it came with a
    // request that was answered, so it was read.
    const slow = async (path: string) => {
      let answer = '';
      const socket = connect(server.port, '127.0.0.1');
      socket.on('data', (data) => (answer += data));
      socket.on('error', () => {});
      const line = (of: string) => `GET ${of} HTTP/1.1\r\nHost: 127.0.0.1\r\n`;
      const status = (which: number) =>
        Number([...answer.matchAll(/HTTP\/1\.1 (\d+)/g)][which]?.[1] ?? 0);
      socket.write(`${line('/healthz')}\r\n${line(path)}`);
      await until(() => status(0), { what: 'the first answer' });
      return { ask: () => socket.write('\r\n'), status: () => status(1) };
    };
    const ready = await slow('/readyz');
    const health = await slow('/healthz');
    const ended = server.terminate();
    await until(() => server.output().includes('"stopping"'), { what: 'the signal to arrive' });
    ready.ask();
    health.ask();
    await until(() => ready.status() && health.status(), { what: 'both answers' });
    assert.is(ready.status(), 503);
    assert.is(health.status(), 200);
    assert.is(await ended, 0);
  }),
);
