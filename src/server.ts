import type { IncomingMessage } from 'node:http';
import { Refusal } from './domain/errors.js';
import { createNodeServer, listenOn } from './http/nodeServer.js';
import { isOutOfFiles } from './http/openFiles.js';
import { boundPipelining } from './http/pipelining.js';
import { assembleAnswer } from './server/answer.js';
import { assembleApi } from './server/apis.js';
import { assembleLines } from './server/lines.js';
import type { ServerDeps } from './server/serverDeps.js';
import { assembleServices } from './server/services.js';
import { createAddressTold } from './service/addressTold.js';
import { type Cause, createTell } from './service/causes.js';
import { chance } from './service/chance.js';
import { newId } from './service/identity.js';
import { createMetrics } from './service/metrics.js';
import { createNotes } from './service/notes.js';
import { createOutside } from './service/outside.js';
import { drain } from './sockets/drain.js';
import { localControl } from './sockets/localControl.js';
import { createSockets, serveSockets } from './sockets/sockets.js';

export type Running = {
  /** Starts listening and serving; resolves with the port. Rejects with `unavailable` once it is closed. */
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
export function createServer(deps: ServerDeps): Running {
  const { config, engine, clock, log, publicUrl } = deps;
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
  const tools = { random, metrics, control, notes, tell, outside, onError };

  const services = assembleServices(deps, tools);
  const { catalogue, exchanges, guesses, installation, readiness, restored, schedule, tokens } =
    services;
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

  const apis = assembleApi(deps, tools, services);
  const { callerOf, cities, intents, series } = apis;
  const ready = () => state === 'ready' && readiness.isReady();
  const answer = assembleAnswer(deps, tools, services, apis, ready);
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

  /** Of a start that was told to stop nothing more is done. */
  function assertStays(): void {
    if (state === 'draining') throw new Refusal('unavailable.draining', 'it was told to stop');
  }

  const lines = assembleLines(io, deps, tools, services, apis);
  const { phones, walls, glances, consoles, doors, broadcast, leftovers } = lines;

  return {
    async listen() {
      await installation.look();
      await catalogue.refresh().catch(onError); // a store that is down now heals later (F1)
      assertStays();
      const { host, port } = config;
      // As a rule no file may be opened any more then: said once a minute, as readiness does.
      const listening = await listenOn(http, { host, port }, (error) =>
        isOutOfFiles(error) ? tell('EMFILE') : onError(error),
      );
      if (state === 'draining') http.close();
      assertStays();
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
