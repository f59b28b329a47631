import { request } from 'node:http';
import * as assert from 'uvu/assert';
import { served } from '../support/served.js';
import { suite } from '../support/suite.js';
import { type Kind, reserve, startBalancer } from './balancer.js';

const test = suite('figures and the outside');

/** How /metrics is answered to somebody who asks for `host`. */
const ask = (
  url: string,
  headers: Record<string, string>,
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const asking = request(`${url}/metrics`, { headers, agent: false }, (answer) => {
      let text = '';
      answer.on('data', (data) => (text += data));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }));
    });
    asking.on('error', reject);
    asking.end();
  });

const KINDS: Kind[] = ['haproxy', 'nginx', 'caddy'];
/** A proxy on the same machine is loopback too, whether or not what it says is believed. */
const TRUSTS: Record<string, Record<string, string>> = {
  unset: {},
  loopback: { TRUST_PROXY: 'loopback' },
};

for (const [trust, env] of Object.entries(TRUSTS)) {
  test(
    `A1 F7 TRUST_PROXY ${trust}: through a proxy that passes it on /metrics says nothing to anybody, without a token being set`,
    served(async (server) => {
      assert.is((await ask(server.url, {})).status, 200, 'from here');
      const behind = async (kind: Kind) => {
        const ports = [server.port, server.port, server.port];
        const balancer = await startBalancer(kind, await reserve(), ports, { passesFigures: true });
        try {
          // By the server's own name, by a public one, and by whoever says what a proxy would.
          const heads: [Record<string, string>, number][] = [
            [{}, 401],
            [{ host: 'noso.example' }, 401],
            [{ host: `localhost:${server.port}` }, 401],
            [{ 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1' }, 401],
            [{ connection: 'x-forwarded-for, x-forwarded-proto, x-forwarded-host, via' }, 401],
            [{ authorization: 'Bearer figures' }, 403],
          ];
          for (const [headers, status] of heads) {
            const answer = await ask(balancer.url, headers);
            // Caddy says nothing at all, and that with 200, to whoever asks for another host.
            const empty = kind === 'caddy' && 'host' in headers && answer.text === '';
            assert.ok(
              empty || answer.status === status,
              `${kind} ${JSON.stringify(headers)}: ${answer.status}`,
            );
            assert.not.match(answer.text, /noso_\w+|process_cpu/);
          }
        } finally {
          await balancer.stop();
        }
      };
      for (const kind of KINDS) await behind(kind);
    }, env),
    { deadline: 60_000 },
  );
}
