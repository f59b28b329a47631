import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import { ERRORS, Refusal } from '../domain/errors.js';
import { parse } from '../protocol/input.js';
import { may, ROUTES, type Route } from './access.js';
import { COOKIES, cookie, cookiesCount, type Identify, type Identity } from './identity.js';
import type { Limits } from './limits.js';

/** What a handler is given: the request, taken apart and authorised. */
export type Ask<B> = {
  who: Identity;
  /** The token that was shown, bearer or cookie; '' for none. */
  token: string;
  params: Record<string, string>;
  query: unknown;
  body: B;
  response: Response;
};

/** A status and a JSON body; 204 has none. */
export type Answer = { status: number; body?: unknown };

export type Api = ReturnType<typeof createApi>;

/** Bodies may be this large. */
const LARGEST_BODY = '16kb';

/**
 * The API's router: `on('PUT /api/presence', schema, handler)` for a route of the access table.
 * Every request is authorised by that table, its body parsed, and what a handler throws answered
 * as `application/problem+json`.
 */
export function createApi(deps: {
  identify: Identify;
  limits: Limits;
  publicUrl: () => string;
  /** Told of every answer that is a refusal, and of every error that is none. */
  refused: (code: string) => void;
  onError: (error: unknown) => void;
}): {
  router: Router;
  on: <B>(
    route: Route,
    schema: z.ZodType<B> | null,
    handler: (ask: Ask<B>) => Promise<Answer>,
  ) => void;
  problem: (
    error: unknown,
    request: Request,
    response: Response,
    next: NextFunction,
  ) => Promise<void>;
} {
  const router = express.Router({ strict: true });
  const json = express.json({ limit: LARGEST_BODY, strict: true, type: () => true });

  async function whoAsks(request: Request): Promise<{ who: Identity; token: string }> {
    const header = request.headers.authorization;
    const bearer = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (bearer === undefined)
      throw new Refusal('unauthorized', 'Authorization: not a bearer token');
    const own = bearer === null && cookiesCount(request, deps.publicUrl());
    const wanted = request.path.startsWith('/api/presence') ? COOKIES.number : COOKIES.organizer;
    const token = bearer ?? (own ? cookie(request.headers.cookie, wanted) : null);
    if (token === null) return { who: { role: 'anyone' }, token: '' };
    const who = await deps.identify(token);
    if (who) return { who, token };
    // A cookie gone stale is no reason to refuse what anyone may ask; a bearer token is meant.
    if (bearer === null) return { who: { role: 'anyone' }, token: '' };
    throw new Refusal('unauthorized', 'not a valid token');
  }

  function on<B>(
    route: Route,
    schema: z.ZodType<B> | null,
    handler: (ask: Ask<B>) => Promise<Answer>,
  ): void {
    const [method, path] = route.split(' ') as [string, string];
    const needed = ROUTES[route];
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    router[verb](path, schema ? json : [], async (request: Request, response: Response) => {
      const { who, token } = await whoAsks(request);
      if (!may(who.role, needed)) {
        if (who.role === 'anyone') throw new Refusal('unauthorized', 'a token is needed');
        throw new Refusal('forbidden', `not for ${who.role}s`);
      }
      let body = undefined as B;
      if (schema) {
        const read = parse(schema, request.body ?? {});
        if ('fault' in read) throw new Refusal('bad_request', read.fault);
        body = read.value;
      }
      const params = request.params as Record<string, string>;
      const answer = await handler({ who, token, params, query: request.query, body, response });
      response.status(answer.status);
      if (answer.body === undefined) response.end();
      else response.json(answer.body);
    });
  }

  async function problem(
    error: unknown,
    request: Request,
    response: Response,
    next: NextFunction,
  ): Promise<void> {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = await deps.limits.judge(request.ip ?? '', asRefusal(error, deps.onError));
    deps.refused(refusal.code);
    const { status } = ERRORS[refusal.code];
    if (refusal.retryAfter !== undefined) response.set('Retry-After', String(refusal.retryAfter));
    response.status(status).type('application/problem+json');
    response.send(
      JSON.stringify({
        type: 'about:blank',
        title: refusal.code,
        status,
        code: refusal.code,
        ...(refusal.detail === undefined ? {} : { detail: refusal.detail }),
        ...(refusal.retryAfter === undefined ? {} : { retryAfter: refusal.retryAfter }),
        ...refusal.also,
      }),
    );
  }

  return { router, on, problem };
}

/** What went wrong, in the table's words. What the table has no word for is a fault of ours. */
export function asRefusal(error: unknown, onError: (error: unknown) => void): Refusal {
  if (error instanceof Refusal) return error;
  const status = statusOf(error);
  if (status === 413) return new Refusal('too_large', 'bodies may be 16 KiB');
  if (status !== null && status >= 400 && status < 500) {
    return new Refusal('bad_request', 'the body must be JSON, and the address well formed');
  }
  onError(error);
  return new Refusal('unavailable', undefined, 3);
}

/** The status that express and its body parser put on errors of the client's making. */
const statusOf = (error: unknown): number | null =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number'
    ? error.status
    : null;
