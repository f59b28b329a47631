import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import Negotiator from 'negotiator';
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
  const asked = new Negotiator({ headers: header ? { 'accept-language': header } : {} });
  const found = header ? asked.language([...languages]) : undefined;
  return found ?? (languages.includes('en') ? 'en' : (languages[0] as string));
}
