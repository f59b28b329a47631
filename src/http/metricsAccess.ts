import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import ipaddr from 'ipaddr.js';
import { Refusal } from '../domain/errors.js';

/** What a proxy adds, by whatever name: then the peer is not whoever asks. */
const FORWARDED = /^(forwarded|x-forwarded-.*|x-real-ip|via)$/;

const isLoopbackAddress = (address: string): boolean =>
  ipaddr.isValid(address) && ipaddr.process(address).range() === 'loopback';

/** Whether a host, as URLs and `Host` write it without the port, is this machine's own name. */
const isLoopbackName = (host: string): boolean =>
  /^(.+\.)?localhost\.?$/i.test(host) || isLoopbackAddress(host.replace(/^\[(.*)\]$/, '$1'));

const nameIn = (url: string): string => (URL.canParse(url) ? new URL(url).hostname : '');

const digest = (text: string) => createHash('sha256').update(text).digest();

/**
 * Throws unless whoever asks may read /metrics: with the token of the setting; where there is none,
 * from this machine alone, asked by one of its own names and not by way of a proxy.
 */
export function demandMetrics(
  request: IncomingMessage,
  setting: { token: string | null; publicUrl: string | null },
): void {
  const { headers, socket } = request;
  const bearer = /^Bearer +(\S+) *$/i.exec(headers.authorization ?? '')?.[1];
  const { token, publicUrl } = setting;
  if (token !== null) {
    if (bearer !== undefined && timingSafeEqual(digest(bearer), digest(token))) return;
  } else {
    const here =
      isLoopbackAddress(socket.remoteAddress ?? '') &&
      isLoopbackName(nameIn(`http://${headers.host ?? ''}`)) &&
      (publicUrl === null || isLoopbackName(nameIn(publicUrl)));
    if (here && !Object.keys(headers).some((name) => FORWARDED.test(name))) return;
  }
  throw bearer === undefined
    ? new Refusal('unauthorized.missing', 'METRICS_TOKEN is needed, as a bearer token')
    : new Refusal('forbidden.role', 'not for this token');
}
