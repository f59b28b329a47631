import type { Clock } from '../clock.js';
import type { Config } from '../config.js';
import type { Engine } from '../engine/engine.js';
import type { Store } from '../http/pages/pagesDeps.js';
import type { Log } from '../log.js';
import type { Tell } from '../service/causes.js';
import type { Random } from '../service/chance.js';
import type { Metrics } from '../service/metrics.js';
import type { Notes } from '../service/notes.js';
import type { Outside } from '../service/outside.js';
import type { Words } from '../service/words.js';
import type { Io } from '../sockets/io.js';
import type { Control } from '../sockets/localControl.js';

/** What a server is made over. */
export type ServerDeps = {
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
};

/** What everything else is made with: whom a part tells, of what. */
export type Tools = {
  random: Random;
  metrics: Metrics;
  control: Control;
  notes: Notes;
  tell: Tell;
  outside: Outside;
  onError: (error: unknown) => void;
};
