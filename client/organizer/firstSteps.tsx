import { useEffect, useState } from 'preact/hooks';
import type { Venue } from '../../src/protocol/wire.js';
import { Problem } from './consoleApi.js';
import { useDesk } from './consoleDesk.js';
import { hrefOf, NEW } from './routes.js';

/** A screen that is tied on another device shows soon. */
const AGAIN = 3_000;

/** Of a house that has never planned anything: where it is, and whether a screen hangs there. */
type Beginning = { venue: Venue | null; hung: boolean };

/**
 * Leads whoever has just installed this from the place over its screen to the first NoSo. What is done says
 * so, the next is a link; with the first NoSo it is gone, and never there again.
 */
export function FirstSteps() {
  const { w, t, address } = useDesk();
  const begun = useBeginning();
  if (!begun) return null;
  const { venue, hung } = begun;
  const steps = [
    { said: w.first.venue, done: venue?.name ?? null, href: hrefOf('venues', NEW) },
    {
      said: t(w.first.screen, { address: `${address}/wall` }),
      done: hung ? w.first.hung : null,
      href: venue && hrefOf('venues', venue.id),
    },
    { said: w.first.noso, done: null, href: venue && hrefOf('programme', NEW) },
  ];
  const next = steps.find(({ done }) => done === null);
  return (
    <section class="apart first-steps">
      <h2 class="day">{w.first.title}</h2>
      <ol class="steps">
        {steps.map((step, k) => (
          <li key={step.said} aria-current={step === next ? 'step' : undefined}>
            {step.href && step.done === null ? (
              <a href={step.href}>{`${k + 1}\u2002${step.said}`}</a>
            ) : (
              <span>{`${k + 1}\u2002${step.said}`}</span>
            )}
            {step.done !== null && <span class="said">{step.done}</span>}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Null where it is not known yet, or not a beginning any more: then nothing is asked again. */
function useBeginning(): Beginning | null {
  const { api } = useDesk();
  const [begun, set] = useState<Beginning | null>(null);
  useEffect(() => {
    let timer: number | undefined;
    let gone = false;
    const look = async () => {
      const found = await beginning(api).catch((error: unknown) => {
        if (!(error instanceof Problem)) throw error;
        return undefined; // no answer: what is shown stays, and it is asked again
      });
      if (gone) return;
      if (found !== undefined) set(found);
      if (found !== null) timer = setTimeout(look, AGAIN);
    };
    void look();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  return begun;
}

async function beginning(api: ReturnType<typeof useDesk>['api']): Promise<Beginning | null> {
  const { nosos } = await api.nosos({});
  if (nosos.length > 0) return null;
  const { venues } = await api.venues();
  const [venue = null] = venues;
  const walls = await Promise.all(venues.slice(0, 5).map(({ id }) => api.walls(id)));
  return { venue, hung: walls.some((all) => all.walls.length > 0) };
}
