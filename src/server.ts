import type { IncomingMessage } from 'node:http';
import type { Clock } from './clock.js';
import type { Config } from './config.js';
import { Refusal } from './domain/errors.js';
import type { Engine, Sat } from './engine/engine.js';
import { createAddressOf, createCallerOf } from './http/address.js';
import { createApi } from './http/api/api.js';
import { calendarsApi } from './http/api/calendarsApi.js';
import { citiesApi } from './http/api/citiesApi.js';
import { handsApi } from './http/api/handsApi.js';
import { intentsApi } from './http/api/intentsApi.js';
import { nososApi } from './http/api/nosos.js';
import { organizersApi } from './http/api/organizers.js';
import { participantApi } from './http/api/participant.js';
import { recordsApi } from './http/api/recordsApi.js';
import { seriesApi } from './http/api/seriesApi.js';
import { venuesApi } from './http/api/venues.js';
import { wallsApi } from './http/api/walls.js';
import { createHttp } from './http/http.js';
import { createNodeServer, listenOn } from './http/nodeServer.js';
import { assertOpens } from './http/openFiles.js';
import { pagesRouter } from './http/pages/pages.js';
import type { Store } from './http/pages/pagesDeps.js';
import { boundPipelining } from './http/pipelining.js';
import { wellKnown } from './http/wellKnown.js';
import { createBroadcast } from './live/broadcast.js';
import { createGlances } from './live/glances.js';
import { createStage, type Show } from './live/stage.js';
import type { Log } from './log.js';
import { createAddressTold } from './service/addressTold.js';
import { createCalendars } from './service/calendars.js';
import { type Cause, createTell } from './service/causes.js';
import { chance, type Random } from './service/chance.js';
import { createCities } from './service/cities.js';
import { createCodes } from './service/codes.js';
import { createJar } from './service/cookies.js';
import { createExchanges } from './service/exchanges.js';
import { createFreshness } from './service/freshness.js';
import { createGate } from './service/gate.js';
import { createGuesses } from './service/guesses.js';
import { createHands } from './service/hands.js';
import { createHearing } from './service/hearing.js';
import { createIdentify, createMade, createWhyNot, newId } from './service/identity.js';
import { createInstallation } from './service/installation.js';
import { createIntents } from './service/intents.js';
import { createKeyring } from './service/keyring.js';
import { later } from './service/later.js';
import { clearLeftovers } from './service/leftovers.js';
import { createLimits } from './service/limits.js';
import { createLot } from './service/lot.js';
import { createMetrics } from './service/metrics.js';
import { createCatalogue } from './service/mirror.js';
import { createNotes } from './service/notes.js';
import { createOutside } from './service/outside.js';
import { createPairing } from './service/pairing.js';
import { createPasses } from './service/passes.js';
import { createPlaces } from './service/places.js';
import { createPlanning } from './service/planning.js';
import { watchReadiness } from './service/readiness.js';
import { createReception } from './service/reception.js';
import { createRecords } from './service/records.js';
import { readRelease } from './service/release.js';
import { createRestored } from './service/restored.js';
import { keepSchedule } from './service/schedule.js';
import { createScreens } from './service/screens.js';
import { createSeries } from './service/series.js';
import { createSessions } from './service/sessions.js';
import { createTokens } from './service/tokens.js';
import type { Words } from './service/words.js';
import { createWriting } from './service/writing.js';
import { doorNamespace } from './sockets/doors.js';
import { drain } from './sockets/drain.js';
import type { Io } from './sockets/io.js';
import { createLeavings, tellTakenBack } from './sockets/leavings.js';
import { type Control, localControl } from './sockets/localControl.js';
import { organizerNamespace } from './sockets/organizer.js';
import { phoneNamespace } from './sockets/phone.js';
import { createSockets, serveSockets } from './sockets/sockets.js';
import { wallNamespace } from './sockets/wall.js';

export type Running = {
  /** Starts listening and serving; resolves with the port. */
  listen: () => Promise<number>;
  /** Says yes at /readyz, from now on. */
  open: () => void;
  /** What of the address keeps phones out: said in consoles, in place of what was said before. */
  addressIs: (causes: readonly Cause[]) => void;
  /** `publicUrl` says another address by now: walls and consoles follow. */
  moved: () => void;
  /** A fresh sign-in link for an owner, without the address: good once, for 15 minutes. */
  link: () => string;
  /** Moves everybody elsewhere and stops (F2). The engine is the caller's to close. */
  close: () => Promise<void>;
};

