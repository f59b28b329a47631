import { useEffect, useRef, useState } from 'preact/hooks';
import type { Code, Noso } from '../../src/protocol/wire.js';
import { Problem } from './consoleApi.js';
import { every, useDesk } from './consoleDesk.js';
import { CopyButton } from './givenOnce.js';

/** A code shows for 15 s and is accepted for 60 s from its first showing (contract). */
const SHOWS = 15_000;
const ACCEPTED = 60_000;
/** Before asking again where there was no answer. */
const PAUSE = 4_000;
/** And where the answer was a code that is no longer shown. */
const MOMENT = 1_000;
/** There is none, and asking will not bring one. */
const FINAL = ['not_open', 'conflict', 'not_found'];

/**
 * The code of the moment, asked for when the one before is due to go; null while there is none.
 * Whoever asks about another NoSo, or the same in another state, bears another `key`.
 */
function useCode(noso: Noso, turns: boolean) {
  const { store, api } = useDesk();
  const [held, hold] = useState<Code | null>(null);
  const [refused, refuse] = useState(false);
  const until = held ? Date.parse(held.validUntil) - (turns ? ACCEPTED - SHOWS : 0) : 0;
  const shown = held && store.now() < until ? held : null;
  const asking = useRef(false);
  const notBefore = useRef(0);

  async function ask(): Promise<void> {
    if (asking.current || Date.now() < notBefore.current) return;
    asking.current = true;
    try {
      hold(await api.code(noso.id));
      notBefore.current = Date.now() + MOMENT;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      notBefore.current = Date.now() + PAUSE;
      refuse(FINAL.includes(error.code));
    } finally {
      asking.current = false;
    }
  }
  // A code that stays says another address once the server has one.
  const moved = store.notes().find(({ cause }) => cause === 'MOVED')?.url;
  useEffect(() => hold(null), [moved]);
  useEffect(() => {
    if (shown || refused) return;
    void ask();
    return every(MOMENT, () => void ask());
  }, [shown, refused]);
  return { shown, refused, left: until - store.now() };
}

/** The code that the walls show now, and how long they will. Only codes still shown are shown here. */
export function CodeNow({ noso }: { noso: Noso }) {
  const { w, t } = useDesk();
  const turns = noso.entry === 'code';
  const { shown, refused, left } = useCode(noso, turns);
  const seconds = Math.max(1, Math.ceil(left / 1000));
  if (!shown) {
    return (
      <div class="code-now">
        <p class="note">{refused ? w.code.atOpening : w.code.waiting}</p>
      </div>
    );
  }
  return (
    <div class="code-now">
      <p class="code">{shown.code}</p>
      <p class="note">{turns ? t(w.code.next, { n: seconds }) : w.code.same}</p>
      {!turns && <CopyButton label={w.code.copy} value={shown.url} />}
    </div>
  );
}
