import { type ConfigOf, hexKeys, url } from '@plataforma/runtime/config';

/** What the room reads from the environment. */
export const descadastroFields = {
  /** The REST API as clients see it: links in messages begin with it. */
  publicUrl: url('PUBLIC_URL', ['http', 'https'], { default: 'http://127.0.0.1:8000' }),
  /** Encrypt what links that end messages say: the first one in new ones, all of them open. */
  unsubscribeKeys: hexKeys('UNSUBSCRIBE_KEYS', { minBytes: 32 }),
};

export type DescadastroConfig = ConfigOf<typeof descadastroFields>;
