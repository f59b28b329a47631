import type { Noso } from '../../../src/protocol/wire.js';

/** One heading and what stands under it. */
export type Group = { key: string; heading: string; nosos: Noso[] };

/** Letters without their marks and case: "Genève" is found by "geneve". */
const folded = (text: string): string =>
  text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();

/** Whether all that was typed stands somewhere in its title, its venue or its city. */
export function isFound({ title, venue }: Noso, typed: string): boolean {
  const text = folded(`${title} ${venue.name} ${venue.city}`);
  return folded(typed)
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** What of these groups is found; a day without any goes. */
export function foundIn(groups: readonly Group[], typed: string): Group[] {
  return groups
    .map((group) => ({ ...group, nosos: group.nosos.filter((noso) => isFound(noso, typed)) }))
    .filter(({ nosos }) => nosos.length > 0);
}
