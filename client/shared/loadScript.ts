/**
 * Loads a script of ours that the page can stand without, until it is here: then `found` finds what
 * it left. Null where it cannot be had; whoever asks again has it tried again.
 */
export function loadScript<T>(src: string, found: () => T | undefined): () => Promise<T | null> {
  let loading: Promise<T | null> | null = null;
  return () => {
    loading ??= new Promise((resolve) => {
      const script = document.createElement('script');
      const done = () => {
        const left = found();
        if (left === undefined) {
          loading = null;
          script.remove();
        }
        resolve(left ?? null);
      };
      script.onload = done;
      script.onerror = done;
      script.src = src;
      document.head.append(script);
    });
    return loading;
  };
}
