import { io } from 'socket.io-client';
import * as assert from 'uvu/assert';
import { newId } from '../../src/service/identity.js';
import { createTokens } from '../../src/service/tokens.js';
import { served } from '../support/served.js';
import { SECRET, type TestServer } from '../support/server.js';
import { suite } from '../support/suite.js';
import { until } from '../support/wait.js';

const test = suite('signing out');

/** A session of an owner, as a browser has it. */
async function session({ url }: TestServer) {
  const key = createTokens([SECRET], Date.now).link(newId());
  const sent = { origin: url, 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/sign-in`, {
    method: 'POST',
    headers: sent,
    body: JSON.stringify({ key }),
  });
  const cookie = (answer.headers.get('set-cookie') ?? '').split(';', 1)[0] as string;
  const token = decodeURIComponent(cookie.split('=')[1] as string);
  const ask = async (method: string, headers: Record<string, string>) => {
    const said = await fetch(`${url}/api/sign-in`, { method, headers });
    const { reason } = said.status < 400 ? {} : ((await said.json()) as { reason?: string });
    return [said.status, reason];
  };
  return {
    cookie,
    ask: (method = 'GET') => ask(method, { cookie, origin: url }),
    bearer: (method = 'GET') => ask(method, { authorization: `Bearer ${token}` }),
    /** Consoles of this session, by its cookie and by its token. */
    consoles() {
      const options = { transports: ['websocket'], forceNew: true, reconnection: false };
      const own = io(`${url}/organizer`, { ...options, extraHeaders: { cookie, origin: url } });
      const shown = io(`${url}/organizer`, { ...options, auth: { token } });
      return [own, shown];
    },
  };
}

test(
  'F7 a session that is signed out of is over everywhere: cookie, token, consoles, after a restart too',
  served(async (server) => {
    const [mine, others] = [await session(server), await session(server)];
    const consoles = [...mine.consoles(), ...others.consoles()];
    await until(() => consoles.every(({ connected }) => connected), { what: 'the consoles' });
    assert.equal(await mine.ask(), [200, undefined]);
    assert.equal(await mine.ask('DELETE'), [204, undefined]);
    assert.equal(await mine.ask(), [401, 'revoked'], 'the cookie that was copied');
    assert.equal(await mine.bearer(), [401, 'revoked']);
    await until(() => consoles.slice(0, 2).every(({ connected }) => !connected), {
      what: 'its consoles to be let go',
    });
    assert.equal(await others.ask(), [200, undefined], 'another session of an owner');
    assert.equal(await others.bearer('DELETE'), [204, undefined], 'no session: a token of its own');
    assert.equal(await others.bearer(), [200, undefined]);
    assert.ok(consoles.slice(2).every(({ connected }) => connected));
    for (const each of consoles) each.disconnect();
    assert.equal(await mine.ask('DELETE'), [204, undefined], 'once more is no fault');

    await server.kill();
    await server.restart();
    assert.equal((await mine.ask())[0], 401);
    assert.equal(await others.ask(), [200, undefined]);
    assert.not.match(server.output(), 'signed out:');
  }),
);

test(
  'F7 another site’s page signs nobody in, and nobody out, whatever it sends',
  served(async (server) => {
    const { url } = server;
    const mine = await session(server);
    const key = createTokens([SECRET], Date.now).link(newId());
    const send = async (method: string, origin: string | null, body?: string) => {
      const answer = await fetch(`${url}/api/sign-in`, {
        method,
        headers: {
          ...(origin === null ? {} : { origin }),
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          cookie: mine.cookie,
        },
        ...(body === undefined ? {} : { body }),
      });
      const { reason } = answer.status < 400 ? {} : ((await answer.json()) as { reason?: string });
      return [answer.status, reason, answer.headers.get('set-cookie') !== null];
    };
    const signIn = JSON.stringify({ key });
    for (const foreign of ['https://evil.example', 'null', `${url}.evil.example`]) {
      assert.equal(await send('POST', foreign, signIn), [403, 'origin', false]);
      assert.equal(await send('POST', foreign, '{'), [403, 'origin', false], 'before it is read');
      assert.equal(await send('DELETE', foreign), [403, 'origin', false]);
    }
    assert.equal(await mine.ask(), [200, undefined], 'the session stands');
    assert.equal(await send('POST', url, signIn), [204, undefined, true], 'nor was the key spent');
    assert.equal(await send('DELETE', null), [204, undefined, true], 'no browser says nothing');
  }),
);
