import { createHash } from 'node:crypto';

/** A script as it is sent: by its hash, and in full to a Redis that does not know it yet. */
export type Script = { name: string; lua: string; sha: string };

export const script = (name: string, lua: string): Script => ({
  name,
  lua,
  sha: createHash('sha1').update(lua).digest('hex'),
});
