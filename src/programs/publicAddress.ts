import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import type { Clock, Stop } from '../clock.js';
import type { Config } from '../config.js';
import { CAUSES, type Cause } from '../service/causes.js';

/** A server that listens there listens at every address of this machine. */
const EVERYWHERE = ['0.0.0.0', '::'];
/** Bridges of containers and virtual machines: phones reach none of them. */
const BRIDGE = /^(docker|br-|veth|virbr|cni|podman|lxc)/;
/** What container engines leave inside of what they run. */
const CONTAINED = ['/.dockerenv', '/run/.containerenv'];
/** How often the machine's addresses are looked at, ms. */
const LOOK = 5000;

/** Ports that browsers open nothing at (fetch.spec.whatwg.org, "bad port"). */
const CLOSED = new Set(
  `1 7 9 11 13 15 17 19 20 21 22 23 25 37 42 43 53 69 77 79 87 95 101 102 103 104 109 110 111 113 115 117 119
  123 135 137 139 143 161 179 389 427 465 512 513 514 515 526 530 531 532 540 548 554 556 563 587 601 636 989
  990 993 995 1719 1720 1723 2049 3659 4045 4190 5060 5061 6000 6566 6665 6666 6667 6668 6669 6679 6697 10080`.split(
    /\s+/,
  ),
);

export type Addresses = NodeJS.Dict<NetworkInterfaceInfo[]>;

/**
 * What QR codes and links say where PUBLIC_URL does not: the address that HOST names, for nothing
 * listens at another; the first LAN address where it names all of them. And the port.
 */
export function addressOf(
  config: Config,
  port = config.port,
  addresses: Addresses = networkInterfaces(),
): string {
  if (config.publicUrl) return config.publicUrl;
  const everywhere = EVERYWHERE.includes(config.host);
  const host = everywhere ? (lanAddress(addresses) ?? '127.0.0.1') : config.host;
  const spelled = host.includes(':') ? `[${host}]` : host;
  const url = `${config.tls ? 'https' : 'http'}://${spelled}:${port}`;
  // As browsers write it: in small letters, without a port that goes without saying.
  return URL.canParse(url) ? new URL(url).origin : url;
}

/** The first that is no bridge's; a bridge's where there is no other; null where there is none. */
function lanAddress(addresses: Addresses): string | null {
  const all = Object.entries(addresses).flatMap(([name, each]) =>
    (each ?? [])
      .filter(({ family, internal }) => family === 'IPv4' && !internal)
      .map(({ address }) => ({ address, bridge: BRIDGE.test(name) })),
  );
  return (all.find(({ bridge }) => !bridge) ?? all[0])?.address ?? null;
}

/** The address by which a browser on this machine gets there, where it listens there. */
export function addressHere(config: Config, port: number): string | null {
  const listens = EVERYWHERE.includes(config.host);
  return listens ? `${config.tls ? 'https' : 'http'}://localhost:${port}` : null;
}

/** The causes that are about the address: what of it keeps phones out. */
export function addressCauses(
  config: Config,
  url: string,
  addresses: Addresses = networkInterfaces(),
  contained = CONTAINED.some(existsSync),
): Cause[] {
  const { protocol } = new URL(url);
  const host = hostIn(url);
  if (config.publicUrl === null) {
    if (isLoopback(host)) return ['LOOPBACK'];
    const bridge = Object.entries(addresses).some(
      ([name, each]) => BRIDGE.test(name) && each?.some(({ address }) => address === host),
    );
    if (contained || bridge) return ['BRIDGE'];
  }
  return protocol === 'http:' && isPublic(host) ? ['PLAIN'] : [];
}

/** The same in words, a line each; and that an address is one which no phone can follow. */
export function addressNotes(...of: Parameters<typeof addressCauses>): string[] {
  const notes = addressCauses(...of).map((cause) => {
    const { means } = CAUSES[cause];
    return `${means.charAt(0).toUpperCase()}${means.slice(1)}.`;
  });
  const [{ publicUrl }, url] = of;
  const { port } = new URL(url);
  if (CLOSED.has(port))
    notes.push(`No browser opens an address with port ${port}: another is needed.`);
  if (publicUrl === null || !isLoopback(hostIn(url))) return notes;
  return [...notes, 'Codes and links say PUBLIC_URL, which leads nowhere but on this machine.'];
}

const hostIn = (url: string): string => new URL(url).hostname.replace(/^\[(.*)\]$/, '$1');

const isLoopback = (host: string): boolean =>
  host === 'localhost' || (isIP(host) !== 0 && ipaddr.parse(host).range() === 'loopback');

/** Names that the whole world shares, and addresses of the open Internet. */
const isPublic = (host: string): boolean =>
  isIP(host) === 0
    ? /\.[a-z]{2,}$/i.test(host) && !/\.(local|lan|home|internal|localhost|home\.arpa)$/i.test(host)
    : ipaddr.parse(host).range() === 'unicast';

/** Calls `moved` with the new address where PUBLIC_URL does not say it and the machine has another. */
export function watchAddress(
  config: Config,
  port: number,
  clock: Pick<Clock, 'every'>,
  moved: (url: string) => void,
  read: () => Addresses = networkInterfaces,
): Stop {
  let last = addressOf(config, port, read());
  return clock.every(LOOK, () => {
    const addresses = read();
    // Between two networks there is none: what was said stays until there is another.
    if (config.publicUrl !== null || lanAddress(addresses) === null) return;
    const url = addressOf(config, port, addresses);
    if (url === last) return;
    last = url;
    moved(url);
  });
}
