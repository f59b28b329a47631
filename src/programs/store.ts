import { realClock } from '../clock.js';
import type { Config } from '../config.js';
import { openEmbedded } from '../engine/embedded/openEmbedded.js';
import type { Engine } from '../engine/engine.js';
import type { Store } from '../http/pages/pagesDeps.js';
import type { Log } from '../log.js';
import type { Io } from '../sockets/io.js';
import type { Control } from '../sockets/localControl.js';

/** Before every key and channel of ours. */
const PREFIX = 'noso:';
/** How long a start waits for its second connection to Redis, in ms. */
const START = 1000;

/** Where NoSos live, by the settings: this process' own files, or a Redis shared by many. */
export type OpenStore = {
  engine: Engine;
  /** What /privacy says of it. */
  is: () => Store;
  /** How nodes tell each other; undefined where there is one. */
  control?: (io: Io, secrets: readonly string[]) => Control;
  close: () => Promise<void>;
};

/** Opens it. Throws `DataDirError`, or a `RedisRefusal` where Redis will not have us. */
export async function openStore(config: Config, log: Log): Promise<OpenStore> {
  const onError = (error: unknown) => log.error({ event: 'store', error });
  if (config.redisUrl !== null) return openShared(config.redisUrl, log, onError);
  const engine = await openEmbedded({ dataDir: config.dataDir, clock: realClock, onError });
  return { engine, is: () => 'embedded', close: () => engine.close() };
}

/** What speaks to Redis is read where there is one: it takes some memory. */
async function openShared(
  url: string,
  log: Log,
  onError: (error: unknown) => void,
): Promise<OpenStore> {
  const [{ openRedis }, { connect }, { clusterControl }, { createSealing }] = await Promise.all([
    import('../engine/redis/openRedis.js'),
    import('../engine/redis/connect.js'),
    import('../sockets/control.js'),
    import('../sockets/sealing.js'),
  ]);
  const engine = await openRedis({
    url,
    clock: realClock,
    prefix: PREFIX,
    waits: true,
    onError,
    warn: (what) => log.warn({ event: 'redis', detail: what }),
  });
  const clients = await connect(url, realClock, onError, START, {
    resubscribes: true,
    waits: true,
  });
  return {
    engine,
    is: () => (engine.rewrites() ? 'redis' : 'refused'),
    control: (io, secrets) => {
      const { commands: pub, subscriptions: sub } = clients;
      return clusterControl(io, { pub, sub, prefix: PREFIX }, createSealing(secrets), clients.tell);
    },
    async close() {
      clients.close();
      await engine.close();
    },
  };
}
