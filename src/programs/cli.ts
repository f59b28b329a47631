// npm run --silent token -- organizer   an owner's bearer token, valid 12 h
// npm run --silent link                 a sign-in link for an owner: once, 15 min
//
// Both need the secret and nothing else: they work beside a running server and store nothing.

import { readConfig } from '../config.js';
import { newId } from '../service/identity.js';
import { createTokens } from '../service/tokens.js';
import { addressOf } from './publicAddress.js';
import { readSecrets } from './secret.js';

const USAGE = 'usage: npm run --silent token -- organizer | npm run --silent link';

async function main(args: string[]): Promise<void> {
  const read = readConfig(process.env);
  if ('faults' in read) throw new Usage(read.faults.join('\n'), 78);
  const { config } = read;
  const secrets = await readSecrets(config.secrets, config.dataDir);
  const tokens = createTokens(secrets, Date.now);
  const [what, role] = args;
  if (what === 'token' && role === 'organizer') process.stdout.write(`${tokens.owner()}\n`);
  else if (what === 'link') {
    process.stdout.write(`${addressOf(config)}/organize#${tokens.link(newId())}\n`);
  } else throw new Usage(USAGE, 64);
}

class Usage extends Error {
  constructor(
    message: string,
    readonly code: number,
  ) {
    super(message);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = error instanceof Usage ? error.code : 1;
});
