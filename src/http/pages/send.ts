import { ERRORS, type Refusal } from '../../domain/errors.js';
import { sentence } from '../../service/words.js';
import { setPageHeaders } from '../headers.js';
import type { Style } from './assets.js';
import { DAY_BARS, document, NIGHT_BARS } from './document.js';
import { type Html, html } from './html.js';
import type { PagesDeps } from './pagesDeps.js';
import type { Visit } from './visit.js';

/** What a page says of itself. `retryAfter` and `refresh` are in seconds. */
type Page = {
  title: string;
  head?: Html;
  body: Html;
  status?: number;
  retryAfter?: number | undefined;
  script?: string | undefined;
  refresh?: number | undefined;
};

function send(
  { request, response, tongue }: Visit,
  style: Style,
  bars: typeof DAY_BARS | typeof NIGHT_BARS,
  page: Page,
): void {
  setPageHeaders(response, { host: request.headers.host, style: style.hash });
  if (page.retryAfter !== undefined) response.set('Retry-After', String(page.retryAfter));
  response.status(page.status ?? 200).set('Content-Language', tongue.language);
  response.type('html').send(document({ ...page, tongue, style, bars }).text);
}

/** Sends a page that is read by night. Its style is in it, so that the first response is enough. */
export const sendNight = (
  { assets }: PagesDeps,
  at: Visit,
  page: Omit<Page, 'script'> & { script?: boolean },
): void =>
  send(at, assets.night, NIGHT_BARS, { ...page, script: page.script ? assets.script : undefined });

/** Sends a page that is read by day. */
export const sendDay = ({ assets }: PagesDeps, at: Visit, page: Page): void =>
  send(at, assets.day, DAY_BARS, page);

/** Says a refusal in words, with its status. */
export function sendRefusal(deps: PagesDeps, at: Visit, refusal: Refusal): void {
  const { words } = at.tongue;
  sendNight(deps, at, {
    title: words.phone.title,
    status: ERRORS[refusal.code].status,
    retryAfter: refusal.retryAfter,
    body: html`<main>
      <header></header>
      <h1 class="long">${sentence(words, refusal)}</h1>
      <footer><p class="ash"><a href="/">${words.phone.elsewhere}</a></p></footer>
    </main>`,
  });
}
