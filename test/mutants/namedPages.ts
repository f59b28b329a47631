import type { NamedFault } from './named.js';

/** Faults of the pages, which browsers run. */
export const PAGES: NamedFault[] = [];
