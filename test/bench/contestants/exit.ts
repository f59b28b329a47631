const works = new Set<() => void>();

/**
 * Has `work`, which must be synchronous, done if this process exits before the returned function is
 * called: a bench that is interrupted leaves no server and no folder behind.
 */
export function onExit(work: () => void): () => void {
  if (works.size === 0) process.once('exit', leave);
  works.add(work);
  return () => {
    works.delete(work);
    if (works.size === 0) process.removeListener('exit', leave);
  };
}

function leave(): void {
  for (const work of works) work();
}
