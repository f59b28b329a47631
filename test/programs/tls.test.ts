import { writeFile } from 'node:fs/promises';
import { request } from 'node:https';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { createTokens } from '../../src/service/tokens.js';
import { selfSigned } from '../support/certificate.js';
import { freePort } from '../support/ports.js';
import { inFolder, type Program, program } from '../support/program.js';
import { SECRET } from '../support/server.js';
import { openPhone, openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';

const test = suite('TLS of our own');

type Answer = { status: number; headers: Record<string, unknown>; body: string };

/** One HTTPS request that trusts `ca` and nothing else. */
function ask(
  url: string,
  ca: string,
  { method = 'GET', token = '', body }: { method?: string; token?: string; body?: object } = {},
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers: Record<string, string> = { 'content-type': 'application/json' };
    if (token) headers.authorization = `Bearer ${token}`;
    const asked = request(url, { method, ca, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (data) => (text += data));
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    asked.on('error', reject);
    asked.end(body ? JSON.stringify(body) : undefined);
  });
}

/** A server that serves HTTPS by itself, in a folder of its own. */
const secured = (
  work: (at: { url: string; ca: string; server: Program; owner: string }) => Promise<void>,
) =>
  inFolder(async (folder) => {
    const { cert, key } = selfSigned();
    await writeFile(join(folder, 'cert.pem'), cert);
    await writeFile(join(folder, 'key.pem'), key, { mode: 0o600 });
    const port = await freePort();
    const server = program('main', {
      PORT: String(port),
      HOST: '127.0.0.1',
      DATA_DIR: join(folder, 'data'),
      NOSO_SECRET: SECRET,
      TLS_CERT: join(folder, 'cert.pem'),
      TLS_KEY: join(folder, 'key.pem'),
      PUBLIC_URL: `https://127.0.0.1:${port}`,
    });
    try {
      await server.says(/What is on/);
      const owner = createTokens([SECRET], Date.now).owner();
      await work({ url: `https://127.0.0.1:${port}`, ca: cert, server, owner });
    } finally {
      await server.kill();
    }
  });

test('serves HTTPS and wss, and cookies are Secure', () =>
  secured(async ({ url, ca, server, owner }) => {
    assert.match(server.stdout(), `${url}/wall`);
    assert.is((await ask(`${url}/readyz`, ca)).status, 200);
    const post = async <T>(path: string, body?: object): Promise<T> => {
      const answer = await ask(url + path, ca, { method: 'POST', token: owner, body: body ?? {} });
      assert.ok(answer.status < 300, answer.body);
      return JSON.parse(answer.body) as T;
    };

    const venue = await post<{ id: string }>('/api/venues', {
      name: 'Square',
      city: 'Lyon',
      timeZone: 'Europe/Paris',
    });
    const noso = await post<{ id: string }>('/api/nosos', {
      venue: venue.id,
      title: 'Chiffré',
      startsAt: new Date().toISOString(),
      endsAt: new Date(Date.now() + 600_000).toISOString(),
    });
    await post(`/api/nosos/${noso.id}/open`);
    const { token, url: wallUrl } = await post<{ token: string; url: string }>(
      `/api/venues/${venue.id}/walls`,
    );
    assert.ok(wallUrl.startsWith(`${url}/wall#`), wallUrl);
    const { code } = JSON.parse(
      (await ask(`${url}/api/nosos/${noso.id}/code`, ca, { token: owner })).body,
    ) as { code: string };
    const { pass } = await post<{ pass: string }>('/api/passes', { code });
    const number = await post<{ token: string }>('/api/numbers', { pass });

    const wall = openWall(url, token, { ca });
    const phone = await openPhone(url, { token: number.token, pass }, { ca });
    assert.ok(phone.seat);
    await wall.shows(1);
    wall.close();
    phone.socket.disconnect();

    const link = createTokens([SECRET], Date.now).link('a-link-of-this-test');
    const signedIn = await ask(`${url}/api/sign-in`, ca, { method: 'POST', body: { key: link } });
    assert.is(signedIn.status, 204);
    assert.match(String(signedIn.headers['set-cookie']), /HttpOnly; Secure/);
  }));

test('F4 plain HTTP at the TLS port closes the connection and harms nothing', () =>
  secured(async ({ url, ca }) => {
    await fetch(url.replace('https:', 'http:')).then(
      () => assert.unreachable('plain HTTP was answered'),
      () => {},
    );
    assert.is((await ask(`${url}/healthz`, ca)).status, 200);
  }));

test('a certificate that cannot be read, or is none, is a wrong setting', () =>
  inFolder(async (folder) => {
    const file = (name: string) => join(folder, name);
    await writeFile(file('broken.pem'), 'no certificate');
    await writeFile(file('key.pem'), selfSigned().key);
    for (const cert of ['missing.pem', 'broken.pem']) {
      const server = program('main', {
        PORT: '0',
        HOST: '127.0.0.1',
        DATA_DIR: file('data'),
        TLS_CERT: file(cert),
        TLS_KEY: file('key.pem'),
      });
      assert.is(await server.ended, 78, server.stderr());
      assert.match(server.stderr(), /^TLS_CERT[^\n]*\n$/);
    }
  }));
