import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import type { DadosEstornoFalhou } from '../../../domain/modelo.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'ESTORNO_FALHOU';

const dados: DadosEstornoFalhou = {
  reservaId: detalhes.reservaId,
  pagamentoId: 'pag_7Yt2Kp4m',
  valorCentavos: '12500',
  moeda: 'BRL',
  reserva: detalhes,
};

describe('the message ESTORNO_FALHOU', () => {
  it('is the golden message when the card takes no money', () => {
    const { html, texto, anexos } = modelos.renderizar({ modelo, dados }, 'Ana Maria');
    expectGolden('estorno-falhou.html.txt', html);
    expectGolden('estorno-falhou.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names are hostile', () => {
    const hostis = { ...dados, pagamentoId: HOSTILE, reserva: { ...detalhes, espacoNome: HOSTILE } };
    const { html, texto } = modelos.renderizar({ modelo, dados: hostis }, HOSTILE_NAME);
    expectGolden('estorno-falhou-hostil.html.txt', html);
    expectGolden('estorno-falhou-hostil.txt', texto);
    expect(elements(html)).toEqual(elements(modelos.renderizar({ modelo, dados }, 'Ana').html));
  });

  it('takes back what was announced as done', () => {
    const { texto } = modelos.renderizar({ modelo, dados: { ...dados, devolvido: true } }, 'Ana');
    expect(texto).toContain('Avisamos que R$\u00a0125,00 tinham voltado para você');
  });

  it('promises nothing when the bank of the customer has the money already', () => {
    const { texto } = modelos.renderizar({ modelo, dados: { ...dados, contestado: true } }, 'Ana');
    expect(texto).toContain('o seu banco já ficou com o valor');
    expect(texto).not.toContain('nossa equipe');
  });

  it('has a subject with the amount', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Reembolso não concluído: R$\u00a0125,00');
  });
});
