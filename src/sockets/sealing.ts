import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { ControlMessage, Sealed } from './io.js';

const CIPHER = 'aes-256-gcm';
const IV = 12;
const TAG = 16;

export type Sealing = ReturnType<typeof createSealing>;

/**
 * What nodes tell each other, so that nobody who reads along learns who left (L4): a channel is not
 * stored, but slow logs and whoever subscribes see it. The last secret seals, so that nodes amidst a
 * rotation agree; all of them open.
 */
export function createSealing(secrets: readonly string[]) {
  const keys = secrets.map((secret) => createHmac('sha256', secret).update('control').digest());
  const last = keys.at(-1);
  if (!last) throw new Error('a secret is needed');

  function openWith(key: Buffer, bytes: Buffer): ControlMessage | null {
    const iv = bytes.subarray(0, IV);
    try {
      const cipher = createDecipheriv(CIPHER, key, iv, { authTagLength: TAG });
      cipher.setAuthTag(bytes.subarray(IV, IV + TAG));
      const text = Buffer.concat([cipher.update(bytes.subarray(IV + TAG)), cipher.final()]);
      return JSON.parse(text.toString()) as ControlMessage;
    } catch {
      return null; // sealed with another key, which is the answer
    }
  }

  return {
    seal(message: ControlMessage): Sealed {
      const iv = randomBytes(IV);
      const cipher = createCipheriv(CIPHER, last, iv, { authTagLength: TAG });
      const text = Buffer.concat([cipher.update(JSON.stringify(message)), cipher.final()]);
      return { sealed: Buffer.concat([iv, cipher.getAuthTag(), text]).toString('base64') };
    },
    /** Null for what no node of ours has sealed. */
    open({ sealed }: Sealed): ControlMessage | null {
      if (typeof sealed !== 'string') return null;
      const bytes = Buffer.from(sealed, 'base64');
      for (const key of keys) {
        const message = openWith(key, bytes);
        if (message) return message;
      }
      return null;
    },
  };
}
