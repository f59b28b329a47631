#!/usr/bin/env node
// What `noso` means on a command line: the programs of this folder by their names.
import { readFile } from 'node:fs/promises';

const USAGE = `usage: noso [command]

  start              serves; what is set, and how, is in the README
  link               prints a sign-in link for an owner: good once, for 15 minutes
  token organizer    prints an owner's bearer token, good for 12 hours
  migrate --to redis | embedded
                     moves what is kept from DATA_DIR to REDIS_URL, or back
  backup FILE        one file with everything that is kept, also beside a running server
  restore FILE       puts it into an empty DATA_DIR, or an empty Redis
  anew               goes on with what a Redis holds that came back with less than it held
  demo               the same server with one live NoSo and simulated phones

  --version, --help
`;

/** `EX_USAGE` of sysexits.h. */
const BAD_USAGE = 64;

const PROGRAMS = new Map([
  ['start', './main.js'],
  ['link', './cli.js'],
  ['token', './cli.js'],
  ['migrate', './migrate.js'],
  ['backup', './backup.js'],
  ['restore', './restore.js'],
  ['anew', './anew.js'],
  ['demo', './demo/demo.js'],
]);

async function main([command = 'start']: string[]): Promise<void> {
  if (command === '--help') process.stdout.write(USAGE);
  else if (command === '--version') {
    const manifest = await readFile(new URL('../../../package.json', import.meta.url), 'utf8');
    process.stdout.write(`${(JSON.parse(manifest) as { version: string }).version}\n`);
  } else {
    const file = PROGRAMS.get(command);
    if (!file) {
      process.stderr.write(USAGE);
      process.exitCode = BAD_USAGE;
      return;
    }
    // A map for each line costs a server memory; what runs once may say where it failed to the line.
    if (command !== 'start') process.setSourceMapsEnabled(true);
    // A program finds its own arguments where it would if it had been started by itself.
    if (file !== './cli.js') process.argv.splice(2, 1);
    await import(file);
  }
}

await main(process.argv.slice(2));
