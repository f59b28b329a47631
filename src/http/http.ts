import type { IncomingMessage, ServerResponse } from 'node:http';
import compression from 'compression';
import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import type { Registry } from 'prom-client';
import { Refusal } from '../domain/errors.js';
import type { Words } from '../service/words.js';
import type { Api } from './api/api.js';
import { setPlainHeaders } from './headers.js';
import { demandMetrics } from './metricsAccess.js';
import { shells } from './pages/shells.js';

/**
 * The HTTP side, as a listener of requests: health, metrics, the API, the pages. The API comes
 * first, since a join should not pay for what pages need.
 */
export function createHttp(deps: {
  api: Api;
  pages: Router;
  words: ReadonlyMap<string, Words>;
  /** The folder of the built pages. */
  assets: string;
  registry: Registry;
  /** Who may read the metrics. */
  metrics: () => Parameters<typeof demandMetrics>[1];
  /** Who may show a wall in a frame, as CSP writes it; null: nobody. */
  frameAncestors: string | null;
  known: Router;
  /** The version of the wall's page, and where people find this server. */
  wall: { version: string; publicUrl: () => string; wifi?: string | null };
  /** Whether people can be seated now. */
  ready: () => boolean;
  onError: (error: unknown) => void;
}): (request: IncomingMessage, response: ServerResponse) => void {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('strict routing');
  app.enable('case sensitive routing');
  app.set('query parser', 'simple');

  app.use((request: Request, response: Response, next: NextFunction) => {
    setPlainHeaders(response, deps.wall.publicUrl());
    // Express would answer with what else there is: only what is in a table is to be there (F7).
    next(request.method === 'OPTIONS' ? new Refusal('not_found', 'no such address') : undefined);
  });

  app.get('/healthz', (_request, response) => {
    response.type('text').send('ok\n');
  });
  app.get('/readyz', (_request, response) => {
    const ready = deps.ready();
    response
      .status(ready ? 200 : 503)
      .type('text')
      .send(ready ? 'ready\n' : 'not ready\n');
  });
  app.get('/metrics', async (request, response) => {
    demandMetrics(request, deps.metrics());
    response.type(deps.registry.contentType).send(await deps.registry.metrics());
  });

  app.use(deps.api.router);
  app.use('/api', (request, response) =>
    deps.api.refuse(new Refusal('not_found', 'no such address'), request, response),
  );

  app.use(compression());
  app.use(
    '/assets',
    express.static(deps.assets, {
      index: false,
      fallthrough: false,
      etag: true,
      setHeaders(response, path) {
        response.setHeader('Cache-Control', 'public, max-age=0');
        // The wall's service worker lies among the assets, and serves the page beside them.
        if (path.endsWith('shell.page.js')) response.setHeader('Service-Worker-Allowed', '/wall');
      },
    }),
  );
  app.use(deps.known);
  app.use(shells(deps.words, deps.frameAncestors, deps.wall));
  app.use(deps.pages);
  app.use((error: unknown, request: Request, response: Response, _next: NextFunction) => {
    deps.api.refuse(error, request, response).catch(deps.onError);
  });

  return (request, response) => {
    if (request.url?.startsWith('/api/')) {
      setPlainHeaders(response, deps.wall.publicUrl());
      if (deps.api.direct(request, response)) return;
    }
    app(request, response);
  };
}
