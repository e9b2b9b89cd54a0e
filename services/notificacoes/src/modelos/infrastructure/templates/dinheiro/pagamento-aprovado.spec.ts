import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosPagamentoAprovado } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'PAGAMENTO_APROVADO';

const dados: DadosPagamentoAprovado = {
  reservaId: detalhes.reservaId,
  pagamentoId: 'pag_7Yt2Kp4m',
  valorCentavos: '25000',
  moeda: 'BRL',
  reserva: detalhes,
};

const renderizar = (mudanca: Partial<DadosPagamentoAprovado> = {}, nome = 'Ana Maria') =>
  modelos.renderizar({ modelo, dados: { ...dados, ...mudanca } }, nome);

describe('the message PAGAMENTO_APROVADO', () => {
  it('is the golden message', () => {
    const { html, texto, anexos } = renderizar();
    expectGolden('pagamento-aprovado.html.txt', html);
    expectGolden('pagamento-aprovado.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names and addresses are hostile', () => {
    const { html, texto } = renderizar({ reserva: { ...detalhes, espacoNome: HOSTILE } }, HOSTILE_NAME);
    expectGolden('pagamento-aprovado-hostil.html.txt', html);
    expectGolden('pagamento-aprovado-hostil.txt', texto);
    const semEndereco = (partes: string[]) => partes.filter((parte) => !parte.startsWith('<a '));
    expect(semEndereco(elements(html))).toEqual(semEndereco(elements(renderizar().html)));
  });

  it('promises no reservation, and says that all goes back without one', () => {
    const { texto } = renderizar();
    expect(texto).toContain('A confirmação da reserva está demorando');
    expect(texto).toContain('devolvemos o valor inteiro');
  });

  it('has a subject that says so', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Pagamento recebido: R$\u00a0250,00');
  });
});
