/** Which file's turn it is: in the order given, but only so many with a browser at a time. */
export type Queue = {
  /** The next that may run now; undefined: none is left, or whoever runs one may take the rest. */
  take: () => string | undefined;
  /** To be called when one that was taken has ended. */
  done: (file: string) => void;
};

/** A browser keeps a processor busy, and what is told late to another is its test's failure. */
const hasBrowser = (file: string) => /(^|[\\/])browser[\\/]/.test(file);

export function queueOf(files: readonly string[], browsers: number): Queue {
  const left = [...files];
  let running = 0;
  return {
    take() {
      const at = left.findIndex((file) => running < browsers || !hasBrowser(file));
      const [file] = at < 0 ? [] : left.splice(at, 1);
      if (file !== undefined && hasBrowser(file)) running += 1;
      return file;
    },
    done(file) {
      if (hasBrowser(file)) running -= 1;
    },
  };
}
