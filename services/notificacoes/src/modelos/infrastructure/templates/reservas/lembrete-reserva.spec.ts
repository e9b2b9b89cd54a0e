import { describe, expect, it } from '@jest/globals';
import { expectGolden } from '../../../../../test/support/golden.ts';
import { detalhes, elements, HOSTILE, HOSTILE_NAME, remetente } from '../../../../../test/support/samples.ts';
import { createModelos } from '../../modelos.ts';

const modelos = createModelos(remetente);
const modelo = 'LEMBRETE_RESERVA';
const dados = { ...detalhes, espacoEndereco: 'Avenida São João, 439, 2º andar, São Paulo' };

describe('the message LEMBRETE_RESERVA', () => {
  it('is the golden message when the reservation is an ordinary one', () => {
    const { html, texto, anexos } = modelos.renderizar({ modelo, dados }, 'Ana Maria');
    expectGolden('lembrete-reserva.html.txt', html);
    expectGolden('lembrete-reserva.txt', texto);
    expect(anexos).toEqual([]);
  });

  it('is the golden harmless message when names are hostile', () => {
    const hostis = { ...dados, espacoNome: HOSTILE, espacoEndereco: HOSTILE };
    const { html, texto } = modelos.renderizar({ modelo, dados: hostis }, HOSTILE_NAME);
    expectGolden('lembrete-reserva-hostil.html.txt', html);
    expectGolden('lembrete-reserva-hostil.txt', texto);
    expect(elements(html)).toEqual(elements(modelos.renderizar({ modelo, dados }, 'Ana').html));
  });

  it('leaves the address out when the space has none', () => {
    const { html, texto } = modelos.renderizar({ modelo, dados: { ...dados, espacoEndereco: '' } }, 'Ana');
    expect(html + texto).not.toContain('Endereço');
  });

  it('has a subject that says so', () => {
    expect(modelos.assunto({ modelo, dados })).toBe('Lembrete: Sala Ipê, 24/11/2026 às 14:00');
  });
});
