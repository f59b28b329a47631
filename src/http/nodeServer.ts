import { createServer, type RequestListener, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';

const TIMING = {
  keepAliveTimeout: 65_000, // longer than a proxy's, so that it is not ours that closes first
  headersTimeout: 10_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1000, // Node itself looks for the mute twice a minute only
};

/**
 * Connections that may wait to be accepted; the kernel takes the least of this and its own bound.
 * With Node's 511 a herd that comes back at once is turned away, and tries again only after 1, 3, 7
 * and 15 s (F3).
 */
const BACKLOG = 65_535;

/** Node's server, which does not listen yet; with a certificate, over TLS. */
export const createNodeServer = (
  tls: { cert: Buffer; key: Buffer } | null,
  listener: RequestListener,
): Server =>
  tls ? createSecureServer({ ...TIMING, ...tls }, listener) : createServer(TIMING, listener);

/**
 * Has it listen; resolves with the port, rejects if it cannot be had. `onError` hears of connections that
 * the system has and cannot hand over: with nobody to hear of it that would end the process.
 */
export async function listenOn(
  http: Server,
  at: { host: string; port: number },
  onError: (error: Error) => void,
): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once('error', reject);
    http.listen({ ...at, backlog: BACKLOG }, () => {
      http.off('error', reject);
      http.on('error', onError);
      resolve();
    });
  });
  return (http.address() as AddressInfo).port;
}
