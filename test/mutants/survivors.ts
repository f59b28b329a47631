import { readFile } from 'node:fs/promises';
import type { Fault } from './faults.js';

/** What a fault looks like: the place, and the line before and after. */
export type Look = { place: string; was: string; is: string };

export function lookOf(
  { from }: Pick<Fault, 'from'>,
  { file, sound, planted }: { file: string; sound: string; planted: string },
): Look {
  const line = sound.slice(0, from).split('\n').length;
  const lineOf = (text: string) => text.split('\n')[line - 1]?.trim() ?? '';
  return { place: `${file}:${line}`, was: lineOf(sound), is: lineOf(planted) };
}

/** Why a fault that no test sees does no harm, from SURVIVORS.md; null if nobody has said. */
export async function explained(look: Look): Promise<string | null> {
  const text = await readFile('test/mutants/SURVIVORS.md', 'utf8');
  const [file] = look.place.split(':');
  for (const [, at, was, is, why] of text.matchAll(
    /^## (\S+)\n\n```\n([^\n]+)\n([^\n]*)\n```\n\n([^#]+)/gm,
  )) {
    if (at === file && was === look.was && is === look.is) return (why ?? '').trim();
  }
  return null;
}
