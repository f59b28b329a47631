/** A deep copy that is of the same classes as what it is of; `structuredClone` forgets them. */
export function copyOf<T>(value: T): T {
  const copy = structuredClone(value);
  adopt(copy, value);
  return copy;
}

function adopt(copy: unknown, like: unknown): void {
  if (typeof like !== 'object' || like === null || ArrayBuffer.isView(like)) return;
  Object.setPrototypeOf(copy, Object.getPrototypeOf(like));
  const from = copy as Record<string, unknown>;
  for (const [key, value] of Object.entries(like)) adopt(from[key], value);
}
