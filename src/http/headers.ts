import type { ServerResponse } from 'node:http';

/** On every answer. */
const ALWAYS = new Map([
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
  ['Cross-Origin-Resource-Policy', 'same-origin'],
]);
/** The same where people find this server under https: it is not asked without, for so long (s). */
const SECURELY = new Map([
  ...ALWAYS,
  ['Strict-Transport-Security', `max-age=${180 * 86_400}`] as const,
]);

/** Sets what every answer bears; those that no browser shows need no more. */
export const setPlainHeaders = (response: ServerResponse, publicUrl: string): void => {
  response.setHeaders(publicUrl.startsWith('https:') ? SECURELY : ALWAYS);
};

/** What no page of ours asks a device for. */
const UNASKED = 'camera=(), geolocation=(), microphone=(), payment=(), usb=()';

/** The hosts a page's socket may go to, spelt out: not every browser reads 'self' for sockets. */
function sockets(host: string | undefined): string {
  if (host === undefined || !/^[a-z0-9.:[\]-]+$/i.test(host)) return '';
  return ` ws://${host} wss://${host}`;
}

/** What differs from page to page. */
export type Rights = {
  /** The host that the page was asked of. */
  host: string | undefined;
  /** The hash of the style that is set into the page; null where its style is a file of ours. */
  style: string | null;
  /** Who may show it in a frame, as CSP writes it; nobody else. */
  framedBy?: string | null;
};

/**
 * What a page may do: load from here, talk to here, be framed nowhere unless it is said. Nothing inline runs, and no
 * style but the one that is named counts.
 */
const policy = ({ host, style, framedBy }: Rights): string =>
  [
    "default-src 'none'",
    "script-src 'self'",
    `style-src ${style === null ? "'self'" : `'${style}'`}`,
    "img-src 'self' data:",
    "media-src 'self' data:",
    `connect-src 'self'${sockets(host)}`,
    "form-action 'self'",
    "base-uri 'none'",
    `frame-ancestors ${framedBy ?? "'none'"}`,
  ].join('; ');

/** Sets what a page bears besides. */
export function setPageHeaders(response: ServerResponse, rights: Rights): void {
  response.setHeader('Content-Security-Policy', policy(rights));
  response.setHeader('Referrer-Policy', 'same-origin');
  response.setHeader('Cross-Origin-Opener-Policy', 'same-origin');
  response.setHeader('Permissions-Policy', UNASKED);
}
