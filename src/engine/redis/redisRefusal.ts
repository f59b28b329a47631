/**
 * Redis is there and will not do, however long one waits: how it was named, or who it was told that
 * we are, is wrong. One line, without the password.
 */
export class RedisRefusal extends Error {
  override readonly name = 'RedisRefusal';
  constructor(
    /** Redis' own first word, or the system's. */
    readonly word: string,
    message: string,
  ) {
    super(message);
  }
}

/** What Redis says when it will not have us. */
const REFUSALS: readonly [says: RegExp, means: string][] = [
  [/^(WRONGPASS|ERR invalid password)/, 'Redis refuses this user or password'],
  [/^NOAUTH/, 'Redis asks for a password'],
  [/^NOPERM/, 'this user of Redis may not do what is needed: all commands, keys and channels'],
  [/^ERR (DB index is out of range|invalid DB index)/, 'Redis has no such database'],
  [/^ERR SELECT is not allowed in cluster mode/, 'a Cluster has only database 0'],
];
/** What Node says of a certificate that nobody here vouches for. */
const UNTRUSTED =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_\w+|CERT_\w+|ERR_TLS_CERT_ALTNAME_INVALID)$/;

/** The refusal that an error is, or null where it may pass by itself. */
export function refusalIn(error: unknown): RedisRefusal | null {
  if (!(error instanceof Error)) return null;
  if (error instanceof RedisRefusal) return error;
  // A Cluster's client hangs what a node said on its own error.
  if ('lastNodeError' in error && error.lastNodeError) return refusalIn(error.lastNodeError);
  const [word = ''] = error.message.split(' ', 1);
  const means = REFUSALS.find(([says]) => says.test(error.message))?.[1];
  if (means && word === 'ERR') return new RedisRefusal('SELECT', means);
  if (means) return new RedisRefusal(word, `${means} (${word})`);
  const code = 'code' in error ? String(error.code) : '';
  return UNTRUSTED.test(code)
    ? new RedisRefusal(code, `Redis’ certificate is not trusted: ${error.message} (${code})`)
    : null;
}
