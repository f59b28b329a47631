import { count, failure, maybe, ms, noso, text } from './answers.js';
import * as z from './carried/zod.js';

/** What is sent over Socket.IO besides what is answered over HTTP too, by the names in the documents. */
export const FRAMES = {
  Closed: z.object({
    noso: text,
    reason: z.enum(['closed', 'cancelled', 'left', 'lapsed', 'voided', 'elsewhere']),
  }),
  Count: z.object({ epoch: count, seq: count, count, serverTime: ms }),
  Numbers: z.object({
    epoch: count,
    from: count,
    seq: count,
    seated: z.array(text),
    gone: z.array(text),
  }),
  Identify: z.object({ until: ms }),
  Programme: z.object({ nosos: z.array(noso), serverTime: ms }),
  OperatorNotes: z.object({ notes: z.array(z.object({ cause: text, url: maybe })) }),
  ConsoleCount: z.object({
    ...{ noso: text, epoch: count, seq: count, count, peak: count },
    strained: z.literal(true).exactOptional(),
  }),
  DoorCount: z.object({
    noso: text,
    epoch: count,
    seq: count,
    count,
    capacity: count.nullable(),
    here: count,
  }),
  DoorClosed: z.object({ noso: text, reason: z.enum(['closed', 'revoked']) }),
  Done: z.object({ ok: z.literal(true) }),
  Failure: failure,
};
