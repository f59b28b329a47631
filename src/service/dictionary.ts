import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Words } from './words.js';

/** The words of every language there is a file for, by language. */
export async function readWords(folder: string): Promise<Map<string, Words>> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.json')).sort();
  const words = new Map<string, Words>();
  for (const file of files) {
    const text = await readFile(join(folder, file), 'utf8');
    words.set(basename(file, '.json'), JSON.parse(text) as Words);
  }
  return words;
}

/** The language that `Accept-Language` asks for most, among those there are; else English. */
export function preferred(languages: readonly string[], header: string | undefined): string {
  const asked = (header ?? '')
    .split(',')
    .map((part) => {
      const [tag = '', ...params] = part.trim().toLowerCase().split(';');
      const q = params.map((p) => /^\s*q=([\d.]+)$/.exec(p)?.[1]).find((x) => x !== undefined);
      return { tag, q: q === undefined ? 1 : Number(q) };
    })
    .filter(({ tag, q }) => tag !== '' && q > 0)
    .sort((a, b) => b.q - a.q);
  for (const { tag } of asked) {
    const found = languages.find((each) => tag === each || tag.startsWith(`${each}-`));
    if (found) return found;
  }
  return languages.includes('en') ? 'en' : (languages[0] as string);
}
