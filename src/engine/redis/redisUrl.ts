/** What all servers are told alike. */
type Login = {
  username?: string;
  password?: string;
  tls?: Record<string, never>;
};
type Server = { host: string; port: number };

/** Where Redis is, as `REDIS_URL` says it. */
export type Address =
  | { kind: 'standalone'; options: Login & Server & { db?: number } }
  | { kind: 'cluster'; nodes: Server[]; options: Login }
  | {
      kind: 'sentinel';
      options: Login & { sentinels: Server[]; name: string };
    };

const REDIS_PORT = 6379;
const SENTINEL_PORT = 26379;

/**
 * Reads `REDIS_URL`: `redis://` or `rediss://` (user:password@host:port/db), several of them with
 * commas between (a Cluster), or `sentinel://host:port,host:port/master-name`. A `sentinel://`
 * password is the master's. Throws an `Error` that says what is wrong, without the password.
 */
export function readAddress(url: string): Address {
  const text = url.trim();
  if (text.startsWith('sentinel://')) return sentinel(text.slice('sentinel://'.length));
  const parts = text.split(',').map((part) => single(part.trim()));
  const [first] = parts;
  if (!first) throw new Error('no address of a Redis');
  if (parts.length === 1) return { kind: 'standalone', options: first };
  const nodes = parts.map((part) => ({ host: part.host, port: part.port }));
  const { host: _host, port: _port, db, ...options } = first;
  if (db) throw new Error('a Cluster has only database 0');
  return { kind: 'cluster', nodes, options };
}

function single(text: string, otherwise = REDIS_PORT): Login & Server & { db?: number } {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw new Error('not an address: redis://host:port is meant');
  }
  if (url.protocol !== 'redis:' && url.protocol !== 'rediss:') {
    throw new Error(`${url.protocol}// is not known: redis://, rediss:// or sentinel:// are`);
  }
  if (url.hostname === '') throw new Error('the host is missing: redis://host:port is meant');
  const db = url.pathname.slice(1);
  if (db && !/^\d+$/.test(db)) throw new Error('the database is a number');
  return {
    host: hostOf(url.hostname),
    port: url.port ? Number(url.port) : otherwise,
    ...(db ? { db: Number(db) } : {}),
    ...credentials(url),
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}

function sentinel(text: string): Address {
  const slash = text.lastIndexOf('/');
  const name = slash < 0 ? '' : decodeURIComponent(text.slice(slash + 1));
  if (!name) throw new Error('sentinel://host:port/master-name: the name is missing');
  const parts = text.slice(0, slash).split(',');
  const servers = parts.map((part) => single(`redis://${part.trim()}`, SENTINEL_PORT));
  const { username, password } = servers.find((server) => server.password) ?? {};
  return {
    kind: 'sentinel',
    options: {
      sentinels: servers.map(({ host, port }) => ({ host, port })),
      name,
      ...(username ? { username } : {}),
      ...(password ? { password } : {}),
    },
  };
}

/** IPv6 addresses stand in brackets in a URL. */
const hostOf = (hostname: string): string => hostname.replace(/^\[(.*)\]$/, '$1');

function credentials(url: URL): { username?: string; password?: string } {
  return {
    ...(url.username ? { username: decodeURIComponent(url.username) } : {}),
    ...(url.password ? { password: decodeURIComponent(url.password) } : {}),
  };
}
