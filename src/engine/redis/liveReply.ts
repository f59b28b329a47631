import type { Reply } from './calls.js';

/** What every script of an open NoSo answers first, and how many that are. */
export const HEADER = 5;
export const epochOf = (reply: Reply): number => reply.number(1);
export const seqOf = (reply: Reply): number => reply.number(2);
export const nowOf = (reply: Reply): number => reply.number(3);
export const openedAtOf = (reply: Reply): number => reply.number(4);
