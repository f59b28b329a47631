import { type RedisRefusal, refusalIn } from './redisRefusal.js';

/**
 * What Redis, a Cluster's client or the system says where nothing can be stored for now, and the one
 * word for it that the log knows (F8). All of it may pass by itself.
 */
const PASSING: readonly [says: RegExp, word: string][] = [
  [/^(OOM|READONLY|MISCONF|NOREPLICAS|LOADING|BUSY|CLUSTERDOWN)\b/, '$1'],
  [/^ERR max number of clients/, 'MAXCLIENTS'],
  [/\b(EMFILE|ENFILE)\b/, 'EMFILE'],
];
/** How a Cluster's client says what a server answered until it gave up asking. */
const LAST = /^Too many Cluster redirections\. Last error: \w+: /;

/** The word for what is in the way, and more than the word says where Redis will not have us; else null. */
export function troubleIn(error: unknown): string | null {
  if (!(error instanceof Error)) return null;
  if ('lastNodeError' in error && error.lastNodeError) return troubleIn(error.lastNodeError);
  const said = error.message.replace(LAST, '');
  for (const [says, word] of PASSING) {
    const found = says.exec(said);
    if (found) return word === '$1' ? (found[1] as string) : word;
  }
  const refusal = refusalIn(error);
  return refusal && spelled(refusal);
}

/** A refusal that comes while it serves: a password that was changed, a certificate that ran out. */
function spelled({ word, message }: RedisRefusal): string {
  if (/^(WRONGPASS|NOAUTH)$/.test(word)) return `NOPERM: ${message}`;
  return /^[A-Z_]*CERT|^UNABLE_TO_/.test(word) ? `CERT: ${message}` : `${word}: ${message}`;
}
