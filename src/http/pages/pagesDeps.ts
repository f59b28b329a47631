import type { IncomingMessage } from 'node:http';
import type { Refusal } from '../../domain/errors.js';
import type { Cities } from '../../service/cities.js';
import type { Jar } from '../../service/cookies.js';
import type { Caller } from '../../service/guesses.js';
import type { Intents } from '../../service/intents.js';
import type { Catalogue } from '../../service/mirror.js';
import type { Outside } from '../../service/outside.js';
import type { Reception } from '../../service/reception.js';
import type { Words } from '../../service/words.js';
import type { Operator } from '../wellKnown.js';
import type { Assets } from './assets.js';

/** What the pages are made from and of. */
export type PagesDeps = {
  reception: Reception;
  jar: Jar;
  catalogue: Pick<Catalogue, 'nosos' | 'noso' | 'venue'>;
  cities: Pick<Cities, 'ask'>;
  intents: Pick<Intents, 'draw' | 'intend' | 'withdraw' | 'intends'>;
  /** What to answer a request that is refused (F6). */
  judge: (request: IncomingMessage, refusal: Refusal) => Promise<Refusal>;
  /** The address a request is from, as `Limits.keyOf` has it. */
  from: (request: IncomingMessage) => string;
  callerOf: (request: IncomingMessage) => Caller;
  words: ReadonlyMap<string, Words>;
  assets: Assets;
  /** Milliseconds since the epoch, the engine's. */
  now: () => number;
  publicUrl: () => string;
  /** What holds the seats, for /privacy; `refused`: a Redis that rewrites its files by itself only. */
  store: () => Store;
  operator: Operator;
  outside: Pick<Outside, 'isForeign'>;
  /** Told of every refusal, and of every error that is none. */
  refused: (code: string) => void;
  onError: (error: unknown) => void;
};

export type Store = 'embedded' | 'redis' | 'refused';
