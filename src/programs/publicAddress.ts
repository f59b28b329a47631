import { networkInterfaces } from 'node:os';
import type { Config } from '../config.js';

/** A server that listens there listens at every address of this machine. */
const EVERYWHERE = ['0.0.0.0', '::', '[::]', ''];

/**
 * What QR codes and links say where PUBLIC_URL does not: the address that HOST names, for nothing
 * listens at another; the first LAN address where it names all of them. And the port.
 */
export function addressOf(config: Config, port = config.port): string {
  if (config.publicUrl) return config.publicUrl;
  const host = EVERYWHERE.includes(config.host) ? lanAddress() : config.host;
  const spelled = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host;
  return `${config.tls ? 'https' : 'http'}://${spelled}:${port}`;
}

function lanAddress(): string {
  const addresses = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  const found = addresses.find((each) => each.family === 'IPv4' && !each.internal);
  return found?.address ?? '127.0.0.1';
}
