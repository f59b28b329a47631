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
  /** Who may show a wall in a frame, as CSP writes it; null: nobody. */
  frameAncestors: string | null;
  /** Who may read the metrics from elsewhere; null: nobody. */
  metricsToken: string | null;
  /** Who is responsible for this server; `contact` is an address to follow. */
  operator: { name: string | null; contact: string | null };
  /** The name of an open Wi-Fi that leads here, for posters; null: people are on some network already. */
  wifi: string | null;
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
  // Brackets are how addresses spell it; what listens wants none.
  const host = text('HOST')?.replace(/^\[(.*)\]$/, '$1') ?? '0.0.0.0';
  const publicUrl = text('PUBLIC_URL');
  if (publicUrl !== null && !isOrigin(publicUrl)) {
    faults.push('PUBLIC_URL: must be http://host or https://host, without a path');
  }
  if (publicUrl === null && host.includes('%')) {
    faults.push('PUBLIC_URL: required where HOST is an address of one link, which no code can say');
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
  const frameAncestors = text('FRAME_ANCESTORS');
  if (frameAncestors !== null && !areAncestors(frameAncestors)) {
    faults.push(
      "FRAME_ANCESTORS: must be as CSP writes it: *, or 'self' and addresses such as https://signage.example",
    );
  }
  const metricsToken = text('METRICS_TOKEN');
  if (metricsToken !== null && !/^[\x21-\x7e]+$/.test(metricsToken)) {
    faults.push('METRICS_TOKEN: must be one word of ASCII letters, digits and signs');
  }
  const operator = text('OPERATOR');
  if (operator !== null && /\p{Cc}/u.test(operator)) faults.push('OPERATOR: must be one line');
  const contact = text('OPERATOR_CONTACT');
  const reach = contact === null ? null : readContact(contact);
  if (contact !== null && reach === null) {
    faults.push(
      'OPERATOR_CONTACT: must be an e-mail address, or begin with https:, mailto: or tel:',
    );
  }
  const wifi = text('WIFI');
  if (wifi !== null && (Buffer.byteLength(wifi) > 32 || /\p{Cc}/u.test(wifi))) {
    faults.push('WIFI: must be the name of an open Wi-Fi, of 32 bytes at most');
  }
  const logLevel = LEVELS.find((each) => each === (text('LOG_LEVEL') ?? 'info'));
  if (!logLevel) faults.push(`LOG_LEVEL: must be one of ${LEVELS.join(', ')}`);
  if (faults.length > 0 || !logLevel) return { faults };
  return {
    config: {
      port: Number(port),
      host,
      publicUrl: publicUrl === null ? null : new URL(publicUrl).origin,
      tls: cert !== null && key !== null ? { cert, key } : null,
      redisUrl,
      dataDir: text('DATA_DIR') ?? './data',
      secrets,
      trustProxy: readTrustProxy(trustProxy),
      frameAncestors,
      metricsToken,
      operator: { name: operator, contact: reach },
      wifi,
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

/** A source of CSP: a scheme, or an address without a path, with a star for what stands before. */
const ANCESTOR =
  /^('self'|'none'|[a-z][a-z\d+.-]*:|([a-z][a-z\d+.-]*:\/\/)?(\*|(\*\.)?[\w-]+(\.[\w-]+)*|\[[\da-f:]+\])(:(\d+|\*))?)$/i;

const areAncestors = (text: string): boolean =>
  // Without its quotes, self is a host by that name, which nobody means.
  text.split(/\s+/).every((each) => ANCESTOR.test(each) && !/^(self|none)$/i.test(each));

/** An address to follow: an e-mail address becomes `mailto:`; null for what is none. */
function readContact(text: string): string | null {
  if (/\s/.test(text)) return null;
  if (/^[^@:/]+@[^@:/]+$/.test(text)) return `mailto:${text}`;
  const known = URL.canParse(text) && /^(https?|mailto|tel):$/.test(new URL(text).protocol);
  return known ? text : null;
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
