import { assertOpens } from '../http/openFiles.js';
import { createCodes } from '../service/codes.js';
import { createJar } from '../service/cookies.js';
import { createExchanges } from '../service/exchanges.js';
import { createFreshness } from '../service/freshness.js';
import { createGate } from '../service/gate.js';
import { createGuesses } from '../service/guesses.js';
import { createIdentify, createMade, createWhyNot } from '../service/identity.js';
import { createInstallation } from '../service/installation.js';
import { createLimits } from '../service/limits.js';
import { createCatalogue } from '../service/mirror.js';
import { createPasses } from '../service/passes.js';
import { watchReadiness } from '../service/readiness.js';
import { createReception } from '../service/reception.js';
import { createRestored } from '../service/restored.js';
import { keepSchedule } from '../service/schedule.js';
import { createSessions } from '../service/sessions.js';
import { createTokens } from '../service/tokens.js';
import { createWriting } from '../service/writing.js';
import { createLeavings } from '../sockets/leavings.js';
import type { ServerDeps, Tools } from './serverDeps.js';

/** What has no wire, each part from those above it. Schedule and readiness look once they are told to. */
export function assembleServices(deps: ServerDeps, { metrics, control, tell, onError }: Tools) {
  const { engine, clock, log, publicUrl } = deps;
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
  return {
    ...{ now, tokens, passes, catalogue, nosos, codes, limits, exchanges, guesses },
    ...{ restored, sessions, identify, whyNot, installation, gate, jar, reception, writing },
    ...{ schedule, readiness },
  };
}

export type Services = ReturnType<typeof assembleServices>;
