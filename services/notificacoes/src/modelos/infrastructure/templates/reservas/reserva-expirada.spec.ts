import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'RESERVA_EXPIRADA';

describe('the message RESERVA_EXPIRADA', () => {
  it('is the golden message when the reservation is an ordinary one', () => {
    const { html, texto, anexos } = modelos.renderizar({ modelo, dados: detalhes }, 'Ana Maria');
    expectGolden('reserva-expirada.html.txt', html);
    expectGolden('reserva-expirada.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names are hostile', () => {
    const dados = { ...detalhes, espacoNome: HOSTILE };
    const { html, texto } = modelos.renderizar({ modelo, dados }, HOSTILE_NAME);
    expectGolden('reserva-expirada-hostil.html.txt', html);
    expectGolden('reserva-expirada-hostil.txt', texto);
    const inocente = modelos.renderizar({ modelo, dados: detalhes }, 'Ana').html;
    expect(elements(html)).toEqual(elements(inocente));
  });

  it('sends nobody back to book what the line has passed on when the hold was an offer', () => {
    const { texto } = modelos.renderizar({ modelo, dados: { ...detalhes, ofertaDaFila: true } }, 'Ana');
    expect(texto).toContain('Sua vez na fila passou.');
    expect(texto).not.toContain('faça uma nova reserva');
  });

  it('does not promise the same period at once, which whoever let it go unpaid is refused', () => {
    const { texto } = modelos.renderizar({ modelo, dados: detalhes }, 'Ana');
    expect(texto).toContain('para este mesmo horário, pode ser preciso esperar alguns minutos');
  });

  it('has a subject that says so', () => {
    expect(modelos.assunto({ modelo, dados: detalhes })).toBe(
      'Reserva expirada: Sala Ipê, 24/11/2026 às 14:00',
    );
  });
});
