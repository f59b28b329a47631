import { KEPT, type KeptName } from '../../domain/kept.js';
import { LONGEST } from '../../domain/noso.js';
import type { Rationed } from '../../domain/ration.js';
import type { Kind } from '../engine.js';

/**
 * Every key that NoSo writes into Redis, and how long it lives. All keys of one NoSo share the hash
 * tag `{id}`, so that in a Cluster they are on one shard and one script sees them all.
 *
 * | key | type | holds | until |
 * | --- | --- | --- | --- |
 * | `{noso}:state` | hash | the NoSo as it is while open, its tally, epoch, seq and the version of its keys; no number | close; then a grave (one field) for 20 s |
 * | `{noso}:minutes` | list | the record's counts, one a minute; no number | close |
 * | `{noso}:seats` | hash | number → `sitting:since` | close, or a day and 60 s after endsAt if nobody ever comes to close |
 * | `{noso}:seen` | sorted set | number by when its phone was last heard (finite pocket only) | as above |
 * | `{noso}:marks` | hash | number → `sitting:at:why`, of those who left | as above |
 * | `{noso}:forms` | hash | keyed digest of an entry pass → the number it was used for (version 1: of a form's id) | as above |
 * | `{noso}:log` | list | `at+number` or `at-number`, the last two minutes, at least 50,000 entries | as above |
 * | `{noso}:nodes` | hash | node → when it was last there, and the epoch that it has put right; no number | as above |
 * | `{noso}:ways`, `{noso}:tries` | hash | how often a code was exchanged, and a return code tried without a pass, by pieces of time; no number | 16 s; 62 s |
 * | `{noso}:bell` | channel | nothing: it rings, at most 16 times a second | |
 * | `{catalogue}:documents` | hash | `kind:id` → `version:document` | deleted by an organizer (the id stays a week at most) |
 * | `{catalogue}:changes` | sorted set | `kind:id` by revision | as above |
 * | `{catalogue}:open` | hash | venue → the NoSo that is open there (L2) | close |
 * | `{catalogue}:revision` | string | the last revision given out | for ever |
 * | `{catalogue}:beats` | hash | wall → when it was last sent a beat | the wall is removed |
 * | `{catalogue}:state` | hash | the versions of what is kept (layouts.ts); its own id (witness.ts); the replication id and epoch by which a loss of data shows | for ever |
 * | `{catalogue}:rewrite` | hash | when a rewrite of Redis' files was wanted, and last asked | for ever |
 * | `{catalogue}:drawn` | string | how many numbers were ever drawn | for ever (A4) |
 * | `{catalogue}:drawn:<chunk>` | bitmap | which of 65,536 numbers were drawn, tied to nothing | for ever (A4) |
 * | `{catalogue}:intents:<NoSo>` | set | keyed digests of numbers that mean to come to a scheduled NoSo | it opens, is cancelled or deleted; a day after endsAt if nobody ever comes to close |
 * | `{catalogue}:intended:<NoSo>` | hash | the same digests, and when each was last put back after a loss | as above, a minute at most |
 * | `{catalogue}:spent:<id>` | string | a single-use id | the id itself would have expired |
 * | `{catalogue}:reserved:<id>` | string | who holds it; both are digests, or a wall's id; `installation`: the id that cookies' names bear | 10 minutes; of marks and the installation for ever |
 */
export function keysOf(prefix: string) {
  const catalogue = `${prefix}{catalogue}:`;
  return {
    noso: (id: string): NosoKeys => {
      const own = `${prefix}{${id}}:`;
      return {
        state: `${own}state`,
        seats: `${own}seats`,
        seen: `${own}seen`,
        marks: `${own}marks`,
        passes: `${own}forms`,
        log: `${own}log`,
        minutes: `${own}minutes`,
        bell: `${own}bell`,
        nodes: `${own}nodes`,
      };
    },
    rationed: (noso: string, what: Rationed) => `${prefix}{${noso}}:${what}`,
    documents: `${catalogue}documents`,
    changes: `${catalogue}changes`,
    open: `${catalogue}open`,
    revision: `${catalogue}revision`,
    beats: `${catalogue}beats`,
    state: `${catalogue}state`,
    rewrite: `${catalogue}rewrite`,
    drawn: `${catalogue}drawn`,
    drawnChunk: (chunk: number) => `${catalogue}drawn:${chunk}`,
    intents: (noso: string) => `${catalogue}intents:${noso}`,
    intended: (noso: string) => `${catalogue}intended:${noso}`,
    spent: (id: string) => `${catalogue}spent:${id}`,
    reserved: (id: string) => `${catalogue}reserved:${id}`,
  };
}

export type NosoKeys = {
  state: string;
  seats: string;
  seen: string;
  marks: string;
  passes: string;
  log: string;
  minutes: string;
  bell: string;
  nodes: string;
};
export type Keys = ReturnType<typeof keysOf>;

/** What each key holds, in the words of the table that /privacy is made from (A5). */
export const KEPT_IN = {
  state: 'presence',
  minutes: 'presence',
  seats: 'presence',
  seen: 'presence',
  marks: 'presence',
  forms: 'presence',
  log: 'presence',
  nodes: 'presence',
  ways: 'rations',
  tries: 'rations',
  documents: 'plans',
  changes: 'plans',
  open: 'plans',
  revision: 'plans',
  beats: 'plans',
  rewrite: 'plans',
  drawn: 'drawn',
  intents: 'intents',
  intended: 'intents',
  spent: 'links',
  reserved: 'pairings',
} as const satisfies Record<string, KeptName>;

/** The order in which every script of an open NoSo is given its keys. */
export const liveKeys = (k: NosoKeys): string[] => [
  k.state,
  k.seats,
  k.seen,
  k.marks,
  k.passes,
  k.log,
  k.minutes,
  k.bell,
  k.nodes,
];

/** The order in which every script of the catalogue is given its keys. */
export const catalogueKeys = (k: Keys): string[] => [
  k.documents,
  k.changes,
  k.revision,
  k.open,
  k.beats,
  k.state,
];

/** Numbers whose bits share a key: 8 KiB at most. */
export const CHUNK = 65_536;
export const chunkOf = (number: number): number => Math.floor(number / CHUNK);
export const bitOf = (number: number): number => number % CHUNK;

/** A closed NoSo's numbers are gone within this. */
export const KEPT_AFTER_END = KEPT.presence.until.within;
/**
 * As long as nobody comes to close it, a NoSo's numbers go this long after its end: they are counted
 * by Redis' clock alone, and no clock that is set by hours is to take everybody's seat (L7). Whatever
 * node starts first closes it, and then they are gone at once.
 */
export const KEPT_UNCLOSED = LONGEST + KEPT_AFTER_END;
/** A grave keeps a closed NoSo from being founded again by a node that read it as open. */
export const GRAVE = KEPT_AFTER_END / 3;
/** How often deleted documents' ids are looked through, in ms. */
export const SWEEP_EVERY = 3_600_000;
/** How long one is remembered, so that mirrors hear of it; a sweep may be late by as much again. */
export const GONE = KEPT.deleted.until.within - 2 * SWEEP_EVERY;

export const fieldOf = (kind: Kind, id: string): string => `${kind}:${id}`;
export function readField(field: string): { kind: Kind; id: string } {
  const at = field.indexOf(':');
  return { kind: field.slice(0, at) as Kind, id: field.slice(at + 1) };
}
