import { createHttp } from '../http/http.js';
import { pagesRouter } from '../http/pages/pages.js';
import { wellKnown } from '../http/wellKnown.js';
import { later } from '../service/later.js';
import type { Apis } from './apis.js';
import type { ServerDeps, Tools } from './serverDeps.js';
import type { Services } from './services.js';

/** All that is answered over HTTP: the API and the pages. `ready`: whether people can be seated now. */
export function assembleAnswer(
  deps: ServerDeps,
  { metrics, outside, onError }: Tools,
  { now, catalogue, jar, limits, reception }: Services,
  { api, addressOf, callerOf, judge, cities, intents, version }: Apis,
  ready: () => boolean,
) {
  const { config, clock, publicUrl, words } = deps;
  const { refused } = metrics;
  const operator = config.operator ?? { name: null, contact: null };
  const pages = pagesRouter({
    reception,
    jar,
    cities,
    intents,
    catalogue,
    judge,
    from: (request) => limits.keyOf(addressOf(request)),
    callerOf,
    words,
    assets: deps.assets,
    now,
    publicUrl,
    store: deps.store,
    operator,
    outside,
    refused,
    onError,
  });
  return createHttp({
    api,
    pages,
    words,
    assets: deps.assets,
    registry: metrics.registry,
    metrics: () => ({ token: config.metricsToken ?? null, publicUrl: config.publicUrl ?? null }),
    frameAncestors: config.frameAncestors ?? null,
    wall: { version, publicUrl, wifi: config.wifi ?? null },
    known: wellKnown({
      operator,
      languages: [...words.keys()],
      publicUrl,
      documents: {
        '/openapi.json': () => later.openapi([...words.keys()]),
        '/asyncapi.json': later.asyncapi,
      },
      now: clock.now,
    }),
    ready,
    onError,
  });
}
