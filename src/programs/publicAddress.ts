import { networkInterfaces } from 'node:os';
import type { Config } from '../config.js';

/** What QR codes and links say where PUBLIC_URL does not: the first LAN address, and the port. */
export function addressOf(config: Config, port = config.port): string {
  if (config.publicUrl) return config.publicUrl;
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = addresses.find((each) => each.family === 'IPv4' && !each.internal);
  return `${config.tls ? 'https' : 'http'}://${found?.address ?? '127.0.0.1'}:${port}`;
}
