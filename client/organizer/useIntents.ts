import { useEffect } from 'preact/hooks';
import { Problem } from './consoleApi.js';
import { every, useDesk } from './consoleDesk.js';

/** How often it is asked how many mean to come: nobody hurries. */
const POLL = 20_000;

/** Keeps how many mean to come to the next NoSos, and to the one that is shown, as of a moment ago. */
export function useIntents(shown: string | null): void {
  const { api, store } = useDesk();
  useEffect(() => {
    async function ask(): Promise<void> {
      try {
        const { nosos } = await api.nosos({ state: 'scheduled' });
        const beside = shown && !nosos.some(({ id }) => id === shown) ? shown : null;
        store.hearIntents(beside ? [...nosos, await api.noso(beside)] : nosos);
      } catch (error) {
        // What is shown stays: the line above says whether there is one.
        if (!(error instanceof Problem)) throw error;
      }
    }
    void ask();
    return every(POLL, () => void ask());
  }, [shown]);
}
