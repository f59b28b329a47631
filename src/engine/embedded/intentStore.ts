/** Who means to come, in memory as it is on disk: digests, by NoSo. */
export type Intents = {
  any(noso: string): boolean;
  count(noso: string): number;
  has(noso: string, digest: string): boolean;
  all(noso: string): string[];
  /** What is on disk by now. */
  note(noso: string, digest: string, will: boolean): void;
  forget(noso: string): void;
};

export function createIntents(rows: readonly [noso: string, digest: string][]): Intents {
  const all = new Map<string, Set<string>>();
  const of = (noso: string): Set<string> => {
    const known = all.get(noso) ?? new Set();
    all.set(noso, known);
    return known;
  };
  for (const [noso, digest] of rows) of(noso).add(digest);
  return {
    any: (noso) => all.has(noso),
    count: (noso) => all.get(noso)?.size ?? 0,
    has: (noso, digest) => all.get(noso)?.has(digest) ?? false,
    all: (noso) => [...(all.get(noso) ?? [])].sort(),
    note(noso, digest, will) {
      if (will) of(noso).add(digest);
      else all.get(noso)?.delete(digest);
    },
    forget: (noso) => void all.delete(noso),
  };
}
