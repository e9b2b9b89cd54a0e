import { describe, expect, it } from '@jest/globals';
import type { Solicitante } from '../../contas/domain/solicitante.ts';
import { comDetalhe, historicoPara, type PassoComAutor } from './historico.ts';

const RESERVA = { clienteId: 'cli_dona', espacoId: 'esp_1' };
const EM = new Date('2027-03-01T12:00:00Z');

function passo(quem: string, mudancas: Partial<PassoComAutor> = {}): PassoComAutor {
  return {
    ...{ quem, evento: 'ReservaCancelada', porque: `texto de ${quem}`, em: EM, versao: 1 },
    ...{ de: undefined, para: 'CANCELADA', eraAdmin: false, geriaEspaco: false },
    ...mudancas,
  };
}

const PASSOS = [
  passo('cli_dona'),
  passo('cli_gestora', { geriaEspaco: true }),
  passo('cli_admin', { eraAdmin: true }),
  passo('cli_ambas', { eraAdmin: true, geriaEspaco: true }),
  passo('servico:pagamentos'),
];

describe('the history of a reservation', () => {
  it('tells its customer in which part somebody acted, not who of the staff and what they wrote', () => {
    const visto = historicoPara(PASSOS, RESERVA, { id: 'cli_dona', admin: false });
    expect(visto.map(({ papel, quem, porque }) => [papel, quem, porque])).toEqual([
      ['CLIENTE', 'cli_dona', 'texto de cli_dona'],
      ['GESTOR', '', ''],
      ['ADMIN', '', ''],
      ['ADMIN', '', ''],
      ['SISTEMA', 'servico:pagamentos', 'texto de servico:pagamentos'],
    ]);
  });

  it('keeps codes of the payment provider from the customer: they may speak of a suspicion', () => {
    const recusada = passo('servico:pagamentos', { porque: comDetalhe('cartão recusado', 'stolen_card') });
    const lido = (solicitante: Solicitante) =>
      historicoPara([recusada], RESERVA, solicitante).map(({ porque }) => porque);
    expect(lido({ id: 'cli_dona', admin: false })).toEqual(['cartão recusado']);
    expect(lido({ id: 'cli_admin', admin: true })).toEqual(['cartão recusado: stolen_card']);
  });

  it.each([
    ['an administrator', { id: 'cli_admin', admin: true }],
    ['who runs the space', { id: 'cli_gestora', admin: false, geridos: new Set(['esp_1']) }],
  ])('tells %s everything', (_, solicitante) => {
    const visto = historicoPara(PASSOS, RESERVA, solicitante);
    expect(visto.map(({ quem }) => quem)).toEqual(PASSOS.map(({ quem }) => quem));
    expect(visto.map(({ porque }) => porque)).toEqual(PASSOS.map(({ porque }) => porque));
    expect(visto.map(({ papel }) => papel)).toEqual(['CLIENTE', 'GESTOR', 'ADMIN', 'ADMIN', 'SISTEMA']);
  });

  it('is that of a customer for who runs another space', () => {
    const solicitante = { id: 'cli_dona', admin: false, geridos: new Set(['esp_2']) };
    expect(historicoPara(PASSOS, RESERVA, solicitante)[1]).toMatchObject({
      papel: 'GESTOR',
      quem: '',
      porque: '',
    });
  });
});
