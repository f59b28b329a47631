import type { IncomingMessage, ServerResponse } from 'node:http';
import express, { type Request, type Response, type Router } from 'express';
import { Refusal } from '../../domain/errors.js';
import type { Answered } from '../../protocol/answered.js';
import { BODY, CLICKS_BODY } from '../../protocol/bounds.js';
import { NUMBERED, OWN_ORIGIN, ROUTES, type Role, type Route } from '../../service/access.js';
import type * as z from '../../service/carried/zod.js';
import type { Jar } from '../../service/cookies.js';
import type { Admitted, Gate } from '../../service/gate.js';
import type { Caller } from '../../service/guesses.js';
import { cookiesCount, type Identity } from '../../service/identity.js';
import { demand } from '../../service/input.js';
import type { Limits } from '../../service/limits.js';
import type { Outside } from '../../service/outside.js';
import { asRefusal } from '../../service/refusals.js';
import { readJson } from '../body.js';
import { sendJson, sendProblem, sendText } from '../problem.js';

/** What a handler is given: the request, taken apart and authorised. */
export type Ask<B, R extends Role = Role> = {
  /** Somebody who may be there by the access table, and nobody else. */
  who: Admitted<R>;
  /** The token that was shown, bearer or cookie; '' for none. */
  token: string;
  params: Record<string, string>;
  query: unknown;
  body: B;
  response: ServerResponse;
  /** Whether the token was shown on purpose, as a bearer's, and is not just there in a cookie. */
  meant: boolean;
  /** The address it is from, as `Limits.keyOf` has it. */
  from: () => string;
  /** The same, with the connection that it came on. */
  caller: () => Caller;
  /**
   * Has a page of ours keep cookies, and says whether its browser sent what it was given before:
   * some keep none. Null for whoever else asks: they have tokens of their own to keep.
   */
  keep: (cookiesOf: (jar: Jar) => string[]) => boolean | null;
};

/** A status and a JSON body, or a file of some other type; 204 has neither. */
export type Answer<B> = {
  status: number;
  body?: B;
  file?: { name: string; text: string; type: string };
};

/** Bodies that may be larger than others. */
const LARGER: { readonly [R in Route]?: number } = { 'POST /api/door': CLICKS_BODY };

export type Api = {
  /** Serves a route of the access table. */
  on: <B, R extends Route>(
    route: R,
    schema: z.ZodType<B> | null,
    handler: (ask: Ask<B, (typeof ROUTES)[R]>) => Promise<Answer<Answered[R]>>,
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

const BEARER = /^Bearer(?: +(.*))?$/i;

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
  gate: Gate;
  jar: Jar;
  limits: Limits;
  publicUrl: () => string;
  outside: Pick<Outside, 'isForeign'>;
  /** Who a request is from, as far as trusted proxies say. */
  addressOf: (request: IncomingMessage) => string;
  callerOf: (request: IncomingMessage) => Caller;
  /** Told of every answer that is a refusal, and of every error that is none. */
  refused: (code: string) => void;
  onError: (error: unknown) => void;
}): Api {
  const router = express.Router({ strict: true, caseSensitive: true });
  const fixed = new Map<string, Serve>();

  /**
   * Who asks for what `needed` may do; a bearer token is meant, cookies are there anyway. Another
   * scheme is a proxy's, and none of our business.
   */
  async function whoAsks<R extends Role>(request: IncomingMessage, needed: R, numbered: boolean) {
    const { authorization = '', cookie, origin } = request.headers;
    const said = BEARER.exec(authorization);
    const bearer = said && (said[1] ?? '');
    const count = bearer === null && cookiesCount(request, deps.publicUrl());
    if (bearer === null && !count && needed !== 'anyone' && origin !== undefined) {
      // A token that would do, and a page that may not use it: that is why, and no missing token.
      await deps.gate(needed, null, cookie, numbered);
      demandOwnOrigin(request);
    }
    return deps.gate(needed, bearer, count ? cookie : undefined, numbered);
  }

  /** What somebody showed in a cookie of an older name goes where it belongs. */
  function moved({ headers }: IncomingMessage, who: Identity): string[] {
    if (BEARER.test(headers.authorization ?? '')) return [];
    if (who.role === 'participant') {
      return deps.jar.move(headers.cookie, 'token', who.noso === null ? 'token' : 'passing');
    }
    const signedIn = who.role === 'organizer' || who.role === 'owner';
    return signedIn ? deps.jar.move(headers.cookie, 'organizer') : [];
  }

  /** Another site's page may do nothing with our cookies. Whoever names no origin is no browser. */
  function demandOwnOrigin(request: IncomingMessage): void {
    if (!deps.outside.isForeign(request)) return;
    throw new Refusal('forbidden.origin', 'this request is of another site');
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

  function on<B, R extends Route>(
    route: R,
    schema: z.ZodType<B> | null,
    handler: (ask: Ask<B, (typeof ROUTES)[R]>) => Promise<Answer<Answered[R]>>,
  ): void {
    const needed: (typeof ROUTES)[R] = ROUTES[route];

    async function answer(...[request, response, params, query]: Parameters<Serve>) {
      if (OWN_ORIGIN.has(route)) demandOwnOrigin(request);
      const { who, token } = await whoAsks(request, needed, NUMBERED.includes(route));
      for (const each of moved(request, who)) response.appendHeader('Set-Cookie', each);
      const body = schema
        ? demand(schema, await readJson(request, LARGER[route] ?? BODY))
        : (undefined as B);
      const { origin, authorization } = request.headers;
      return handler({
        who,
        token,
        params,
        query,
        body,
        response,
        meant: BEARER.test(authorization ?? ''),
        from: () => deps.limits.keyOf(deps.addressOf(request)),
        caller: () => deps.callerOf(request),
        keep(cookiesOf) {
          if (origin === undefined || !cookiesCount(request, deps.publicUrl())) return null;
          for (const each of cookiesOf(deps.jar)) response.appendHeader('Set-Cookie', each);
          return deps.jar.keeps(request.headers.cookie);
        },
      });
    }

    const serve: Serve = async (request, response, params, query) => {
      try {
        const { status, body, file } = await answer(request, response, params, query);
        if (!file) {
          sendJson(response, status, body);
          return;
        }
        response.setHeader('Content-Disposition', `inline; filename="${file.name}"`);
        sendText(response, status, file.text, file.type);
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
