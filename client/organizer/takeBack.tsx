import { useState } from 'preact/hooks';
import type { Noso } from '../../src/protocol/wire.js';
import { Act } from './asking.js';
import { usePolled } from './attempt.js';
import { Problem } from './consoleApi.js';
import { type Desk, useDesk } from './consoleDesk.js';
import { hourIn } from './model/zoneTime.js';

const BACK = 5 * 60_000;
const POLL = 5_000;

type Props = { noso: Noso; attempt(work: () => Promise<unknown>): Promise<unknown> };

/**
 * Gives back the seats that phones took in the last minutes: somebody filled the room from afar. What
 * the count would lose stands on the button, and is asked about before.
 */
export function TakeBack({ noso, attempt }: Props) {
  const desk = useDesk();
  const { w, t, api, store, figure } = desk;
  const since = () => Math.max(store.now() - BACK, Date.parse(noso.openedAt ?? noso.startsAt));
  const from = (at: number) => new Date(at).toISOString();
  const [freed, setFreed] = useState<number | null>(null);
  const { known, refresh } = usePolled(POLL, () => api.wouldTakeBack(noso.id, from(since())));
  const [asked, ask] = useState<{ since: number; n: number | null } | null>(null);
  const would = known?.value.freed ?? null;
  const now = asked ?? { since: since(), n: would };
  /** What is asked about is what is done, however long the answer takes; how many, as of now. */
  const question = async (is: boolean) => {
    const about = { since: since(), n: would };
    ask(is ? about : null);
    if (!is) return;
    const { freed } = await api.wouldTakeBack(noso.id, from(about.since)).catch(unknown);
    ask((still) => (still?.since === about.since ? { ...about, n: freed } : still));
  };
  return (
    <>
      <Act
        label={w.act.takeBack}
        value={would === null ? '' : t(w.act.seatsOf, { n: would, figure: figure(would) })}
        question={questionOf(desk, noso, now)}
        asked={(is) => void question(is)}
        act={() =>
          attempt(async () => {
            ask(null);
            setFreed((await api.takeBack(noso.id, from(now.since))).freed);
            await refresh();
          })
        }
      />
      <p class="about hours" role="status">
        {freed !== null && t(w.act.tookBack, { n: freed, figure: figure(freed) })}
      </p>
    </>
  );
}

/** A refusal, or no answer. */
function unknown(error: unknown): { freed: null } {
  if (error instanceof Problem) return { freed: null };
  throw error;
}

function questionOf(
  { w, t, store, figure }: Desk,
  noso: Noso,
  { since, n }: { since: number; n: number | null },
): string {
  const hour = hourIn(noso.venue, since);
  const count = store.countLink(noso.id).live ? noso.count : null;
  if (n === null || count === null) return t(w.act.takeBackBlind, { hour });
  if (n === 0) return t(w.act.takeBackNone, { hour });
  const left = Math.max(0, count - n);
  return t(w.act.takeBackQuestion, { n, figure: figure(n), hour, left: figure(left) });
}
