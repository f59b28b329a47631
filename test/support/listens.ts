import type { AddressInfo, Server } from 'node:net';

/** Resolves with the port of 127.0.0.1 where it listens from now on. */
export async function listens(server: Server): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return (server.address() as AddressInfo).port;
}
