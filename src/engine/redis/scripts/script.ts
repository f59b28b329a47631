import { createHash } from 'node:crypto';

/** A script as it is sent: by its hash, and in full to a Redis that does not know it yet. */
export type Script = {
  name: string;
  lua: string;
  sha: string;
  /** It is of an open NoSo, and told the time by whoever runs it (hourLua.ts). */
  live: boolean;
};

/** What a script that is told the time does first, and no other does: takes it from its arguments. */
export const TOLD_LAST = 'table.remove(ARGV)';

export const script = (name: string, lua: string): Script => ({
  name,
  lua,
  sha: createHash('sha1').update(lua).digest('hex'),
  live: lua.includes(TOLD_LAST),
});
