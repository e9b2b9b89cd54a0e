import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { secoesDaConta } from '../../../../services/auth/src/exportacoes/infrastructure/dados-da-conta.ts';
import { secoesDeNotificacoes } from '../../../../services/notificacoes/src/dados-pessoais/infrastructure/secoes.ts';
import { secoesDePagamentos } from '../../../../services/pagamentos/src/dados-pessoais/infrastructure/secoes.ts';
import { secoesDeReservas } from '../../../../services/reservas/src/dados-pessoais/infrastructure/secoes.ts';

const PAGE = readFileSync(
  join(import.meta.dirname, '../../../..', 'docs/business-rules/exportacao.md'),
  'utf8',
);

const nothing = { query: async () => [] as never };

it('the page about exported data has every section of the archive, in its order, and no other', () => {
  const documented = [...PAGE.matchAll(/^\| `(\w+\.\w+)` \|/gm)].map(([, nome]) => nome);
  const secoes = [
    ...secoesDaConta(nothing, { abertas: async () => [] }),
    ...secoesDeNotificacoes(nothing),
    ...secoesDePagamentos(nothing),
    ...secoesDeReservas(nothing),
  ];
  expect(documented).toEqual(secoes.map(({ nome }) => nome));
});
