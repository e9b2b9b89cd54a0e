import type { ConfigOf } from '@plataforma/runtime/config';
import { commonFields } from '@plataforma/runtime/service-config';
import { stripeFields } from './stripe/infrastructure/stripe-config.ts';

/** What pagamentos reads from its environment. */
export const fields = { ...commonFields, ...stripeFields };

export type PagamentosConfig = ConfigOf<typeof fields>;
