/** What the process was told, checked once. */
export type Config = {
  port: number;
  host: string;
  /** Without a trailing slash; null: derived from the first LAN address once listening. */
  publicUrl: string | null;
  tls: { cert: string; key: string } | null;
  redisUrl: string | null;
  dataDir: string;
  /** The first signs, all verify; null: generated and kept in `dataDir`. */
  secrets: string[] | null;
  /** As express understands it. */
  trustProxy: boolean | number | string | null;
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

  const port = Number(text('PORT') ?? 3000);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
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
  if (redisUrl !== null && !isRedisUrl(redisUrl)) {
    faults.push(
      'REDIS_URL: must be redis://…, rediss://…, several of them comma-separated (a Cluster), or sentinel://host:port,…/master-name',
    );
  }
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
  if (faults.length > 0) return { faults };
  return {
    config: {
      port,
      host: text('HOST') ?? '0.0.0.0',
      publicUrl: publicUrl?.replace(/\/$/, '') ?? null,
      tls: cert !== null && key !== null ? { cert, key } : null,
      redisUrl,
      dataDir: text('DATA_DIR') ?? './data',
      secrets,
      trustProxy: readTrustProxy(text('TRUST_PROXY')),
    },
  };
}

function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash;
}

function isRedisUrl(text: string): boolean {
  if (text.startsWith('sentinel://')) return /^sentinel:\/\/[^/]+\/[^/]+$/.test(text);
  return text
    .split(',')
    .every((each) => /^rediss?:\/\//.test(each.trim()) && URL.canParse(each.trim()));
}

function readTrustProxy(text: string | null): boolean | number | string | null {
  if (text === 'true') return true;
  if (text === 'false') return false;
  return text !== null && /^\d+$/.test(text) ? Number(text) : text;
}
