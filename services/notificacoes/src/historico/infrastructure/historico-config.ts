import { type Field, integer, optional } from '@plataforma/runtime/config';

/** Several hosts may stand in it, with commas between, which no URL of the web has. */
const MONGODB = /^mongodb(?:\+srv)?:\/\/[^/?#\s]+\/[A-Za-z0-9_-]{1,38}(?:\?\S*)?$/;

export const mongodbUrl = (name: string): Field<string> => ({
  name,
  optional: false,
  fallback: undefined,
  parse(text) {
    if (!MONGODB.test(text))
      throw new Error('needs mongodb:// or mongodb+srv://, with the name of a database after the hosts');
    return text;
  },
});

/** What the room reads from the environment. */
export const historicoFields = {
  /** Where the history is copied to and read from; it is in PostgreSQL alone without. */
  mongodbUrl: optional(mongodbUrl('MONGODB_URL')),
  /** Five years, in which the law lets a customer claim. */
  historyRetentionDays: integer('HISTORY_RETENTION_DAYS', { default: 1_826, min: 366, max: 36_500 }),
};
