import type { IncomingMessage } from 'node:http';
import proxyAddr from 'proxy-addr';

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
