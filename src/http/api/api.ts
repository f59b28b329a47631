import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type Response, type Router } from 'express';
import type { z } from 'zod';
import { Refusal } from '../../domain/errors.js';
import { may, ROUTES, type Route } from '../../service/access.js';
import {
  COOKIES,
  cookie,
  cookiesCount,
  type Identify,
  type Identity,
} from '../../service/identity.js';
import { demand } from '../../service/input.js';
import type { Limits } from '../../service/limits.js';
import { asRefusal } from '../../service/refusals.js';
import { sendJson, sendProblem } from '../problem.js';
import { readJson } from './body.js';

/** What a handler is given: the request, taken apart and authorised. */
export type Ask<B> = {
  who: Identity;
  /** The token that was shown, bearer or cookie; '' for none. */
  token: string;
  params: Record<string, string>;
  query: unknown;
  body: B;
  response: ServerResponse;
};

/** A status and a JSON body; 204 has none. */
export type Answer = { status: number; body?: unknown };

export type Api = {
  /** Serves a route of the access table. */
  on: <B>(
    route: Route,
    schema: z.ZodType<B> | null,
    handler: (ask: Ask<B>) => Promise<Answer>,
  ) => void;
  /** All routes, for express. */
  router: Router;
  /**
   * Serves a route whose address is fixed straight from Node's request, and says whether it was
   * one: a phone that sits down should not pay for the matching of thirty addresses.
   */
  direct: (request: IncomingMessage, response: ServerResponse) => boolean;
  /** Answers with what was thrown. */
  refuse: (error: unknown, request: IncomingMessage, response: ServerResponse) => Promise<void>;
};

type Serve = (
  request: IncomingMessage,
  response: ServerResponse,
  params: Record<string, string>,
  query: unknown,
) => Promise<void>;

/**
 * The API: every request is authorised by the access table, its body parsed, and what a handler
 * throws answered as `application/problem+json`.
 */
export function createApi(deps: {
  identify: Identify;
  limits: Limits;
  publicUrl: () => string;
  /** Who a request is from, as far as trusted proxies say. */
  addressOf: (request: IncomingMessage) => string;
  /** Told of every answer that is a refusal, and of every error that is none. */
  refused: (code: string) => void;
  onError: (error: unknown) => void;
}): Api {
  const router = express.Router({ strict: true, caseSensitive: true });
  const fixed = new Map<string, Serve>();

  async function whoAsks(request: IncomingMessage): Promise<{ who: Identity; token: string }> {
    const header = request.headers.authorization;
    const bearer = header === undefined ? null : /^Bearer +(\S+)$/i.exec(header)?.[1];
    if (bearer === undefined) {
      throw new Refusal('unauthorized.invalid', 'Authorization: not a bearer token');
    }
    const own = bearer === null && cookiesCount(request, deps.publicUrl());
    const wanted = request.url?.startsWith('/api/presence') ? COOKIES.number : COOKIES.organizer;
    const token = bearer ?? (own ? cookie(request.headers.cookie, wanted) : null);
    if (token === null) return { who: { role: 'anyone' }, token: '' };
    const who = await deps.identify(token);
    if (who) return { who, token };
    // A cookie gone stale is no reason to refuse what anyone may ask; a bearer token is meant.
    if (bearer === null) return { who: { role: 'anyone' }, token: '' };
    throw new Refusal('unauthorized.invalid', 'not a valid token');
  }

  async function refuse(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (response.headersSent) {
      deps.onError(error);
      response.destroy(); // half an answer must not look like a whole one
      return;
    }
    const address = deps.addressOf(request);
    const refusal = await deps.limits.judge(address, asRefusal(error, deps.onError));
    deps.refused(refusal.code);
    sendProblem(response, refusal);
  }

  function on<B>(
    route: Route,
    schema: z.ZodType<B> | null,
    handler: (ask: Ask<B>) => Promise<Answer>,
  ): void {
    const needed = ROUTES[route];

    async function answer(...[request, response, params, query]: Parameters<Serve>) {
      const { who, token } = await whoAsks(request);
      if (!may(who.role, needed)) {
        if (who.role === 'anyone') throw new Refusal('unauthorized.missing', 'a token is needed');
        throw new Refusal('forbidden.role', `not for ${who.role}s`);
      }
      const body = schema ? demand(schema, await readJson(request)) : (undefined as B);
      return handler({ who, token, params, query, body, response });
    }

    const serve: Serve = async (request, response, params, query) => {
      try {
        const { status, body } = await answer(request, response, params, query);
        sendJson(response, status, body);
      } catch (error) {
        await refuse(error, request, response);
      }
    };

    const [method, path] = route.split(' ') as [string, string];
    if (!path.includes(':')) fixed.set(route, serve);
    const verb = method.toLowerCase() as 'get' | 'post' | 'put' | 'patch' | 'delete';
    router[verb](path, (request: Request, response: Response) =>
      serve(request, response, request.params as Record<string, string>, request.query),
    );
  }

  return {
    on,
    router,
    direct(request, response) {
      const serve = fixed.get(`${request.method} ${request.url}`);
      if (!serve) return false;
      serve(request, response, {}, {}).catch(deps.onError);
      return true;
    },
    refuse,
  };
}
