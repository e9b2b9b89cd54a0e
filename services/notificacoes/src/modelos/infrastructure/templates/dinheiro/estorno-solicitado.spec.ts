import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosEstornoSolicitado } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'ESTORNO_SOLICITADO';

const dados: DadosEstornoSolicitado = {
  reservaId: detalhes.reservaId,
  pagamentoId: 'pag_7Yt2Kp4m',
  valorCentavos: '25000',
  moeda: 'BRL',
  porque: 'PEDIDO',
  reserva: detalhes,
};

const renderizar = (mudanca: Partial<DadosEstornoSolicitado> = {}, nome = 'Ana Maria') =>
  modelos.renderizar({ modelo, dados: { ...dados, ...mudanca } }, nome);

describe('the message ESTORNO_SOLICITADO', () => {
  it('is the golden message', () => {
    const { html, texto, anexos } = renderizar();
    expectGolden('estorno-solicitado.html.txt', html);
    expectGolden('estorno-solicitado.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names and addresses are hostile', () => {
    const { html, texto } = renderizar({ reserva: { ...detalhes, espacoNome: HOSTILE } }, HOSTILE_NAME);
    expectGolden('estorno-solicitado-hostil.html.txt', html);
    expectGolden('estorno-solicitado-hostil.txt', texto);
    const semEndereco = (partes: string[]) => partes.filter((parte) => !parte.startsWith('<a '));
    expect(semEndereco(elements(html))).toEqual(semEndereco(elements(renderizar().html)));
  });

  it('names both ways when a part comes back as credit', () => {
    const { texto } = renderizar({ creditosCentavos: '5000' });
    expect(texto).toContain('Reembolso como crédito: R$\u00a050,00\nReembolso no cartão: R$\u00a0200,00\n');
  });

  it.each([
    ['NAO_APROVEITADO', 'a reserva não pôde ser confirmada'],
    ['EXCEDENTE', 'O cartão foi cobrado a mais'],
  ] as const)('says why when it is %s', (porque, frase) => {
    expect(renderizar({ porque }).texto).toContain(frase);
  });

  it('has a subject that says so', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Reembolso a caminho: R$\u00a0250,00');
  });
});
