import { randomBytes } from 'node:crypto';
import type { Request, Response } from 'express';
import { ERRORS, Refusal } from '../../domain/errors.js';
import { KEPT } from '../../domain/kept.js';
import type { Noso, Venue } from '../../domain/noso.js';
import { cookie, ownOrigin } from '../../service/identity.js';
import type { Limits } from '../../service/limits.js';
import type { Catalogue } from '../../service/mirror.js';
import type { Reception } from '../../service/reception.js';
import { asRefusal } from '../../service/refusals.js';
import { sentence, type Words } from '../../service/words.js';
import type { Assets } from './assets.js';
import { type CookieName, setCookie } from './cookies.js';
import { DAY_BARS, document, NIGHT_BARS } from './document.js';
import { type Html, html } from './html.js';
import { choose, type Tongue } from './language.js';
import { sendPage } from './send.js';

/** What the pages are made from and of. */
export type PagesDeps = {
  reception: Reception;
  catalogue: Pick<Catalogue, 'nosos' | 'venue'>;
  limits: Limits;
  words: ReadonlyMap<string, Words>;
  assets: Assets;
  /** Milliseconds since the epoch, the engine's. */
  now: () => number;
  publicUrl: () => string;
  /** What holds the seats, for /privacy; `refused`: a Redis that rewrites its files by itself only. */
  store: () => Store;
  /** Told of every refusal, and of every error that is none. */
  refused: (code: string) => void;
  onError: (error: unknown) => void;
};

export type Store = 'embedded' | 'redis' | 'refused';

/** Somewhere to sit. */
export type Place = { noso: Noso; venue: Venue };

export type Visit = ReturnType<typeof visit>;

const FORM = /^[\w-]{16,64}$/;

/** One request of a page: who asks, in which language, and what their phone keeps. */
export function visit(deps: PagesDeps, request: Request, response: Response) {
  const read = (name: CookieName) => cookie(request.headers.cookie, KEPT[name].cookie);
  const keep = (name: CookieName, value: string | null, seconds?: number) =>
    setCookie(response, name, value, {
      secure: isSecure(deps, request),
      ...(seconds === undefined ? {} : { seconds }),
    });

  const asked = typeof request.query.lang === 'string' ? request.query.lang : null;
  if (asked !== null && deps.words.has(asked)) keep('language', asked);
  const wishes = [asked, read('language')];

  const shown = read('token');
  const known = shown === null ? null : deps.reception.readToken(shown);
  if (known?.renewed) keep('token', known.renewed);

  const pass = read('pass');
  /** The id of this phone's form: the same until it is answered. */
  const formOf = (form: string | null) =>
    form !== null && FORM.test(form) ? form : randomBytes(18).toString('base64url');

  return {
    request,
    response,
    keep,
    /** The number token and its number, if this phone has one that is valid. */
    token: known ? (known.renewed ?? shown) : null,
    number: known ? known.number : null,
    pass,
    /** Which NoSo the pass is for; null without a good one. */
    passFor: pass === null ? null : deps.reception.readPass(pass),
    form: formOf(read('form')),
    formOf,
    tongue: choose(deps.words, wishes, request.headers['accept-language']),
  };
}

/** Whether this visit is over HTTPS: a proxy may do that, which PUBLIC_URL then says. */
function isSecure(deps: PagesDeps, request: Request): boolean {
  const { protocol, host } = new URL(deps.publicUrl());
  return request.headers.host === host ? protocol === 'https:' : request.secure;
}

/** Refuses a form that another site sent. Browsers that name no origin are let in. */
export function demandOwnForm(deps: PagesDeps, request: Request): void {
  const { origin } = request.headers;
  if (origin !== undefined && !ownOrigin(origin, request, deps.publicUrl())) {
    throw new Refusal('forbidden.origin', 'this form is of another site');
  }
}

/** What went wrong, as it is answered: a guess counts against the address it came from. */
export async function judged(deps: PagesDeps, request: Request, error: unknown): Promise<Refusal> {
  const refusal = await deps.limits.judge(request.ip ?? '', asRefusal(error, deps.onError));
  deps.refused(refusal.code);
  return refusal;
}

/** Sends a page that is read by night. */
export const sendNight = (
  deps: PagesDeps,
  { request, response }: { request: Request; response: Response },
  page: {
    tongue: Tongue;
    title: string;
    body: Html;
    status?: number;
    retryAfter?: number | undefined;
    script?: boolean;
    refresh?: number | undefined;
  },
): void =>
  sendPage(request, response, {
    status: page.status ?? 200,
    language: page.tongue.language,
    style: deps.assets.night,
    retryAfter: page.retryAfter,
    document: document({
      ...page,
      style: deps.assets.night,
      bars: NIGHT_BARS,
      script: page.script ? deps.assets.script : undefined,
    }),
  });

/** Sends a page that is read by day. */
export const sendDay = (
  deps: PagesDeps,
  { request, response }: { request: Request; response: Response },
  page: { tongue: Tongue; title: string; body: Html },
): void =>
  sendPage(request, response, {
    language: page.tongue.language,
    style: deps.assets.day,
    document: document({ ...page, style: deps.assets.day, bars: DAY_BARS }),
  });

/** Says a refusal in words, with its status. */
export function sendRefusal(deps: PagesDeps, at: Visit, refusal: Refusal): void {
  const { tongue } = at;
  const { words } = tongue;
  sendNight(deps, at, {
    tongue,
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
