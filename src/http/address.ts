import type { IncomingMessage } from 'node:http';
import express from 'express';

type Trust = (address: string, hop: number) => boolean;

/** Who a request is from, as far as trusted proxies say. `trustProxy` is as express understands it. */
export function createAddressOf(
  trustProxy: boolean | number | string | null,
): (request: IncomingMessage) => string {
  const app = express();
  if (trustProxy !== null) app.set('trust proxy', trustProxy);
  const trusted = app.get('trust proxy fn') as Trust;
  return (request) => {
    let address = request.socket?.remoteAddress ?? ''; // a connection that was let in forgets
    const forwarded = String(request.headers['x-forwarded-for'] ?? '').split(',');
    for (let hop = 0; forwarded.length > 0 && trusted(address, hop); hop += 1) {
      address = forwarded.pop()?.trim() || address;
    }
    return address;
  };
}
