import { describe, expect, it } from '@jest/globals';
import { IdRepetidoError } from '@plataforma/domain/id';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import type { FilaDeNotificacoes, RegistroHistorico } from '../../mensagens/application/ports.ts';
import type { OutroCanal } from '../../mensagens/domain/canais.ts';
import type { NovaNotificacao } from '../../mensagens/domain/notificacao.ts';
import type { DadosReservaConfirmada } from '../../modelos/domain/modelo.ts';
import { desconhecida } from '../domain/reserva-acompanhada.ts';
import type { Transacao } from './ports.ts';
import { RegistrarFatoHandler } from './registrar-fato.ts';

const dados: DadosReservaConfirmada = {
  reservaId: 'res_1',
  pagamentoId: 'pag_1',
  espacoNome: 'Sala',
  espacoEndereco: '',
  inicio: '2026-11-24T17:00:00.000Z',
  fim: '2026-11-24T19:00:00.000Z',
  fusoHorario: 'UTC',
  valorCentavos: '1',
  moeda: 'BRL',
  confirmadaEm: '2026-11-20T12:34:56.000Z',
};

/** The service with a memory for a database, in which these identities belong to other messages. */
function cenario(ocupados: readonly string[], ligados: readonly OutroCanal[] = []) {
  const inseridas: NovaNotificacao[] = [];
  const registros: RegistroHistorico[] = [];
  const fila: Pick<FilaDeNotificacoes, 'add' | 'existe' | 'retirar'> = {
    async add(notificacao) {
      if (ocupados.includes(notificacao.id)) throw new IdRepetidoError(notificacao.id);
      inseridas.push(notificacao);
      return true;
    },
    existe: async () => false,
    retirar: async () => [],
  };
  const reservas = { abrir: async () => desconhecida('res_1'), save: async () => undefined };
  const historico = { registrar: async (...novos: RegistroHistorico[]) => void registros.push(...novos) };
  const canais = { ligados: async () => ligados };
  const tx = { fila, historico, reservas, canais } as unknown as Transacao;
  const registrar = new RegistrarFatoHandler({
    ids: new SequentialIds(),
    clock: new FixedClock('2026-11-20T13:00:00Z'),
    modelos: {
      em() {
        throw new Error('no subject is written here');
      },
    },
    uow: {
      runOnce: async (
        _consumidor: string,
        _mensagemId: string,
        work: (tx: Transacao) => Promise<unknown>,
      ) => {
        await work(tx);
        return true;
      },
    },
  });
  const executar = () =>
    registrar.execute({
      consumidor: 'teste',
      mensagemId: 'evento',
      clienteId: 'cli_1',
      reservaId: 'res_1',
      fato: { tipo: 'CONFIRMADA', versao: 2, dados },
    });
  return { executar, inseridas, registros };
}

describe('RegistrarFatoHandler', () => {
  it('takes the next identity when Redis gave out one that is taken', async () => {
    const { executar, inseridas, registros } = cenario(['not_00000001', 'not_00000002']);
    await executar();
    expect(inseridas.map(({ id }) => id)).toEqual(['not_00000003', 'not_00000004']);
    expect(registros.map(({ notificacaoId, tipo }) => [notificacaoId, tipo])).toEqual([
      ['not_00000003', 'CRIADA'],
      ['not_00000004', 'CRIADA'],
    ]);
  });

  it('writes each message once for every channel that is switched on, as new as the channel needs', async () => {
    const { executar, inseridas, registros } = cenario([], ['SMS', 'PUSH']);
    await executar();
    expect(inseridas.map(({ modelo, canal }) => [modelo, canal])).toEqual([
      ['RESERVA_CONFIRMADA', 'EMAIL'],
      ['RESERVA_CONFIRMADA', 'SMS'],
      ['RESERVA_CONFIRMADA', 'PUSH'],
      ['LEMBRETE_RESERVA', 'EMAIL'],
      ['LEMBRETE_RESERVA', 'SMS'],
      ['LEMBRETE_RESERVA', 'PUSH'],
    ]);
    expect(new Set(inseridas.map(({ id }) => id)).size).toBe(6);
    expect(registros).toHaveLength(6);
    const [email, sms] = inseridas;
    expect(email?.validoAte?.toISOString()).toBe(dados.fim);
    expect(sms?.validoAte?.toISOString()).toBe('2026-11-21T13:00:00.000Z');
  });

  it('fails, so that the event comes again, when one identity after the other is taken', async () => {
    const ocupados = Array.from({ length: 10 }, (_, i) => `not_${String(i + 1).padStart(8, '0')}`);
    await expect(cenario(ocupados).executar()).rejects.toThrow(IdRepetidoError);
  });
});
