import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosPagamentoRecusado } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'PAGAMENTO_RECUSADO';

const dados: DadosPagamentoRecusado = {
  ...detalhes,
  expiraEm: '2026-11-20T13:15:00.000Z',
  checkoutUrl: 'https://checkout.exemplo.com/c/pay/cs_1?a=1&b=2#x',
};

const renderizar = (mudanca: Partial<DadosPagamentoRecusado> = {}, nome = 'Ana Maria') =>
  modelos.renderizar({ modelo, dados: { ...dados, ...mudanca } }, nome);

describe('the message PAGAMENTO_RECUSADO', () => {
  it('is the golden message when the customer can try another card', () => {
    const { html, texto, anexos } = renderizar();
    expectGolden('pagamento-recusado.html.txt', html);
    expectGolden('pagamento-recusado.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names and addresses are hostile', () => {
    const checkoutUrl = 'https://exemplo.com/"><script>alert(1)</script>\r\nBcc: x';
    const { html, texto } = renderizar({ espacoNome: HOSTILE, checkoutUrl }, HOSTILE_NAME);
    expectGolden('pagamento-recusado-hostil.html.txt', html);
    expectGolden('pagamento-recusado-hostil.txt', texto);
    const semEndereco = (partes: string[]) => partes.filter((parte) => !parte.startsWith('<a '));
    expect(semEndereco(elements(html))).toEqual(semEndereco(elements(renderizar().html)));
  });

  it('says until when, in the zone of the space', () => {
    expect(renderizar({ fusoHorario: 'America/Manaus' }).texto).toContain(
      'tente outro cartão até 09:15 (horário de Manaus).',
    );
  });

  it.each(['', 'javascript:alert(1)', 'data:text/html,x', 'nada'])(
    'has no link when the address is %j',
    (url) => {
      const { html, texto } = renderizar({ checkoutUrl: url });
      expect(html).not.toContain('<a ');
      expect(texto).not.toContain('Tentar outro cartão');
    },
  );

  it('has a subject that says so', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Pagamento recusado: Sala Ipê, 24/11/2026 às 14:00');
  });
});
