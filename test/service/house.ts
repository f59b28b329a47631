// The service over an engine in memory, without a wire: its clock is the test's to move, and what it
// tells others is kept.
import * as assert from 'uvu/assert';
import { type ManualClock, manualClock } from '../../src/clock.js';
import { Refusal } from '../../src/domain/errors.js';
import type { Noso } from '../../src/domain/noso.js';
import type { Engine } from '../../src/engine/engine.js';
import { createCodes } from '../../src/service/codes.js';
import { createExchanges } from '../../src/service/exchanges.js';
import { createGuesses } from '../../src/service/guesses.js';
import { createHands } from '../../src/service/hands.js';
import { createLot } from '../../src/service/lot.js';
import { createCatalogue } from '../../src/service/mirror.js';
import { createPairing } from '../../src/service/pairing.js';
import { createPasses } from '../../src/service/passes.js';
import { createPlaces } from '../../src/service/places.js';
import { createPlanning } from '../../src/service/planning.js';
import { createReception } from '../../src/service/reception.js';
import { createScreens } from '../../src/service/screens.js';
import { createTokens } from '../../src/service/tokens.js';
import { createWriting } from '../../src/service/writing.js';
import { newNoso, newVenue } from '../engine/contract/cast.js';
import { memoryEngine } from '../support/memoryEngine.js';

export const SECRETS = ['a secret that is as long as a secret has to be'];
export const HOUR = 3_600_000;

export type House = Awaited<ReturnType<typeof build>>;

async function build(clock: ManualClock, real: Engine, wrap: (engine: Engine) => Engine) {
  const engine = wrap(real);
  const told: [what: string, ...of: unknown[]][] = [];
  const tell =
    (what: string) =>
    (...of: unknown[]): void =>
      void told.push([what, ...of]);
  const publicUrl = () => 'https://noso.example';
  const fault = (error: unknown) => assert.unreachable(String(error));
  const catalogue = createCatalogue(engine, clock, fault);
  const nosos = () => catalogue.nosos();
  const revision = () => catalogue.revision();
  const codes = createCodes({ secrets: SECRETS, publicUrl, nosos, revision });
  const tokens = createTokens(SECRETS, engine.now);
  const passes = createPasses(SECRETS, engine.now);
  const exchanges = createExchanges({ clock, engine, strain: tell('strained') });
  const guesses = createGuesses({ clock, codes, now: engine.now });
  const writing = createWriting({ engine, catalogue, tellOthers: tell('wrote') });
  const verbs = { engine, clock, catalogue, codes, tokens, passes, writing, publicUrl };
  const pairing = createPairing({ engine, catalogue, secrets: SECRETS });
  const screens = createScreens(tell('screens'));
  const version = 'this';
  const seats = { exchanges, guesses, left: tell('left'), tookSeat: tell('took') };
  const house = {
    ...{ clock, engine, catalogue, codes, tokens, passes, writing, pairing, screens, told },
    /** What was told of one kind, without its name. */
    toldOf: (what: string): unknown[][] =>
      told.filter(([each]) => each === what).map(([, ...of]) => of),
    reception: createReception({ ...verbs, ...seats }),
    planning: createPlanning({ ...verbs, takenBack: tell('taken back') }),
    hands: createHands({ ...verbs, lot: createLot(engine), clicked: tell('clicked') }),
    places: createPlaces({ ...verbs, pairing, screens, version, identify: tell('identify') }),
    caller: {
      from: 'here',
      line: null,
      isGone: () => false,
      whenGone: () => () => {},
      hangUp: () => {},
    },
    /** A NoSo at a venue of its own, open unless told. */
    async noso(over: Partial<Noso> = {}, opens = true): Promise<Noso> {
      const noso = newNoso(real, over);
      await engine.save('venue', noso.venue, newVenue(noso.venue));
      await engine.save('noso', noso.id, noso);
      if (opens) await engine.command(noso.id, { do: 'open', by: 'organizer' });
      await catalogue.refresh();
      return catalogue.noso(noso.id) as Noso;
    },
    /** The code that its walls show. */
    code: ({ id }: Pick<Noso, 'id'>): string =>
      codes.shown(catalogue.noso(id) as Noso, engine.now())?.code ?? 'no code',
    /** Somebody new who sits down by the code of the moment. */
    enter: async (noso: Noso, keep = false) =>
      house.reception.enter({
        ...{ way: { code: house.code(noso) }, token: null, meant: true, keep, back: false },
        caller: house.caller,
      }),
    stop() {
      exchanges.stop();
      guesses.stop();
    },
  };
  await catalogue.refresh();
  return house;
}

/** Runs `work` in a house of its own; `wrap` puts something between it and its engine. */
export const inHouse =
  (work: (house: House) => Promise<void>, wrap = (engine: Engine) => engine) =>
  async (): Promise<void> => {
    const clock = manualClock(Date.UTC(2026, 10, 20, 18));
    const house = await build(clock, memoryEngine(clock), wrap);
    try {
      await work(house);
    } finally {
      house.stop();
    }
  };

/** What `work` is refused with: its code and reason, and when to try again. */
export async function whyOf(
  work: Promise<unknown>,
): Promise<{ why: string; retryAfter?: number | undefined; detail?: string | undefined }> {
  return work.then(
    (granted) => ({ why: `granted: ${JSON.stringify(granted)}` }),
    (error: unknown) => {
      if (!(error instanceof Refusal)) throw error;
      const { why, retryAfter, detail } = error;
      return { why, retryAfter, detail };
    },
  );
}
