import { createHmac } from 'node:crypto';
import { STEP, stepAt, stepsAccepted, validUntil } from '../domain/code.js';
import { type Noso, voidedAt } from '../domain/noso.js';
import { readCode, codeOf as spellCode } from '../protocol/spelling.js';
import type { Code } from '../protocol/wire.js';
import { iso } from './instants.js';

/** How long a code shows, in seconds. */
export const STEP_SECONDS = STEP / 1000;

export type Codes = ReturnType<typeof createCodes>;

/** Codes computed to find one that has gone by: some 50 ms at most. */
const MOST_PAST = 20_000;

/** The same of one NoSo whose pass somebody shows. */
const MOST_PAST_OF_ONE = 2000;

/** Codes of links are printed beforehand. Nobody sits with one before the NoSo is open (L6). */
const isPrinted = ({ life, entry }: Noso) => life.is === 'scheduled' && entry === 'link';

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
  let index = new Map<string, { noso: string; name: string; step: number }>();
  let builtFor = '';

  const codesOf = (secret: string, noso: string) => {
    const key = createHmac('sha256', secret).update(`code:${noso}`).digest();
    return (step: number) => spellCode(createHmac('sha256', key).update(String(step)).digest());
  };
  const compute = (secret: string, of: string, step: number) => codesOf(secret, of)(step);
  /** Whose codes they are: those that showed before seats were taken back are of another. */
  const nameOf = (noso: Noso) => {
    const until = voidedAt(noso);
    return until === undefined ? noso.id : `${noso.id}/${until}`;
  };

  function refresh(now: number): void {
    const wanted = `${stepAt('code', now)}/${deps.revision()}`;
    if (wanted === builtFor) return;
    const known = new Map([...index].map(([code, of]) => [`${of.name}/${of.step}`, code]));
    index = new Map();
    for (const noso of deps.nosos()) {
      if (noso.life.is !== 'open' && !isPrinted(noso)) continue;
      const name = nameOf(noso);
      for (const step of stepsAccepted(noso.entry, now)) {
        const old = deps.secrets.length === 1 ? known.get(`${name}/${step}`) : undefined;
        for (const secret of old ? [] : deps.secrets) {
          index.set(compute(secret, name, step), { noso: noso.id, name, step });
        }
        if (old) index.set(old, { noso: noso.id, name, step });
      }
    }
    builtFor = wanted;
  }

  function codeOf(noso: Noso, now: number): Code {
    const step = stepAt(noso.entry, now);
    const code = compute(deps.secrets[0] as string, nameOf(noso), step);
    return {
      code,
      url: `${deps.publicUrl()}/j/${code}`,
      validUntil: iso(validUntil(noso.entry, step, noso.endsAt)),
    };
  }

  /** Whether it showed a code while it was open, or before that is printed; `most`: looked back. */
  function wasOf(noso: Noso, code: string, most: number, now: number): boolean {
    const { id, entry, life } = noso;
    if (life.is !== 'open' && life.is !== 'closed') return false;
    const newest = stepAt(entry, life.is === 'open' ? now : life.closedAt);
    const oldest = Math.max(stepAt(entry, life.openedAt), newest - most);
    return deps.secrets.some((secret) =>
      [...new Set([nameOf(noso), id])].some((name) => {
        const codeAt = codesOf(secret, name);
        for (let step = newest; step >= oldest; step -= 1) if (codeAt(step) === code) return true;
        return false;
      }),
    );
  }

  return {
    /** The code that walls show now; null unless the NoSo is open. */
    shown: (noso: Noso, now: number): Code | null =>
      noso.life.is === 'open' ? codeOf(noso, now) : null,
    /** The code of a link that is still to open; null for any other. */
    printed: (noso: Noso, now: number): Code | null => (isPrinted(noso) ? codeOf(noso, now) : null),
    /** The id of the NoSo that a typed or scanned code belongs to, if it shows, or is printed. */
    lookUp(typed: string, now: number): string | null {
      const code = readCode(typed);
      if (code === null) return null;
      refresh(now);
      return index.get(code)?.noso ?? null;
    },
    /** The same for a code that was shown since the opening, or lately where many NoSos are open. */
    lookUpPast(typed: string, now: number): string | null {
      const code = readCode(typed);
      if (code === null) return null;
      const open = [...deps.nosos()].filter((noso) => noso.life.is === 'open');
      const most = Math.floor(MOST_PAST / Math.max(1, open.length * deps.secrets.length));
      return open.find((noso) => wasOf(noso, code, most, now))?.id ?? null;
    },
    /** Whether a code is, or was since the opening, one of this NoSo's. */
    isOf(noso: Noso, typed: string, now: number): boolean {
      const code = readCode(typed);
      return code !== null && wasOf(noso, code, MOST_PAST_OF_ONE, now);
    },
  };
}
