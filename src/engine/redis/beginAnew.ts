import { realClock } from '../../clock.js';
import { newStoreId } from './bringUp.js';
import { connect } from './connect.js';
import { catalogueKeys, keysOf } from './keys.js';
import { ANEW } from './scripts/witnessLua.js';

/**
 * Decides that a Redis that holds less than it did will do as it is (witness.ts). False where nothing
 * is missed. Throws an `Error` if Redis cannot be reached within `patience` ms.
 */
export async function beginAnew(
  url: string,
  patience: number,
  { prefix = 'noso:', onError = (_: unknown) => {} } = {},
): Promise<boolean> {
  const clients = await connect(url, realClock, onError, patience);
  try {
    const keys = catalogueKeys(keysOf(prefix));
    return (await clients.commands.eval(ANEW.lua, keys.length, ...keys, newStoreId())) === 1;
  } finally {
    clients.close();
  }
}