const ABOUT_ADDRESS = ['LOOPBACK', 'BRIDGE', 'PLAIN'] as const satisfies Cause[];

/** The whole server over an engine. Everything that it starts, `close` stops. */
export function createServer(deps: {
  config: Pick<Config, 'host' | 'port' | 'trustProxy'> &
    Partial<Pick<Config, 'publicUrl' | 'frameAncestors' | 'metricsToken' | 'operator' | 'wifi'>>;
  tls: { cert: Buffer; key: Buffer } | null;
  secrets: readonly string[];
  publicUrl: () => string;
  engine: Engine;
  clock: Clock;
  log: Log;
  words: ReadonlyMap<string, Words>;
  /** The folder of the built pages. */
  assets: string;
  /** What holds the seats, for /privacy. */
  store: () => Store;
  /** How nodes tell each other; one process needs no more than itself. */
  control?: (io: Io, secrets: readonly string[]) => Control;
  /** The order in which walls are shown numbers, and in which a drain moves everybody. */
  random?: Random;
}): Running {
  const { config, engine, clock, log, publicUrl, words } = deps;
  const random = deps.random ?? chance;
  let state: 'starting' | 'ready' | 'draining' = 'starting';

  const metrics = createMetrics();
  /** A refusal is the store's answer, and metrics count those; anything else is a fault of ours. */
  const onError = (error: unknown): void => {
    if (error instanceof Refusal) {
      if (error.code === 'unavailable') log.debug({ event: 'unavailable', error });
      return;
    }
    metrics.error();
    log.error({ event: 'fault', error });
  };

  const io = createSockets();
  const control = deps.control?.(io, deps.secrets) ?? localControl();
  const notes = createNotes({ clock, share: (note) => control.tell({ say: 'note', note }) });
  const tell = createTell({ log, clock, notes });
  const outside = createOutside({ clock, publicUrl, trusts: config.trustProxy !== null, tell });

  const now = () => engine.now();
  const tokens = createTokens(deps.secrets, now);
  const passes = createPasses(deps.secrets, now);
  const freshness = createFreshness(engine, clock);
  const catalogue = createCatalogue(engine, clock, onError);
  const nosos = () => catalogue.nosos();
  const codes = createCodes({
    secrets: deps.secrets,
    publicUrl,
    nosos,
    revision: () => catalogue.revision(),
  });
  const limits = createLimits(clock);
  const strain = (noso: string) => control.tell({ say: 'strained', noso });
  const exchanges = createExchanges({ clock, engine, strain });
  const guesses = createGuesses({ clock, codes, now });
  const restored = createRestored({ engine, clock });
  const sessions = createSessions({
    engine,
    clock,
    tell: (session) => control.tell({ say: 'over', session }),
  });
  const identify = createIdentify({ tokens, catalogue, restored, sessions });
  const whyNot = createWhyNot({ tokens, catalogue, sessions });
  const installation = createInstallation({ engine, clock });
  /** Nodes that share a store, and are not told one address for all, have one each: none is another's former. */
  const ownAddress = deps.store() !== 'embedded' && !config.publicUrl;
  let reached = true;
  const addressTold = createAddressTold({
    engine,
    clock,
    publicUrl,
    anybody: () => (catalogue.isRead() ? !catalogue.venues()[Symbol.iterator]().next().done : null),
    moved: (url) => tell('MOVED', { url }),
  });
  const lookAtAddress = () => void (reached && !ownAddress && addressTold.look());
  const made = createMade({ tokens, passes, catalogue });
  const jar = createJar({ installation: installation.id, publicUrl, made });
  const gate = createGate(identify, whyNot, jar);
  const reception = createReception({
    engine,
    clock,
    catalogue,
    codes,
    tokens,
    passes,
    exchanges,
    guesses,
    left: createLeavings(control.tell),
    tookSeat: metrics.tookSeat,
  });
  const writing = createWriting({
    engine,
    catalogue,
    tellOthers: () => control.tell({ say: 'wrote' }),
  });

  const schedule = keepSchedule({
    engine,
    clock,
    nosos: () => (catalogue.isRead() ? catalogue.nosos() : null),
    wrote: writing.wrote,
    doubts: () => engine.doubts(),
    tell,
    onError,
  });
  const { caughtUp } = schedule;
  const rehearse = async () => {
    assertOpens();
    await engine.rehearse();
  };
  const seating = { engine: { rehearse }, clock, freshness, catalogue, caughtUp };
  const readiness = watchReadiness({ ...seating, log, tell, onError });

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
  const answer = createHttp({
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
    ready: () => state === 'ready' && readiness.isReady(),
    onError,
  });
  /** From where somebody guesses codes, over a connection that is theirs alone. */
  function guessesHere(request: IncomingMessage): boolean {
    const { line, from } = callerOf(request);
    return line !== null && guesses.isSlowed(from);
  }
  const http = createNodeServer(
    deps.tls,
    boundPipelining(guessesHere, (request, response) => {
      outside.look(request);
      answer(request, response);
    }),
  );
  const stopPings = serveSockets(io, http, {
    outside,
    draining: () => state === 'draining',
    every: clock.every,
  });

  const broadcast = createBroadcast({ engine, clock, catalogue, random, onError });
  const room = {
    gate,
    jar,
    publicUrl,
    judge,
    callerOf,
    refused,
    onError,
    now,
    after: clock.after,
    every: clock.every,
    catalogue,
    broadcast,
  };
  const phones = phoneNamespace(io, {
    ...room,
    reception,
    hearing: createHearing({ engine, clock, catalogue, onError }),
    seated: metrics.seated,
  });
  const stage = { engine, clock, catalogue, codes, publicUrl, version, broadcast, random, onError };
  const stageOf = (venue: string, show: Show) => createStage({ venue, show, ...stage });
  const glances = createGlances({ clock, catalogue, stageOf });
  wallsApi(api, pairing, glances.of);
  const walls = wallNamespace(io, {
    ...room,
    stageOf,
    alive: (ids) => engine.beat(ids),
    screens,
  });
  const strained = exchanges.strained;
  const consoles = organizerNamespace(io, { ...room, notes, sessions, strained });
  const doors = doorNamespace(io, {
    ...room,
    here: (noso) => engine.doors(noso),
    alive: (ids) => engine.beat(ids),
  });
  const leftovers = clearLeftovers({ engine, clock, catalogue, wrote: writing.wrote, onError });
  metrics.watch({
    phones: phones.count,
    walls: walls.count,
    consoles: consoles.count,
    doors: doors.count,
    openNosos: () => [...nosos()].filter((n) => n.life.is === 'open').length,
  });
  control.listen((message, own) => {
    if (message.say === 'left') phones.left(message.noso, message.seats, message.voided);
    else if (message.say === 'identify') walls.identify(message.wall, message.until);
    else if (message.say === 'screens') screens.hear(message.screens);
    else if (message.say === 'arrived') walls.repeat();
    else if (message.say === 'strained') exchanges.heard(message.noso);
    else if (message.say === 'over') {
      sessions.hear(message.session);
      consoles.ended();
    } else if (message.say === 'note') {
      if (!own) notes.hear(message.note);
    } else if (!own) catalogue.refresh().catch(onError); // who wrote has read it
  });

  return {
    async listen() {
      await installation.look();
      await catalogue.refresh().catch(onError); // a store that is down now heals later (F1)
      const { host, port } = config;
      const listening = await listenOn(http, { host, port });
      control.tell({ say: 'arrived' });
      schedule.look();
      series.look().catch(onError);
      await readiness.look();
      return listening;
    },
    open() {
      if (state === 'starting') state = 'ready';
      lookAtAddress();
    },
    addressIs(causes) {
      // Nobody was ever told of an address that only this machine has.
      reached = !causes.includes('LOOPBACK');
      for (const cause of ABOUT_ADDRESS) {
        if (causes.includes(cause)) notes.raise(cause);
        else notes.drop(cause);
      }
    },
    moved() {
      if (ownAddress) tell('MOVED', { url: publicUrl() });
      lookAtAddress();
      walls.showAnew();
    },
    link: () => tokens.link(newId()),
    async close() {
      state = 'draining';
      const works = [readiness, schedule, exchanges, guesses, cities, intents, series, leftovers];
      for (const { stop } of [...works, restored, installation, addressTold, notes]) stop();
      const wait = (ms: number) => new Promise<void>((go) => void clock.after(ms, go));
      await drain(http, io, { random, wait });
      stopPings();
      for (const { stop } of [phones, walls, glances, consoles, doors, broadcast]) stop();
    },
  };
}
