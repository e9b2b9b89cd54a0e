import { describe, expect, it } from '@jest/globals';
import { importersIn, matching, readPackage } from './packages.ts';

const ROOT = new URL('../../../../../', import.meta.url).pathname;

describe('a package', () => {
  const own = readPackage(ROOT, 'services/pagamentos');

  it('has the sources that guard something, and the specs that are quick enough', () => {
    expect(own.sources).toContain('services/pagamentos/src/stripe/infrastructure/stripe-gateway.ts');
    expect(own.specs).toContain('services/pagamentos/test/webhooks/webhook.int.spec.ts');
    for (const wrong of ['/main.ts', '/migrations/', '.spec.ts']) {
      expect(own.sources.filter((file) => file.includes(wrong))).toEqual([]);
    }
    expect(own.specs.filter((file) => file.includes('.proof.'))).toEqual([]);
  });

  it('finds sources by the end of their path and by a glob', () => {
    expect(matching(own, 'stripe-gateway.ts')).toEqual([
      'services/pagamentos/src/stripe/infrastructure/stripe-gateway.ts',
    ]);
    expect(matching(own, 'pagamento/domain/**')).toContain(
      'services/pagamentos/src/pagamento/domain/pagamento.ts',
    );
    expect(matching(own, 'gateway.ts')).toEqual([]);
  });

  it('knows who imports a source', () => {
    expect(importersIn(ROOT, own.sources)('services/pagamentos/src/pagamento/domain/pagamento.ts')).toContain(
      'services/pagamentos/src/cobrancas/domain/cobranca.ts',
    );
  });
});
