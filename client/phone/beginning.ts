import type { PhonePage, ViewHoles } from '../../src/protocol/phonePage.js';
import { fill } from './showView.js';
import { askNoso } from './truth.js';

/**
 * What a seated phone says of the silence: when it begins, or that there is nothing to do. At the
 * hour the text changes only if somebody looks at it; nothing wakes the page (S6).
 */
export function createBeginning(
  { noso, startsAt }: Pick<PhonePage, 'noso' | 'startsAt'>,
  { now, hour, lit }: { now: () => number; hour: (at: number) => string; lit: () => boolean },
) {
  let at = startsAt;
  let timer = 0;

  const gathers = () => now() < at;
  const holes = (): ViewHoles =>
    gathers() ? { begins: hour(at), silent: '' } : { begins: '', silent: 'yes' };

  function show(): void {
    clearTimeout(timer);
    fill(holes());
    if (gathers()) timer = window.setTimeout(() => lit() && fill(holes()), at - now());
  }

  return {
    holes,
    show,
    /** An organizer may have moved the hour, as long as people arrive. */
    async ask(seated: boolean): Promise<void> {
      if (!seated || !gathers()) return;
      const found = await askNoso(noso);
      if (found) at = Date.parse(found.startsAt);
    },
  };
}
