import { createHmac } from 'node:crypto';
import { STEP, stepAt, stepsAccepted, validUntil } from '../domain/code.js';
import type { Noso } from '../domain/noso.js';
import { codeOf, readCode } from '../protocol/spelling.js';
import type { Code } from '../protocol/wire.js';
import { iso } from './instants.js';

/** How long a code shows, in seconds. */
export const STEP_SECONDS = STEP / 1000;

export type Codes = ReturnType<typeof createCodes>;

/** Whether a code of this NoSo means anything: before it opens, and while it is open. */
const hasCode = (noso: Noso) => noso.life.is === 'open' || noso.life.is === 'scheduled';

/**
 * The rotating codes: `HMAC(NoSo key, step)`, computed and never stored. An index from code to
 * NoSo, rebuilt as the steps go by, makes looking one up a single map read.
 */
export function createCodes(deps: {
  secrets: readonly string[];
  publicUrl: () => string;
  nosos: () => Iterable<Noso>;
  /** Changes whenever `nosos` does. */
  revision: () => number;
}) {
  let index = new Map<string, { noso: string; step: number }>();
  let builtFor = '';

  const compute = (secret: string, noso: string, step: number) => {
    const key = createHmac('sha256', secret).update(`code:${noso}`).digest();
    return codeOf(createHmac('sha256', key).update(String(step)).digest());
  };

  function refresh(now: number): void {
    const wanted = `${stepAt('code', now)}/${deps.revision()}`;
    if (wanted === builtFor) return;
    const known = new Map([...index].map(([code, of]) => [`${of.noso}/${of.step}`, code]));
    index = new Map();
    for (const noso of deps.nosos()) {
      if (!hasCode(noso)) continue;
      for (const step of stepsAccepted(noso.entry, now)) {
        const old = deps.secrets.length === 1 ? known.get(`${noso.id}/${step}`) : undefined;
        for (const secret of old ? [] : deps.secrets) {
          index.set(compute(secret, noso.id, step), { noso: noso.id, step });
        }
        if (old) index.set(old, { noso: noso.id, step });
      }
    }
    builtFor = wanted;
  }

  return {
    /** The code of the moment; null once the NoSo is over. */
    current(noso: Noso, now: number): Code | null {
      if (!hasCode(noso)) return null;
      const step = stepAt(noso.entry, now);
      const code = compute(deps.secrets[0] as string, noso.id, step);
      return {
        code,
        url: `${deps.publicUrl()}/j/${code}`,
        validUntil: iso(validUntil(noso.entry, step, noso.endsAt)),
      };
    },
    /** The id of the NoSo that a typed or scanned code belongs to, if it is accepted now. */
    lookUp(typed: string, now: number): string | null {
      const code = readCode(typed);
      if (code === null) return null;
      refresh(now);
      return index.get(code)?.noso ?? null;
    },
  };
}
