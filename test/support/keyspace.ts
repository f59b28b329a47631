import type { Redis } from 'ioredis';

/**
 * Everything that is in a Redis, a line of JSON for each key, in an order of its own. Made with plain
 * commands, not of a version's snapshot: any Redis from 7 on takes it back.
 *
 * `until`: when it expires, in ms since the epoch. A value is text, or `{ base64 }` where it is none.
 */
type Line = { key: string; until: number | null } & (
  | { type: 'string'; value: Value }
  | { type: 'hash'; value: [field: Value, value: Value][] }
  | { type: 'list'; value: Value[] }
  | { type: 'zset'; value: [member: Value, score: string][] }
);
type Value = string | { base64: string };

/** Tells all keys. Throws on a type that nothing here would take back. */
export async function dumpKeys(redis: Redis): Promise<string> {
  const lines: Line[] = [];
  for (const key of (await redis.keys('*')).sort()) {
    const at = await redis.pexpiretime(key);
    const until = at < 0 ? null : at;
    const type = await redis.type(key);
    if (type === 'string') {
      lines.push({ key, until, type, value: spell((await redis.getBuffer(key)) as Buffer) });
    } else if (type === 'hash') {
      const all = await redis.callBuffer('HGETALL', key);
      lines.push({ key, until, type, value: pairs(all).sort(byName) });
    } else if (type === 'list') {
      const all = await redis.lrangeBuffer(key, 0, -1);
      lines.push({ key, until, type, value: all.map(spell) });
    } else if (type === 'zset') {
      const all = await redis.callBuffer('ZRANGE', key, '0', '-1', 'WITHSCORES');
      lines.push({ key, until, type, value: pairs(all) as [Value, string][] });
    } else {
      throw new Error(`${key} is a ${type}`);
    }
  }
  return lines.map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** Puts back what `dumpKeys` told. */
export async function loadKeys(redis: Redis, text: string): Promise<void> {
  for (const each of text.split('\n').filter((line) => line !== '')) {
    const line = JSON.parse(each) as Line;
    const { key, until } = line;
    if (line.type === 'string') await redis.set(key, read(line.value));
    else if (line.type === 'list') await redis.rpush(key, ...line.value.map(read));
    else if (line.type === 'hash') await redis.hset(key, ...line.value.flat().map(read));
    else await redis.zadd(key, ...line.value.flatMap(([member, at]) => [at, read(member)]));
    if (until !== null) await redis.pexpireat(key, until);
  }
}

function spell(bytes: Buffer): Value {
  const text = bytes.toString('utf8');
  const same = !bytes.includes(0) && Buffer.from(text).equals(bytes);
  return same ? text : { base64: bytes.toString('base64') };
}

const read = (value: Value): Buffer =>
  typeof value === 'string' ? Buffer.from(value) : Buffer.from(value.base64, 'base64');

/** Pairs, as Redis tells them: one after the other, or each as a list. */
function pairs(told: unknown): [Value, Value][] {
  const flat = (told as (Buffer | Buffer[])[]).flat().map(spell);
  return Array.from({ length: flat.length / 2 }, (_, k) => [
    flat[2 * k] as Value,
    flat[2 * k + 1] as Value,
  ]);
}

const byName = ([a]: [Value, Value], [b]: [Value, Value]): number =>
  JSON.stringify(a) < JSON.stringify(b) ? -1 : 1;
