import { ask, pause, textIn } from './ask.js';

/** Milliseconds. */
const POLL = 2000;
const RETRY = 5000;
const NOT_HERE = 60_000;

export type Pairing = {
  /** A code to show, or null while there is none: the server does not pair, or does not answer. */
  code: (code: string | null) => void;
  paired: (token: string) => void;
};

/** Asks to be paired, until an organizer has typed the code or `stop` is called. */
export function pair(on: Pairing): { stop: () => void } {
  let stopped = false;

  async function one(): Promise<void> {
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
    on.code(code);
    await claim(secret);
  }

  /** Returns once the code is spent, whether or not it brought a token. */
  async function claim(secret: string): Promise<void> {
    while (!stopped) {
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
