import { connect } from 'node:net';
import * as assert from 'uvu/assert';
import type { Noso } from '../../src/protocol/wire.js';
import { openRaw, sitRaw } from '../support/raw.js';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { hold, metric, openFiles, upgradeRequest, wellAfterwards } from '../support/tcp.js';
import { until } from '../support/wait.js';
import { FIRST, wsFrame } from '../support/wsFrame.js';

const test = suite('hostile: the mute, and those who cut the line');

/** Of each kind; `NOSO_MUTE=450` for four thousand in all. */
const EACH = Number(process.env.NOSO_MUTE ?? 5);

const post = (...headers: string[]) =>
  ['POST /api/passes HTTP/1.1', 'Host: 127.0.0.1', ...headers, '', ''].join('\r\n');

test(
  `F4 ${EACH * 9} slow and mute are hung up on within 12 s, whatever they stopped in the midst of`,
  served(async (server) => {
    const before = await openFiles(server);
    const stages = {
      'a connection and no word': '',
      'half a request': 'GET / HT',
      'headers without an end': 'GET / HTTP/1.1\r\nHost: x\r\n',
      'a body that does not come': `${post('Content-Length: 100')}{`,
      'a chunk that does not come': `${post('Transfer-Encoding: chunked')}5\r\n{`,
      'an upgrade without an end': upgradeRequest().slice(0, -2),
      'a socket that says nothing': upgradeRequest(),
      'an upgrade that was refused': upgradeRequest('/elsewhere'),
      'an upgrade from elsewhere': upgradeRequest(undefined, 'Origin: http://evil.example\r\n'),
    };
    for (const bytes of Object.values(stages)) {
      await Promise.all(Array.from({ length: EACH }, () => hold(server.port, bytes)));
    }
    // Seven of the nine are still waited for, and let go of only in time.
    await until(async () => (await openFiles(server)) >= before + EACH * 6, {
      what: 'them to be open',
    });
    await until(async () => (await openFiles(server)) <= before + 2, {
      what: 'the server to let go of the mute',
      deadline: 12_000,
      every: 200,
    });
    await wellAfterwards(server);
  }),
  { deadline: 40_000 },
);

/** A masked text frame, as a client sends it. */
const frame = (text: string) => wsFrame(FIRST.text, text);

/** Sends `pieces`, each when the one before was answered, and cuts the line `after` ms later. */
function cut(port: number, pieces: (string | Buffer)[], after: number | null): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const rest = [...pieces];
    const next = () => {
      const piece = rest.shift();
      if (piece !== undefined) socket.write(piece);
      if (rest.length > 0) return;
      if (after === null) socket.resetAndDestroy();
      else setTimeout(() => socket.resetAndDestroy(), after);
    };
    socket.on('connect', next);
    socket.on('data', () => rest.length > 0 && next());
    socket.on('error', () => {});
    socket.on('close', () => resolve());
    setTimeout(() => socket.destroy(), 5000).unref();
  });
}

test(
  'F4 a thousand lines cut at every stage of a handshake, of a request and of a seat',
  served(async (server, api) => {
    const noso = await api.noso({ veil: 0 });
    const pass = await api.pass(noso.id);
    const { token } = await api.number(pass);
    const wall = await api.wall(noso.venue.id);
    const { code } = await api.code(noso.id);
    const before = await openFiles(server);
    const up = upgradeRequest();
    const phone = frame(`40/phone,${JSON.stringify({ token, pass })}`);
    const body = JSON.stringify({ code });
    const sized = `Content-Length: ${body.length}`;
    const stages: (string | Buffer)[][] = [
      [''],
      ['GET'],
      [up.slice(0, 60)],
      [up],
      [up, ''],
      [up + '\0'.repeat(20)],
      [upgradeRequest('/elsewhere')],
      [upgradeRequest(undefined, 'Origin: http://evil.example\r\n')],
      [Buffer.concat([Buffer.from(up), phone])],
      [up, phone],
      [up, phone, ''],
      [up, phone, frame('42/phone,1["leave"]').subarray(0, 9)],
      [up, frame('40/phone,{"token":"x","pass":"y"}')],
      [up, frame(`40/wall,${JSON.stringify({ token: wall.token })}`)],
      [up, frame(`40/wall,${JSON.stringify({ token: wall.token })}`), frame('42/wall,1["sync"]')],
      [up, frame(`40/organizer,${JSON.stringify({ token: api.token })}`)],
      [post(sized)],
      [post(sized) + body.slice(0, 5)],
      [post(sized) + body],
      [`${post('Transfer-Encoding: chunked')}5\r\n{"c`],
      [`GET /j/${code} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept-Encoding: gzip\r\n\r\n`],
      [`GET /assets/wall/page.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n`],
      [
        `PUT /api/presence HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
          `Content-Length: ${pass.length + 11}\r\n\r\n{"pass":"${pass}"}`,
      ],
    ];
    const delays = [null, 0, 1, 3];
    const all = Array.from({ length: 1012 }, (_, k) => k).map((k) => () => {
      const pieces = stages[k % stages.length] as (string | Buffer)[];
      return cut(server.port, pieces, delays[Math.floor(k / stages.length) % 4] ?? null);
    });
    for (let k = 0; k < all.length; k += 46) {
      await Promise.all(all.slice(k, k + 46).map((each) => each()));
    }
    await wellAfterwards(server);
    await until(async () => (await metric(server, 'noso_phones_connected')) === 0);
    await until(async () => (await openFiles(server)) <= before + 3, { what: 'no line left open' });
    // The seat was taken over and over by one number, and cutting a line is no leaving.
    const { count } = await api.own<Noso>('GET', `/api/nosos/${noso.id}`);
    assert.is(count, 1);
    const last = await sitRaw(server.url, { token, pass });
    last.close();
    const watching = await openRaw(server.url);
    await watching.enter('/wall', { token: wall.token });
    assert.is(((await watching.event('snapshot')) as { count: number }).count, 1);
    watching.close();
  }),
  { deadline: 60_000 },
);
