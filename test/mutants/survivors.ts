import { readFile } from 'node:fs/promises';

/** Why a fault that no test sees does no harm, from SURVIVORS.md; null if nobody has said. */
export async function explained(look: {
  place: string;
  was: string;
  is: string;
}): Promise<string | null> {
  const text = await readFile('test/mutants/SURVIVORS.md', 'utf8');
  const [file] = look.place.split(':');
  for (const [, at, was, is, why] of text.matchAll(
    /^## (\S+)\n\n```\n([^\n]+)\n([^\n]+)\n```\n\n([^#]+)/gm,
  )) {
    if (at === file && was === look.was && is === look.is) return (why ?? '').trim();
  }
  return null;
}
