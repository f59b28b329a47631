import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../domain/errors.js';
import type { Sat } from '../engine/engine.js';
import { createAddressOf, createCallerOf } from '../http/address.js';
import { createApi } from '../http/api/api.js';
import { calendarsApi } from '../http/api/calendarsApi.js';
import { citiesApi } from '../http/api/citiesApi.js';
import { handsApi } from '../http/api/handsApi.js';
import { intentsApi } from '../http/api/intentsApi.js';
import { nososApi } from '../http/api/nosos.js';
import { organizersApi } from '../http/api/organizers.js';
import { participantApi } from '../http/api/participant.js';
import { recordsApi } from '../http/api/recordsApi.js';
import { seriesApi } from '../http/api/seriesApi.js';
import { venuesApi } from '../http/api/venues.js';
import { createCalendars } from '../service/calendars.js';
import { createCities } from '../service/cities.js';
import { createHands } from '../service/hands.js';
import { createIntents } from '../service/intents.js';
import { createKeyring } from '../service/keyring.js';
import { createLot } from '../service/lot.js';
import { createPairing } from '../service/pairing.js';
import { createPlaces } from '../service/places.js';
import { createPlanning } from '../service/planning.js';
import { createRecords } from '../service/records.js';
import { readRelease } from '../service/release.js';
import { createScreens } from '../service/screens.js';
import { createSeries } from '../service/series.js';
import { tellTakenBack } from '../sockets/leavings.js';
import type { ServerDeps, Tools } from './serverDeps.js';
import type { Services } from './services.js';

/** The API: who asks, and each audience's verbs. Walls' own come once there is a stage (`wallsApi`). */
export function assembleApi(
  deps: ServerDeps,
  { control, metrics, outside, onError }: Tools,
  services: Services,
) {
  const { config, engine, clock, publicUrl, words } = deps;
  const { catalogue, codes, gate, identify, jar, limits, passes } = services;
  const { reception, sessions, tokens, whyNot, writing } = services;
  const addressOf = createAddressOf(config.trustProxy);
  const callerOf = createCallerOf({ addressOf, keyOf: limits.keyOf });
  /** Whichever way they come, an address has one count. */
  const judge = (request: IncomingMessage, refusal: Refusal) =>
    limits.judge(addressOf(request), refusal);
  const { refused } = metrics;
  const api = createApi({
    ...{ gate, jar, limits, publicUrl, outside, addressOf, callerOf, refused, onError },
  });
  const version = readRelease(deps.assets);
  const pairing = createPairing({ engine, catalogue, secrets: deps.secrets });
  const screens = createScreens((said) => control.tell({ say: 'screens', screens: said }));
  const nameWall = (wall: string, until: number) => control.tell({ say: 'identify', wall, until });
  const verbs = { engine, catalogue, codes, tokens, identify, whyNot, writing, publicUrl };
  const intents = createIntents({ engine, clock, writing, tokens, secrets: deps.secrets });
  participantApi(api, reception);
  intentsApi(api, intents, reception);
  const takenBack = (noso: string, seats: Sat[]) => tellTakenBack(control.tell, noso, seats);
  nososApi(api, createPlanning({ ...verbs, takenBack }), writing);
  handsApi(
    api,
    createHands({ ...verbs, passes, lot: createLot(engine), clicked: metrics.clicked }),
  );
  recordsApi(api, createRecords(verbs));
  const cities = createCities({ engine, clock, catalogue, writing, onError });
  const series = createSeries({ engine, clock, catalogue, writing, onError });
  seriesApi(api, series);
  citiesApi(api, cities);
  calendarsApi(api, createCalendars({ ...verbs, words }));
  venuesApi(api, createPlaces({ ...verbs, pairing, screens, version, identify: nameWall }), [
    ...words.keys(),
  ]);
  organizersApi(api, createKeyring({ ...verbs, sessions }), jar);
  return { api, addressOf, callerOf, judge, version, pairing, screens, intents, cities, series };
}

export type Apis = ReturnType<typeof assembleApi>;
