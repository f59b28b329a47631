import type { Documents, Kind } from './engine.js';
import { CATALOGUE, laterVersion, type Step, type Stored, versionOf } from './layouts.js';
import { SHAPES } from './shapes.js';

/** What is stored cannot be taken for a document: it names which, and why. */
export class Unreadable extends Error {
  override readonly name = 'Unreadable';
}

/** A document as it is stored: JSON, which says under `v` by which version it was written. */
export const spellDocument = <K extends Kind>(document: Documents[K]): string =>
  JSON.stringify({ v: versionOf(CATALOGUE), ...document });

/**
 * The document that `text` spells, whatever version wrote it. Nothing that is stored is trusted
 * unseen: throws `Unreadable` where it is no document of this kind, or of a later version.
 */
export function readDocument<K extends Kind>(
  kind: K,
  id: string,
  text: string,
  steps: readonly Step[] = CATALOGUE,
): Documents[K] {
  const { v = 1, ...written } = parsed(`${kind} ${id}`, text);
  const known = versionOf(steps);
  if (typeof v !== 'number' || v < 1) throw new Unreadable(`${kind} ${id}: of no version`);
  if (v > known) throw new Unreadable(laterVersion(`${kind} ${id}`, v, known));
  const document = steps
    .slice(v - 1)
    .reduce((before, step) => step.documents?.[kind]?.(before) ?? before, written);
  const fault = SHAPES[kind](document, '');
  if (fault) throw new Unreadable(`${kind} ${id}: ${fault}`);
  return document as Documents[K];
}

function parsed(what: string, text: string): Stored {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return { ...value };
  } catch {
    // What the parser says would quote what is kept.
    throw new Unreadable(`${what}: not JSON`);
  }
  throw new Unreadable(`${what}: not an object`);
}
