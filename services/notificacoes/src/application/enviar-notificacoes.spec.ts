import { describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import type { DadosLembreteReserva, DadosReservaConfirmada } from '../domain/notificacao.ts';
import { EnviarNotificacoes } from './enviar-notificacoes.ts';
import {
  FalhaDeEnvioError,
  type NotificacaoTomada,
  type Observador,
  type RegistroHistorico,
  type Transacao,
} from './ports.ts';

const silencio: Observador = { enviada() {}, recusada() {}, desistiu() {}, semMarca() {} };

function tomada(id: string): NotificacaoTomada {
  return {
    id,
    posse: 'posse',
    clienteId: 'cli_1',
    canal: 'EMAIL',
    modelo: 'RESERVA_CONFIRMADA',
    reservaId: `res_${id}`,
    assunto: 'Reserva confirmada',
    dados: { reservaId: `res_${id}`, valorCentavos: '100' } as DadosReservaConfirmada,
    grupo: undefined,
    recusas: 0,
    adiamentos: 0,
    criadaEm: new Date('2026-11-20T13:00:00Z'),
    devidaEm: new Date('2026-11-20T13:00:00Z'),
    validaAte: undefined,
    preferencias: { email: true, sms: false, push: false, lembretes: true },
    contato: { nome: 'Ana', email: 'ana@exemplo.com' },
  };
}

/** One pass over these messages with a memory for a database; the outcome of each by its identity. */
async function passar(
  tomadas: NotificacaoTomada[],
  falhas: Readonly<Record<string, FalhaDeEnvioError | TypeError>>,
) {
  const registros: RegistroHistorico[] = [];
  const adiadas: string[] = [];
  const tx = {
    fila: {
      tomar: async () => tomadas,
      marcarEnviada: async () => 2,
      repetir: async () => 2,
      marcarSuprimida: async () => 2,
      adiar: async ({ id }: NotificacaoTomada) => void adiadas.push(id),
      contar: async () => true,
      descartarRetidas: async () => [],
    },
    historico: { registrar: async (registro: RegistroHistorico) => void registros.push(registro) },
    publicar: async () => undefined,
  } as unknown as Transacao;
  const envio = new EnviarNotificacoes({
    clock: new FixedClock('2026-11-20T13:00:01Z'),
    observador: silencio,
    carteiro: {
      async enviar({ id }) {
        const falha = falhas[id];
        return falha instanceof FalhaDeEnvioError ? Result.fail(falha) : Result.ok(undefined);
      },
    },
    modelos: {
      assunto: () => '',
      resumir: () => ({ assunto: '', html: '', texto: '', anexos: [] }),
      renderizar(mensagem) {
        const reservaId = mensagem.modelo === 'BOAS_VINDAS' ? '' : mensagem.dados.reservaId;
        const falha = falhas[reservaId.replace('res_', '')];
        if (falha instanceof TypeError) throw falha;
        return { html: '', texto: '', anexos: [] };
      },
    },
    unitOfWork: { run: (work) => work(tx), runOnce: async () => true },
  });
  const passada = await envio.passar();
  const historico = Object.fromEntries(registros.map(({ notificacaoId, tipo }) => [notificacaoId, tipo]));
  return { passada, historico, adiadas };
}

describe('EnviarNotificacoes', () => {
  it('counts a template that fails against its message and sends the others', async () => {
    const { historico } = await passar([tomada('a'), tomada('b')], { a: new TypeError('no such field') });
    expect(historico).toEqual({ a: 'TENTATIVA_FALHOU', b: 'ENVIADA' });
  });

  it('says that the provider is away when that kept every message', async () => {
    const fora = new FalhaDeEnvioError('INDISPONIVEL', 'SMTP ESOCKET CONN');
    const { passada, historico, adiadas } = await passar([tomada('a'), tomada('b')], { a: fora, b: fora });
    expect(passada).toEqual({ tomadas: 2, indisponivel: fora });
    expect([historico, adiadas]).toEqual([{}, ['a', 'b']]);
  });

  it('does not say so when one message got through', async () => {
    const fora = new FalhaDeEnvioError('INDISPONIVEL', 'SMTP ETIMEDOUT CONN');
    const { passada, historico, adiadas } = await passar([tomada('a'), tomada('b')], { a: fora });
    expect(passada.indisponivel).toBeUndefined();
    expect([historico, adiadas]).toEqual([{ b: 'ENVIADA' }, ['a']]);
  });

  it('suppresses a message that is no news any more', async () => {
    const agora = new Date('2026-11-20T13:00:01Z');
    const tarde = { ...tomada('a'), validaAte: agora };
    const emTempo = { ...tomada('b'), validaAte: new Date(agora.getTime() + 1) };
    expect((await passar([tarde, emTempo], {})).historico).toEqual({ a: 'SUPRIMIDA', b: 'ENVIADA' });
  });

  it('suppresses a message that is not wanted, and never one that has to be told', async () => {
    const preferencias = { email: false, sms: false, push: false, lembretes: false };
    const obrigatoria = { ...tomada('a'), preferencias };
    const dados = { reservaId: 'res_b' } as DadosLembreteReserva;
    const lembrete: NotificacaoTomada = { ...obrigatoria, id: 'b', modelo: 'LEMBRETE_RESERVA', dados };
    expect((await passar([obrigatoria, lembrete], {})).historico).toEqual({ a: 'ENVIADA', b: 'SUPRIMIDA' });
  });

  it('does nothing when nothing is due', async () => {
    expect((await passar([], {})).passada).toEqual({ tomadas: 0, indisponivel: undefined });
  });
});
