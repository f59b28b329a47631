/**
 * What of the server is read from disk when somebody first asks for it, and not at its start: most are
 * never asked, and what is loaded is held for good. Nothing that people who come, leave or look wait for
 * may be in here.
 */
export const later = {
  openapi: async (languages: readonly string[]): Promise<object> =>
    (await import('./openapi.js')).openapi(languages),
  asyncapi: async (): Promise<object> => (await import('./asyncapi.js')).asyncapi(),
};
