import type { Config } from '../config.js';
import { Refusal } from '../domain/errors.js';
import { isFull } from '../engine/embedded/openEmbedded.js';
import { setPlainHeaders } from '../http/headers.js';
import { createNodeServer, listenOn } from '../http/nodeServer.js';
import { sendProblem, sendText } from '../http/problem.js';
import type { Log } from '../log.js';
import { CAUSES } from '../service/causes.js';

/** How often it is tried whether there is room by now, and how often it is said that there is none; ms. */
const TRY_EVERY = 1000;
const TOLD_EVERY = 60_000;
/** Seconds. */
const RETRY_AFTER = 5;

/**
 * Does what a start needs of the disk, however long that has no room: a full disk keeps no start from
 * happening. Meanwhile the process is up and not ready, says the cause, and answers that it is
 * unavailable. Whatever else is in the way is thrown.
 */
export async function waitForRoom<T>(
  config: Pick<Config, 'host' | 'port' | 'publicUrl'>,
  tls: { cert: Buffer; key: Buffer } | null,
  log: Log,
  work: () => Promise<T>,
): Promise<T> {
  let http: Awaited<ReturnType<typeof answerThatThereIsNone>> | null = null;
  let toldAt = Number.NEGATIVE_INFINITY;
  try {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!isFull(error)) throw error;
      }
      http ??= await answerThatThereIsNone(config, tls, log);
      const { event, means } = CAUSES.SQLITE;
      if (performance.now() - toldAt >= TOLD_EVERY) {
        log.warn({ event, detail: `SQLITE: ${means}` });
        toldAt = performance.now();
      }
      await new Promise((resolve) => setTimeout(resolve, TRY_EVERY));
    }
  } finally {
    await http?.close();
  }
}

async function answerThatThereIsNone(
  config: Pick<Config, 'host' | 'port' | 'publicUrl'>,
  tls: { cert: Buffer; key: Buffer } | null,
  log: Log,
) {
  const http = createNodeServer(tls, (request, response) => {
    setPlainHeaders(response, config.publicUrl ?? '');
    if (request.url === '/healthz') sendText(response, 200, 'ok\n', 'text/plain; charset=utf-8');
    else sendProblem(response, new Refusal('unavailable.not_writable', undefined, RETRY_AFTER));
  });
  await listenOn(http, config, (error) => log.error({ event: 'fault', error }));
  return {
    close: () =>
      new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
