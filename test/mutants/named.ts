// Faults with a name: what once went unseen, or would break a promise in silence.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ANSWERS } from './namedAnswers.js';
import { FORMS } from './namedForms.js';
import { FRAMES } from './namedFrames.js';
import { KEYS } from './namedKeys.js';
import { LINES } from './namedLines.js';
import { PAGES } from './namedPages.js';
import { PHONES } from './namedPhones.js';
import { RULES } from './namedRules.js';
import { SEATS } from './namedSeats.js';
import { SECRETS } from './namedSecrets.js';
import { SERVER } from './namedServer.js';
import { TOLD } from './namedTold.js';
import { WIRING } from './namedWiring.js';
import type { Change } from './planting.js';
import type { NamedFault } from './slip.js';

export type { NamedFault } from './slip.js';

export const NAMED: readonly NamedFault[] = [
  ...RULES,
  ...KEYS,
  ...SECRETS,
  ...SEATS,
  ...TOLD,
  ...SERVER,
  ...PAGES,
  ...FRAMES,
  ...LINES,
  ...ANSWERS,
  ...FORMS,
  ...PHONES,
  ...WIRING,
];

/** What its edits make of the sources. Throws where a text is not there, or not once. */
export async function changesOf({ name, edits }: NamedFault): Promise<Change[]> {
  const changes = new Map<string, Change>();
  for (const { at, was, is } of edits) {
    const places: [file: string, count: number][] = [];
    for (const file of await filesAt(at)) {
      const planted = changes.get(file)?.planted ?? (await readFile(file, 'utf8'));
      const count = planted.split(was).length - 1;
      if (count > 0) places.push([file, count]);
    }
    const [[file, count] = ['', 0]] = places;
    if (places.length !== 1 || count !== 1) {
      throw new Error(`${name}: ${was} is not there once, at ${at}`);
    }
    const sound = changes.get(file)?.sound ?? (await readFile(file, 'utf8'));
    const before = changes.get(file)?.planted ?? sound;
    changes.set(file, { file, sound, planted: before.replace(was, () => is) });
  }
  return [...changes.values()];
}

async function filesAt(at: string): Promise<string[]> {
  if (!at.endsWith('/')) return [at];
  const names = await readdir(at, { recursive: true });
  return names.filter((name) => /\.tsx?$/.test(name)).map((name) => join(at, name));
}
