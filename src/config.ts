import { isIP } from 'node:net';
import { readAddress } from './engine/redis/redisUrl.js';
import { LEVELS, type Level } from './log.js';

/** What the process was told, checked once. */
export type Config = {
  port: number;
  host: string;
  /** An origin, as browsers write it; null: derived from the first LAN address once listening. */
  publicUrl: string | null;
  tls: { cert: string; key: string } | null;
  redisUrl: string | null;
  dataDir: string;
  /** The first signs, all verify; null: generated and kept in `dataDir`. */
  secrets: string[] | null;
  /** As express understands it. */
  trustProxy: boolean | number | string | null;
  logLevel: Level;
};

/** The fewest bytes of a secret that is worth the name. */
const SECRET_BYTES = 32;

/**
 * Reads the settings. Pure: gives the whole configuration, or every fault at once, one line each.
 */
export function readConfig(
  env: Record<string, string | undefined>,
): { config: Config } | { faults: string[] } {
  const faults: string[] = [];
  const text = (name: string) => env[name]?.trim() || null;

  const port = text('PORT') ?? '3000';
  if (!/^\d+$/.test(port) || Number(port) > 65_535) {
    faults.push('PORT: must be a whole number from 0 to 65535');
  }
  const publicUrl = text('PUBLIC_URL');
  if (publicUrl !== null && !isOrigin(publicUrl)) {
    faults.push('PUBLIC_URL: must be http://host or https://host, without a path');
  }
  const cert = text('TLS_CERT');
  const key = text('TLS_KEY');
  if ((cert === null) !== (key === null)) {
    faults.push(`${cert === null ? 'TLS_CERT' : 'TLS_KEY'}: TLS needs both TLS_CERT and TLS_KEY`);
  }
  if (cert !== null && publicUrl?.startsWith('http:')) {
    faults.push('PUBLIC_URL: must be https:// where TLS_CERT is set');
  }
  const redisUrl = text('REDIS_URL');
  const redisFault = redisUrl === null ? null : faultOfRedisUrl(redisUrl);
  if (redisFault !== null) faults.push(`REDIS_URL: ${redisFault}`);
  const secrets =
    text('NOSO_SECRET')
      ?.split(',')
      .map((s) => s.trim()) ?? null;
  if (secrets?.some((s) => Buffer.byteLength(s) < SECRET_BYTES)) {
    faults.push(`NOSO_SECRET: each secret must be at least ${SECRET_BYTES} bytes long`);
  }
  if (redisUrl !== null && secrets === null) {
    faults.push('NOSO_SECRET: required with REDIS_URL, the same on every node');
  }
  const trustProxy = text('TRUST_PROXY');
  if (trustProxy !== null && !isTrust(trustProxy)) {
    faults.push(
      'TRUST_PROXY: must be true, false, a number of hops, or addresses and networks with commas between',
    );
  }
  const logLevel = LEVELS.find((each) => each === (text('LOG_LEVEL') ?? 'info'));
  if (!logLevel) faults.push(`LOG_LEVEL: must be one of ${LEVELS.join(', ')}`);
  if (faults.length > 0 || !logLevel) return { faults };
  return {
    config: {
      port: Number(port),
      host: text('HOST') ?? '0.0.0.0',
      publicUrl: publicUrl === null ? null : new URL(publicUrl).origin,
      tls: cert !== null && key !== null ? { cert, key } : null,
      redisUrl,
      dataDir: text('DATA_DIR') ?? './data',
      secrets,
      trustProxy: readTrustProxy(trustProxy),
      logLevel,
    },
  };
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  const rest = [url.username, url.password, url.search, url.hash].join('');
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && rest === '';
}

function faultOfRedisUrl(text: string): string | null {
  try {
    readAddress(text);
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Names of networks that express knows. */
const NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

function isTrust(text: string): boolean {
  if (/^(true|false|\d+)$/.test(text)) return true;
  return text.split(',').every((each) => {
    const [address = '', range, ...rest] = each.trim().split('/');
    if (NETWORKS.includes(address)) return range === undefined;
    const family = isIP(address);
    if (family === 0 || rest.length > 0) return false;
    if (range === undefined) return true;
    if (family === 4 && isIP(range) === 4) return true;
    return /^\d+$/.test(range) && Number(range) > 0 && Number(range) <= (family === 4 ? 32 : 128);
  });
}

function readTrustProxy(text: string | null): boolean | number | string | null {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return text !== null && /^\d+$/.test(text) ? Number(text) : text;
}
