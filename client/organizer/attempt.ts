import { useEffect, useState } from 'preact/hooks';
import { Problem } from './consoleApi.js';
import { every, useDesk } from './consoleDesk.js';
import { inWords } from './inWords.js';

/**
 * Carries things out, and has the words for what went wrong with the last. `attempt` resolves with
 * whether it was done; what is no `Problem` is a fault of this page: said, and thrown on.
 */
export function useAttempt() {
  const desk = useDesk();
  const [trouble, say] = useState('');

  async function attempt(work: () => Promise<unknown>): Promise<boolean> {
    say('');
    try {
      await work();
      return true;
    } catch (error) {
      say(inWords(desk, error));
      if (!(error instanceof Problem)) throw error;
      // What came of it is unknown, or the NoSo has moved on: look how it stands.
      if (error.noso) desk.store.put(error.noso);
      return false;
    }
  }
  return { trouble, attempt };
}

/**
 * Asks now and every `ms`, and keeps the last answer with its hour by this machine's clock (the
 * server's may be learnt a moment later). A refusal changes nothing: the next poll is near, and
 * what is shown says how old it is. Whoever asks about something else bears another `key`.
 */
export function usePolled<T>(ms: number, ask: () => Promise<T>) {
  const [known, setKnown] = useState<{ value: T; at: number } | null>(null);

  async function refresh(): Promise<void> {
    try {
      const value = await ask();
      setKnown({ value, at: Date.now() });
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
    }
  }
  useEffect(() => {
    void refresh();
    return every(ms, () => void refresh());
  }, []);
  return { known, refresh };
}
