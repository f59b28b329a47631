// What the peers share: who may come in, and where they listen. Each is a process of its own.
import { createSecretKey } from 'node:crypto';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import jwt from 'jsonwebtoken';

const CLAIMS = { algorithms: ['HS256' as const], issuer: 'bench' };

/** Who a token speaks for: a phone with its number, or a wall. Throws on a token that is not ours. */
export function newVerifier(secret: string): (token: unknown) => { number: string; wall: boolean } {
  const key = createSecretKey(Buffer.from(secret));
  return (token) => {
    const claims = jwt.verify(String(token), key, CLAIMS);
    if (typeof claims === 'string' || typeof claims.sub !== 'string') throw new Error('no subject');
    return { number: claims.sub, wall: claims.aud === 'wall' };
  };
}

/** A token as `newVerifier` wants it. */
export function newMinter(secret: string): (subject: string, audience: 'phone' | 'wall') => string {
  const key = createSecretKey(Buffer.from(secret));
  return (subject, audience) =>
    jwt.sign({}, key, { algorithm: 'HS256', issuer: 'bench', audience, subject, expiresIn: '1h' });
}

/** Leading edge at once, then at most every `ms`, the last one always. */
export function throttled(ms: number, work: () => void): () => void {
  let timer: NodeJS.Timeout | null = null;
  let again = false;
  const tick = () => {
    timer = null;
    if (again) run();
  };
  const run = () => {
    again = false;
    work();
    timer = setTimeout(tick, ms);
  };
  return () => {
    if (timer === null) run();
    else again = true;
  };
}

/** Listens on the port that the bench chose, and says so. */
export function serve(server: Server): void {
  server.listen(Number(process.env.PORT), '127.0.0.1', () => {
    console.log(`listening on ${(server.address() as AddressInfo).port}`);
  });
  process.once('SIGTERM', () => process.exit());
}

export const SECRET = process.env.SECRET ?? '';
