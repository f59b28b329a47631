import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';
import type { Caller } from '../service/guesses.js';

type Trust = (address: string, hop: number) => boolean;

/** Which proxies are believed, as express understands the setting. */
function trustOf(setting: boolean | number | string | null): Trust {
  if (typeof setting === 'string') return proxyAddr.compile(setting.split(/ *, */));
  if (typeof setting === 'number') return (_, hop) => hop < setting;
  return () => setting === true;
}

/** Who a request is from, as far as trusted proxies say; '' once the connection is gone. */
export function createAddressOf(
  trustProxy: boolean | number | string | null,
): (request: IncomingMessage) => string {
  const trusted = trustOf(trustProxy);
  // A connection that was let in forgets its socket.
  return (request) => (request.socket ? (proxyAddr(request, trusted) ?? '') : '');
}

/**
 * Who tries a code. A connection that comes from whoever it speaks for is theirs; a proxy's is
 * everybody's.
 */
export const createCallerOf =
  (deps: { addressOf: (request: IncomingMessage) => string; keyOf: (address: string) => string }) =>
  (request: IncomingMessage): Caller => {
    const { socket } = request;
    const address = deps.addressOf(request);
    return {
      from: deps.keyOf(address),
      line: socket && address === socket.remoteAddress ? socket : null,
      isGone: () => !socket || socket.destroyed,
      whenGone(work) {
        if (!socket || socket.destroyed) setImmediate(work);
        socket?.once('close', work);
        return () => socket?.off('close', work);
      },
      hangUp: () => socket?.destroy(),
    };
  };
