import type { Request, Response } from 'express';
import type { Style } from './assets.js';
import type { Html } from './html.js';

/** The hosts a page's socket may go to, spelt out: not every browser reads 'self' for sockets. */
function sockets(host: string | undefined): string {
  if (host === undefined || !/^[a-z0-9.:[\]-]+$/i.test(host)) return '';
  return ` ws://${host} wss://${host}`;
}

/** The style is in the page, so that the first response is enough; nothing else inline runs. */
const policy = (style: Style, host: string | undefined) =>
  [
    `default-src 'none'`,
    `style-src '${style.hash}'`,
    `script-src 'self'`,
    `connect-src 'self'${sockets(host)}`,
    'img-src data:',
    `form-action 'self'`,
    `base-uri 'none'`,
    `frame-ancestors 'none'`,
  ].join('; ');

/** Sends a page. `retryAfter` is in seconds. */
export function sendPage(
  request: Request,
  response: Response,
  page: {
    status?: number;
    style: Style;
    document: Html;
    language: string;
    retryAfter?: number | undefined;
  },
): void {
  if (page.retryAfter !== undefined) response.set('Retry-After', String(page.retryAfter));
  response.status(page.status ?? 200).set({
    'Content-Type': 'text/html; charset=utf-8',
    'Content-Language': page.language,
    'Content-Security-Policy': policy(page.style, request.headers.host),
    'Referrer-Policy': 'same-origin',
    'X-Content-Type-Options': 'nosniff',
    'Cache-Control': 'no-store',
  });
  response.send(page.document.text);
}
