import type { NextFunction, Request, Response } from 'express';
import { Refusal } from '../../domain/errors.js';
import type { CookieName } from '../../service/cookies.js';
import { asRefusal } from '../../service/refusals.js';
import { choose } from './language.js';
import type { PagesDeps } from './pagesDeps.js';

export type Visit = ReturnType<typeof readVisit>;

const visits = new WeakMap<Response, Visit>();

/**
 * One request of a page: who asks, in which language, and what their phone keeps. Reading it
 * changes nothing; `keep` does.
 */
export function readVisit(deps: PagesDeps, request: Request, response: Response) {
  const read = (name: CookieName) => deps.jar.read(request.headers.cookie, name);
  const asked = typeof request.query.lang === 'string' ? request.query.lang : null;
  const shown = read('token');
  const known = shown === null ? null : deps.reception.readToken(shown);
  const readable = (pass: string | null) => {
    const what = pass === null ? null : deps.reception.readPass(pass);
    return what === null ? null : { pass: pass as string, what };
  };
  // Version 1 kept the entry pass under the name that the seat's has.
  const kept = [readable(read('pass')), readable(read('entry'))];
  const seat = kept.find((each) => each?.what.kind === 'seat');
  const entry = kept.find((each) => each?.what.kind === 'entry');
  const token = known ? (known.renewed ?? shown) : null;

  return {
    request,
    response,
    /** Has the phone keep something, for `seconds` if that is less than usual; null: no more. */
    keep(name: CookieName, value: string | null, seconds?: number): void {
      response.append('Set-Cookie', deps.jar.set(name, value, seconds));
    },
    /** The number token and its number, if this phone has one that is valid. */
    token,
    number: known ? known.number : null,
    /** That number is kept for another time, and not of one NoSo alone (A8). */
    kept: known !== null && known.noso === null,
    /** Whether this browser sent what it was given to keep. */
    keeps: deps.jar.keeps(request.headers.cookie),
    /** The token if it is good at a NoSo: one that is not kept is of its own alone (A8). */
    tokenAt: (noso: string) =>
      known && (known.noso === null || known.noso === noso) ? token : null,
    /** The token is due to be renewed, and is: it is to be kept. */
    renewed: known?.renewed ?? null,
    /** The seat's pass in this phone, and the entry pass. */
    seatPass: seat?.pass ?? null,
    entryPass: entry?.pass ?? null,
    /** Which NoSo this phone has a pass for, the seat's before any other; null without a good one. */
    passFor: (seat ?? entry)?.what ?? null,
    /** The language that the address asks for, where there are words for it. */
    chosen: asked !== null && deps.words.has(asked) ? asked : null,
    tongue: choose(deps.words, [asked, read('language')], request.headers['accept-language']),
  };
}

/** What is still under an older name goes where it belongs; version 1 had an entry pass in the seat's. */
function moved(deps: PagesDeps, { headers }: Request, { kept }: Visit): string[] {
  const { jar, reception, words } = deps;
  const spoken = words.has(jar.read(headers.cookie, 'language') ?? '');
  const pass = jar.read(headers.cookie, 'pass');
  const isEntry = pass !== null && reception.readPass(pass)?.kind === 'entry';
  return [
    ...jar.move(headers.cookie, 'token', kept ? 'token' : 'passing'),
    ...jar.move(headers.cookie, 'pass', isEntry ? 'entry' : 'pass'),
    ...jar.move(headers.cookie, 'entry'),
    ...(spoken ? jar.move(headers.cookie, 'language') : []),
  ];
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
    for (const each of moved(deps, request, at)) response.append('Set-Cookie', each);
    if (at.chosen !== null) at.keep('language', at.chosen);
    if (at.renewed !== null) at.keep('token', at.renewed);
    if (request.method === 'POST' && deps.outside.isForeign(request)) {
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
  const refusal = await deps.judge(request, asRefusal(error, deps.onError));
  deps.refused(refusal.code);
  return refusal;
}
