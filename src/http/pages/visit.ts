import { randomBytes } from 'node:crypto';
import type { NextFunction, Request, Response } from 'express';
import { Refusal } from '../../domain/errors.js';
import { type CookieName, readCookie, setCookie } from '../../service/cookies.js';
import { ownOrigin } from '../../service/identity.js';
import { asRefusal } from '../../service/refusals.js';
import { choose } from './language.js';
import type { PagesDeps } from './pagesDeps.js';

export type Visit = ReturnType<typeof readVisit>;

const FORM = /^[\w-]{16,64}$/;
const visits = new WeakMap<Response, Visit>();

/**
 * One request of a page: who asks, in which language, and what their phone keeps. Reading it
 * changes nothing; `keep` does.
 */
export function readVisit(deps: PagesDeps, request: Request, response: Response) {
  const read = (name: CookieName) => readCookie(request.headers.cookie, name);
  const asked = typeof request.query.lang === 'string' ? request.query.lang : null;
  const shown = read('token');
  const known = shown === null ? null : deps.reception.readToken(shown);
  const pass = read('pass');
  /** The id of this phone's form: the same until it is answered. */
  const formOf = (form: string | null) =>
    form !== null && FORM.test(form) ? form : randomBytes(18).toString('base64url');
  const secure = isSecure(deps, request);

  return {
    request,
    response,
    /** Whether what is kept is for HTTPS alone. */
    secure,
    /** Has the phone keep something, for `seconds` if that is less than usual; null: no more. */
    keep(name: CookieName, value: string | null, seconds?: number): void {
      const how = seconds === undefined ? { secure } : { secure, seconds };
      response.append('Set-Cookie', setCookie(name, value, how));
    },
    /** The number token and its number, if this phone has one that is valid. */
    token: known ? (known.renewed ?? shown) : null,
    number: known ? known.number : null,
    /** The token is due to be renewed, and is: it is to be kept. */
    renewed: known?.renewed ?? null,
    pass,
    /** Which NoSo the pass is for; null without a good one. */
    passFor: pass === null ? null : deps.reception.readPass(pass),
    form: formOf(read('form')),
    formOf,
    /** The language that the address asks for, where there are words for it. */
    chosen: asked !== null && deps.words.has(asked) ? asked : null,
    tongue: choose(deps.words, [asked, read('language')], request.headers['accept-language']),
  };
}

/** Whether this visit is over HTTPS: a proxy may do that, which PUBLIC_URL then says. */
function isSecure(deps: PagesDeps, request: Request): boolean {
  const { protocol, host } = new URL(deps.publicUrl());
  return request.headers.host === host ? protocol === 'https:' : request.secure;
}

/**
 * Reads each visit once, and has the phone keep what it asked for or what was due to be renewed.
 * Forms of another site are refused; browsers that name no origin are let in.
 */
export const visiting =
  (deps: PagesDeps) =>
  (request: Request, response: Response, next: NextFunction): void => {
    const at = readVisit(deps, request, response);
    visits.set(response, at);
    if (at.chosen !== null) at.keep('language', at.chosen);
    if (at.renewed !== null) at.keep('token', at.renewed);
    const { origin } = request.headers;
    const own = origin === undefined || ownOrigin(origin, request, deps.publicUrl());
    if (request.method === 'POST' && !own) {
      throw new Refusal('forbidden.origin', 'this form is of another site');
    }
    next();
  };

/** The visit that is answered here; it is there behind `visiting`. */
export function visitOf(response: Response): Visit {
  const at = visits.get(response);
  if (!at) throw new Error('a page without its visit');
  return at;
}

/** What went wrong, as it is answered: a guess counts against the address it came from. */
export async function judged(deps: PagesDeps, request: Request, error: unknown): Promise<Refusal> {
  const refusal = await deps.limits.judge(request.ip ?? '', asRefusal(error, deps.onError));
  deps.refused(refusal.code);
  return refusal;
}
