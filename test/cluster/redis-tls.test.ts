import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as assert from 'uvu/assert';
import { apiOf } from '../support/api.js';
import { selfSigned } from '../support/certificate.js';
import { freePort } from '../support/ports.js';
import { inFolder } from '../support/program.js';
import { startRedis } from '../support/redis.js';
import { startServer } from '../support/server.js';
import { openWall } from '../support/sockets.js';
import { suite } from '../support/suite.js';

const test = suite('Redis over TLS');

test(
  'a Redis over TLS under a certificate of our own, trusted as the README says, and not otherwise',
  () =>
    inFolder(async (folder) => {
      const { cert, key } = selfSigned();
      const [certFile, keyFile] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
      await writeFile(certFile, cert);
      await writeFile(keyFile, key, { mode: 0o600 });
      const secure = await freePort();
      const redis = await startRedis([
        'appendonly yes',
        `tls-port ${secure}`,
        `tls-cert-file "${certFile}"`,
        `tls-key-file "${keyFile}"`,
        'tls-auth-clients no',
      ]);
      const env = { REDIS_URL: `rediss://127.0.0.1:${secure}` };
      try {
        const refused = await startServer(env).then(
          async (server) => {
            await server.stop();
            return 'it started';
          },
          (error: Error) => error.message,
        );
        assert.match(refused, /REDIS_URL: Redis’ certificate is not trusted/);
        assert.match(refused, /self.signed certificate/);

        const server = await startServer({ ...env, NODE_EXTRA_CA_CERTS: certFile });
        try {
          const api = apiOf(server.url, server.owner);
          const noso = await api.noso({ veil: 0 });
          const { token } = await api.wall(noso.venue.id);
          const wall = await openWall(server.url, token);
          const pass = await api.pass(noso.id);
          const { token: number } = await api.number(pass);
          assert.is((await api.sit(number, pass)).status, 200);
          await wall.shows(1);
          wall.close();
        } finally {
          await server.stop();
        }
      } finally {
        await redis.stop();
      }
    }),
  { deadline: 60_000 },
);
