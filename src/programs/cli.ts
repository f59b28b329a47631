// npm run --silent token -- organizer   an owner's bearer token, valid 12 h
// npm run --silent link                 a sign-in link for an owner: once, 15 min; needs the server's secret
//
// Both need the secret and nothing else: they work beside a running server and store nothing.

import { readConfig } from '../config.js';
import { newId } from '../service/identity.js';
import { createTokens } from '../service/tokens.js';
import { addressOf } from './publicAddress.js';
import { readSecrets } from './secret.js';
import { BAD_CONFIG, startFault } from './startFault.js';

const USAGE = 'usage: npm run --silent token -- organizer | npm run --silent link';

async function main(args: string[]): Promise<void> {
  const read = readConfig(process.env);
  if ('faults' in read) throw new Usage(read.faults.join('\n'), BAD_CONFIG);
  const { config } = read;
  const [what, role] = args;
  const link = what === 'link';
  if (!link && !(what === 'token' && role === 'organizer')) throw new Usage(USAGE, 64);
  // A token may be made before the first start; a link is for a server that is there.
  const made = await readSecrets(config.secrets, config.dataDir, { make: !link }).catch(
    (error: unknown) => {
      const fault = startFault(error, config);
      throw fault ? new Usage(fault, BAD_CONFIG) : error;
    },
  );
  const tokens = createTokens(made, Date.now);
  const said = link ? `${addressOf(config)}/organize#${tokens.link(newId())}` : tokens.owner();
  process.stdout.write(`${said}\n`);
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
