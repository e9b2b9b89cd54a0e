import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { API_VERSION } from '../../../../services/pagamentos/src/stripe/infrastructure/client.ts';
import { TIPOS } from '../../../../services/pagamentos/src/stripe/infrastructure/webhook-facts.ts';
import { STRIPE_EVENTS } from '../stack/stripe-events.ts';

const PAGE = readFileSync(
  join(import.meta.dirname, '../../../../docs/architecture/configuration.md'),
  'utf8',
);
const [, SECTION = ''] = PAGE.split(/^### The endpoint at Stripe$|^## notificacoes$/m);

describe('the endpoint at Stripe', () => {
  it('is described with every event that pagamentos understands, and no other', () => {
    const rows = [...SECTION.matchAll(/^\| (`.+?`) \| /gm)].map(([, events = '']) => events);
    const documented = rows.flatMap((events) => events.split(', ')).map((name) => name.replaceAll('`', ''));
    expect(documented.sort()).toEqual([...TIPOS].sort());
  });

  it('is described with the version of the API that pagamentos reads', () => {
    expect(SECTION).toContain(`\`${API_VERSION}\``);
  });

  it('gets the same of the local stand-in', () => {
    expect(STRIPE_EVENTS.toSorted()).toEqual([...TIPOS].sort());
  });
});
