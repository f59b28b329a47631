// npm run backup -- FILE     one file with what is in DATA_DIR, or in the Redis at REDIS_URL
//
//   --with-numbers           also while a NoSo is open, whose numbers are then in the copy
//
// Works beside a running server, and without one. Else it refuses while a NoSo is open: erasing its
// numbers at the close would not reach a copy (L4). What is not forgotten yet of a NoSo that closed is
// waited for.
import './quiet.js';
import { readConfig } from '../config.js';
import { writeCopy } from './backupFile.js';
import { copyOf } from './copying.js';
import { Refused } from './refused.js';

const USAGE = 'usage: npm run backup -- FILE [--with-numbers]';

async function main(args: string[]): Promise<void> {
  const withNumbers = args.includes('--with-numbers');
  const [path, ...rest] = args.filter((arg) => arg !== '--with-numbers');
  if (path === undefined || path.startsWith('-') || rest.length > 0) throw new Refused(USAGE);
  const config = readConfig(process.env);
  if ('faults' in config) throw new Refused(config.faults.join('\n'), 78);
  const copy = await copyOf(config.config, withNumbers);
  await writeCopy(path, copy).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') throw new Refused(`${path} is there already`, 1);
    if (error.code === 'ENOENT') throw new Refused(`${path}: there is no such folder`, 1);
    throw error;
  });
  const drawn = copy.drawn.reduce((sum, piece) => sum + piece.length, 0);
  process.stdout.write(`${path}: ${copy.changes.length} documents, ${drawn} drawn numbers\n`);
  process.stdout.write(
    copy.secret === null
      ? 'The secret is not in it: NOSO_SECRET has to be kept as well.\n'
      : 'The secret that signs everything is in it: guard it like DATA_DIR.\n',
  );
}

main(process.argv.slice(2)).catch((error: unknown) => {
  const gone = (error as NodeJS.ErrnoException).code === 'ENOENT';
  const message = gone ? 'DATA_DIR: there is nothing to back up' : (error as Error).message;
  process.stderr.write(`${message}\n`);
  process.exitCode = error instanceof Refused ? error.code : 1;
});
