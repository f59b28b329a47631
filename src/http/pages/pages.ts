import express, { type NextFunction, type Request, type Response, type Router } from 'express';
import { Refusal } from '../../domain/errors.js';
import { asRefusal } from '../../service/refusals.js';
import { loadAssets } from './assets.js';
import { joinPages } from './join.js';
import { mePages } from './me.js';
import { publicPages } from './public.js';
import { codePages } from './typeCode.js';
import { type PagesDeps, sendRefusal, visit } from './visit.js';

/**
 * The pages that the server writes: `/`, `/privacy`, `/j`, `/j/:code` and `/me`. Whatever else is
 * asked for is not here, and what goes wrong is said in words. `assets` is the folder of the built
 * pages; throws if they are not there.
 */
export function pagesRouter(
  from: Omit<PagesDeps, 'assets'> & {
    assets: string;
  },
): Router {
  const deps: PagesDeps = { ...from, assets: loadAssets(from.assets) };
  const router = express.Router({ strict: true });
  router.use(publicPages(deps));
  router.use(codePages(deps));
  router.use(joinPages(deps));
  router.use(mePages(deps));
  router.use(() => {
    throw new Refusal('not_found');
  });
  router.use((error: unknown, request: Request, response: Response, next: NextFunction) => {
    if (response.headersSent) {
      next(error);
      return;
    }
    const refusal = asRefusal(error, deps.onError);
    deps.refused(refusal.code);
    sendRefusal(deps, visit(deps, request, response), refusal);
  });
  return router;
}
