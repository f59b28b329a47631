import { build, type Plugin } from 'esbuild';

/** Stands in for the library: `io` is whatever the test left in `globalThis.fakeIo`. */
const noLibrary: Plugin = {
  name: 'no library',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^socket\.io-client$/ }, ({ path }) => ({ path, namespace: 'none' }));
    onLoad({ filter: /.*/, namespace: 'none' }, () => ({
      contents: 'export const io = (...all) => globalThis.fakeIo(...all);',
    }));
  },
};

/**
 * A part of a page as it stands in its source, by itself and in this process: what it needs of a
 * browser, the test has put where a browser has it.
 */
export async function clientModule<T>(entry: string): Promise<T> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    ...{ bundle: true, write: false, format: 'esm', target: 'node20', charset: 'utf8' },
    plugins: [noLibrary],
  });
  const code = Buffer.from(outputFiles[0]?.contents ?? '').toString('base64');
  return (await import(`data:text/javascript;base64,${code}`)) as T;
}

/** Has `globals` stand where a browser has them, while `work` is done. */
export async function inBrowser(
  globals: Record<string, unknown>,
  work: () => Promise<void>,
): Promise<void> {
  const before = Object.keys(globals).map(
    (name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)] as const,
  );
  for (const [name, value] of Object.entries(globals))
    Object.defineProperty(globalThis, name, { value, configurable: true, writable: true });
  try {
    await work();
  } finally {
    for (const [name, was] of before) {
      if (was) Object.defineProperty(globalThis, name, was);
      else Reflect.deleteProperty(globalThis, name);
    }
  }
}
