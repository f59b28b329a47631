import type { ServerResponse } from 'node:http';

/** On every answer. */
const ALWAYS = new Map([
  ['Cache-Control', 'no-store'],
  ['X-Content-Type-Options', 'nosniff'],
]);

/** Sets what every answer bears; those that no browser shows need no more. */
export const setPlainHeaders = (response: ServerResponse): void => {
  response.setHeaders(ALWAYS);
};

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
}
