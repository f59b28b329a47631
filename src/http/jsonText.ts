import { Refusal } from '../domain/errors.js';

/**
 * What a JSON text says. `JSON.parse` takes the last of keys that stand twice, and others the first:
 * here they are `bad_request`, as is what is no JSON.
 */
export function readOnce(text: string): unknown {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new Refusal('bad_request', 'the body must be a JSON object');
  }
  const twice = keyTwice(text);
  if (twice === null) return value;
  throw new Refusal('bad_request', `${twice}: stands twice`, undefined, { field: twice });
}

/** Strings and signs of structure; whatever lies between is of no matter here. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],:]/g;

/** A key that stands twice in one object of a valid JSON text, or null. */
function keyTwice(text: string): string | null {
  /** The keys of each object that is open; null for a list. */
  const open: (Set<string> | null)[] = [];
  let last = '';
  for (const [token] of text.matchAll(TOKENS)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(null);
    else if (token === '}' || token === ']') open.pop();
    else if (token === ':') {
      const keys = open.at(-1);
      const key = JSON.parse(last) as string;
      if (keys?.has(key)) return key.slice(0, 60);
      keys?.add(key);
    } else if (token !== ',') last = token;
  }
  return null;
}
