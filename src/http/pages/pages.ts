import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { Refusal } from '../../domain/errors.js';
import { sendProblem } from '../problem.js';
import { loadAssets } from './assets.js';
import { comeBackPages } from './comeBack.js';
import { joinPages } from './join.js';
import { mePages } from './me.js';
import { nosoPages } from './nosoPage.js';
import { outPages } from './outPage.js';
import type { PagesDeps } from './pagesDeps.js';
import { publicPages } from './public.js';
import { sendRefusal } from './send.js';
import { codePages } from './typeCode.js';
import { judged, visiting, visitOf } from './visit.js';

/**
 * The pages that the server writes: `/`, `/n/:id`, `/privacy`, `/j`, `/j/:code`, `/me` and `/out`. Whatever else is
 * asked for is not here, and what goes wrong is said in words, or as a problem to a script that
 * says that it reads those. `assets` is the folder of the built pages; throws if they are not there.
 */
export function pagesRouter(
  from: Omit<PagesDeps, 'assets'> & {
    assets: string;
  },
): Router {
  const deps: PagesDeps = { ...from, assets: loadAssets(from.assets) };
  const router = express.Router({ strict: true });
  router.use(visiting(deps));
  router.use(publicPages(deps));
  router.use(nosoPages(deps));
  router.use(codePages(deps));
  router.use(joinPages(deps));
  router.use(comeBackPages(deps));
  router.use(mePages(deps));
  router.use(outPages(deps));
  router.use(() => {
    throw new Refusal('not_found');
  });
  router.use(async (error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = await judged(deps, request, error);
    if (request.accepts(['html', 'json']) === 'json') sendProblem(response, refusal);
    else sendRefusal(deps, visitOf(response), refusal);
  });
  return router;
}
