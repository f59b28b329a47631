import { randomBytes } from 'node:crypto';
import { type Calls, Later } from './calls.js';
import { catalogueKeys, type Keys } from './keys.js';
import { RedisRefusal } from './redisRefusal.js';
import { BRING_UP } from './scripts/catalogueLua.js';
import type { Witness } from './witness.js';

/** A name for a store, of which there is no other. */
export const newStoreId = (): string => randomBytes(12).toString('hex');

/**
 * Ahead of everything else that a node does: takes the steps that the store lacks, and learns which
 * store it is. Throws a `RedisRefusal` that names what a later version keeps, which is left as it is (U1),
 * and where the store holds less than it did, which somebody is to decide about (witness.ts).
 */
export async function bringUp(parts: {
  calls: Calls;
  keys: Keys;
  witness: Witness;
}): Promise<void> {
  const { calls, keys, witness } = parts;
  try {
    const reply = await calls.run(BRING_UP, catalogueKeys(keys), [newStoreId()]);
    if (reply.text(0) === 'lost') {
      throw new RedisRefusal(
        'LOST',
        `Redis holds less than it did (${keys.state}): put it back, or decide: npm run anew (noso anew)`,
      );
    }
    witness.know(reply.text(1));
  } catch (error) {
    throw error instanceof Later ? new RedisRefusal('LATER', error.what) : error;
  }
}
