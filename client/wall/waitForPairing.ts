import { ask, pause, textIn } from './ask.js';

/** Milliseconds. */
const POLL = 2000;
const RETRY = 5000;
const NOT_HERE = 60_000;
/** A code is good so long. */
const LASTS = 10 * 60_000;

export type Offered = { code: string; until: number };
export type Pairing = {
  /** A code to show until then (`performance.now`), or null while there is none. */
  code: (offered: Offered | null) => void;
  paired: (token: string) => void;
};

/** Asks to be paired, until an organizer has typed the code or `stop` is called. */
export function pair(on: Pairing): { stop: () => void } {
  let stopped = false;

  async function one(): Promise<void> {
    const asked = performance.now();
    const answer = await ask('/api/walls/pairing', {});
    if (stopped) return;
    const code = textIn(answer?.body, 'code');
    const secret = textIn(answer?.body, 'secret');
    if (answer?.status !== 201 || code === null || secret === null) {
      on.code(null);
      const again = answer?.status === 404 ? NOT_HERE : RETRY;
      await pause(Math.max(again, (answer?.retryAfter ?? 0) * 1000));
      return;
    }
    on.code({ code, until: asked + LASTS });
    await claim(secret, asked + LASTS);
  }

  /** Returns once the code is spent, whether or not it brought a token. */
  async function claim(secret: string, until: number): Promise<void> {
    while (!stopped && performance.now() < until) {
      await pause(POLL);
      const answer = await ask('/api/walls/pairing/claim', { secret });
      if (stopped) return;
      const token = textIn(answer?.body, 'token');
      if (answer?.status === 200 && token !== null) {
        stopped = true;
        on.paired(token);
        return;
      }
      if (answer?.retryAfter) await pause(answer.retryAfter * 1000);
      else if (answer && answer.status !== 202 && answer.status < 500) return;
    }
  }

  void (async () => {
    while (!stopped) await one();
  })();

  return {
    stop() {
      stopped = true;
    },
  };
}
