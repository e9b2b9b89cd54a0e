import type { MigrationClass } from '@plataforma/runtime/postgres';
import { Pagamentos1764000000001 } from './pagamentos-1764000000001.ts';
import { WebhooksStripe1764000000002 } from './webhooks-stripe-1764000000002.ts';

/** In the order they run, after those of the runtime. */
export const migrations: readonly MigrationClass[] = [Pagamentos1764000000001, WebhooksStripe1764000000002];
