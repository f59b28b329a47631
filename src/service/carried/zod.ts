/**
 * Of zod, what we use. It is carried: the package's own entry loads forty languages, and twice as much
 * code as this, which a process would hold for good. What is not named here is not there.
 */
export type { core, infer, ZodType } from 'zod';
export {
  array,
  boolean,
  enum,
  int,
  iso,
  literal,
  number,
  object,
  registry,
  strictObject,
  string,
  toJSONSchema,
  union,
  unknown,
} from 'zod';
