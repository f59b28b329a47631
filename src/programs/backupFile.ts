import { createHash } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { basename } from 'node:path';
import { readDocument, spellDocument } from '../engine/documents.js';
import type { LiveCopy } from '../engine/embedded/jobs.js';
import type { Change, Kind } from '../engine/engine.js';
import type { KeysCopy } from '../engine/redis/liveCopy.js';
import type { Identity } from './everything.js';

/** What a copy holds. */
export type Copy = Identity & {
  /** When it was begun, ms since the epoch. */
  madeAt: number;
  engine: 'embedded' | 'redis';
  /** The generated secret; null where it was set. */
  secret: string | null;
  changes: Change[];
  drawn: number[][];
  /** The logs, or the keys, of open NoSos, where they were asked for. */
  lives: LiveCopy[];
  keys: KeysCopy[];
  /** Logs of format 1: each had a file of its own. */
  oldLives?: OldLive[];
};

/** A database of an open NoSo, and its write-ahead log, as they lay in a folder. */
export type OldLive = { name: string; pages: Buffer; log: Buffer };

/** A file that is no copy, or not a whole one. */
export class NoCopy extends Error {}

/** Format 2: logs of open NoSos, no longer their files. */
const FORMAT = 2;

/**
 * Writes one file, its owner's alone: a JSON object a line, the last of which has a digest of all
 * before it. It is there whole, or not at all; throws `EEXIST` where there is one already.
 */
export async function writeCopy(path: string, copy: Copy): Promise<void> {
  const part = `${path}.part`;
  // Taken first, so that whoever makes one at the same time is refused.
  await (await open(path, 'wx', 0o600)).close();
  try {
    const file = await open(part, 'w', 0o600);
    const sum = createHash('sha256');
    try {
      for (const line of linesOf(copy)) {
        const text = `${JSON.stringify(line)}\n`;
        sum.update(text);
        await file.write(text);
      }
      await file.write(`${JSON.stringify({ sha256: sum.digest('hex') })}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, path);
  } catch (error) {
    await rm(part, { force: true });
    await rm(path, { force: true });
    throw error;
  }
}

function* linesOf(copy: Copy): Generator<object> {
  const { changes, drawn, lives, keys, ...first } = copy;
  yield { noso: 'backup', format: FORMAT, ...first };
  for (const { kind, id, document } of changes) {
    if (document) yield { kind, id, document: spellDocument(document) };
  }
  for (const numbers of drawn) yield { drawn: numbers };
  for (const { noso, entries, heard } of lives) {
    yield { live: noso, entries: inText(entries), heard: inText(heard) };
  }
  for (const { noso, keys: all } of keys) {
    yield {
      open: noso,
      keys: all.map(([name, until, dump]) => [name, until, dump.toString('base64')]),
    };
  }
}

/** Reads and checks the whole file. Documents of earlier versions are brought up. */
export async function readCopy(path: string): Promise<Copy> {
  const text = await readFile(path, 'utf8');
  const end = text.lastIndexOf('\n', text.length - 2) + 1;
  const sum = createHash('sha256').update(text.slice(0, end)).digest('hex');
  const [head, ...lines] = text.slice(0, end).split('\n').slice(0, -1);
  const { noso, format, ...first } = parsed(head ?? '') as Copy & {
    noso?: string;
    format?: number;
  };
  if (noso !== 'backup') throw new NoCopy(`${path} is no backup of NoSo`);
  if (format !== FORMAT && format !== 1)
    throw new NoCopy(`${path} is of format ${format}; this release knows ${FORMAT}`);
  if ((parsed(text.slice(end)) as { sha256?: string }).sha256 !== sum) {
    throw new NoCopy(`${path} is damaged, or not whole`);
  }
  const oldLives: OldLive[] = [];
  const copy: Copy = { ...first, changes: [], drawn: [], lives: [], keys: [], oldLives };
  for (const line of lines) {
    const each = JSON.parse(line) as
      | { drawn: number[] }
      | { live: string; entries: string; heard: string }
      | { live: string; pages: string; log: string }
      | {
          open: string;
          keys: [name: KeysCopy['keys'][number][0], until: number | null, dump: string][];
        }
      | { kind: Kind; id: string; document: string };
    if ('drawn' in each) copy.drawn.push(each.drawn);
    else if ('open' in each) {
      const keys = each.keys.map(([name, until, dump]): KeysCopy['keys'][number] => [
        name,
        until,
        Buffer.from(dump, 'base64'),
      ]);
      copy.keys.push({ noso: each.open, keys });
    } else if ('pages' in each) {
      const [pages, log] = [Buffer.from(each.pages, 'base64'), Buffer.from(each.log, 'base64')];
      oldLives.push({ name: basename(each.live), pages, log });
    } else if ('live' in each) {
      const heard = new Float64Array(bytesOf(each.heard).buffer);
      copy.lives.push({ noso: each.live, entries: bytesOf(each.entries), heard });
    } else {
      const { kind, id } = each;
      const document = readDocument(kind, id, each.document);
      copy.changes.push({ kind, id, revision: 0, document } as Change);
    }
  }
  return copy;
}

const inText = ({ buffer, byteOffset, byteLength }: NodeJS.ArrayBufferView): string =>
  Buffer.from(buffer, byteOffset, byteLength).toString('base64');

/** In memory of their own. */
const bytesOf = (text: string): Uint8Array<ArrayBuffer> =>
  new Uint8Array(Buffer.from(text, 'base64'));

function parsed(line: string): object {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
