import { describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { FalhaDeEnvioError } from '../../canais/domain/falha-de-envio.ts';
import type { RegistroHistorico } from '../../mensagens/application/ports.ts';
import type { Modelos } from '../../modelos/application/modelos.ts';
import type { DadosLembreteReserva, DadosReservaConfirmada } from '../../modelos/domain/modelo.ts';
import { PREFERENCIAS_INICIAIS } from '../../preferencias/domain/preferencias.ts';
import { EnviarNotificacoesHandler } from './enviar-notificacoes.ts';
import { FaixaDeEmail } from './faixa-de-email.ts';
import type {
  FatoDeEnvio,
  NotificacaoComecada,
  NotificacaoEnviada,
  NotificacaoTomada,
  Observador,
  Transacao,
} from './ports.ts';

const silencio: Observador = { enviada() {}, recusada() {}, desistiu() {}, semMarca() {} };

function tomada(id: string): NotificacaoComecada {
  return {
    id,
    posse: 'posse',
    rastro: null,
    clienteId: 'cli_1',
    canal: 'EMAIL',
    modelo: 'RESERVA_CONFIRMADA',
    reservaId: `res_${id}`,
    dados: { reservaId: `res_${id}`, valorCentavos: '100' } as DadosReservaConfirmada,
    grupo: undefined,
    recusas: 0,
    adiamentos: 0,
    criadoEm: new Date('2026-11-20T13:00:00Z'),
    devidaEm: new Date('2026-11-20T13:00:00Z'),
    validoAte: undefined,
    preferencias: PREFERENCIAS_INICIAIS,
    contato: { nome: 'Ana', email: 'ana@exemplo.com' },
    verificado: true,
    devolve: false,
  };
}

/** A sender that is given these messages each time, with a memory for a database that answers as told. */
function remetente(
  tomadas: NotificacaoComecada[],
  falhas: Readonly<Record<string, FalhaDeEnvioError | TypeError>>,
  outras: Partial<Transacao['saida']> = {},
) {
  const registros: RegistroHistorico[] = [];
  const adiadas: string[] = [];
  const enviadas: string[] = [];
  const publicadas: string[] = [];
  const devolvidas: string[] = [];
  const tx = {
    saida: {
      tomar: async () => tomadas,
      comecar: async (estas: readonly NotificacaoTomada[]) =>
        new Map(
          tomadas
            .filter((tomada) => estas.some(({ id }) => id === tomada.id))
            .map((tomada) => [tomada.id, tomada]),
        ),
      marcarEnviadas: async (fatos: readonly FatoDeEnvio[]) =>
        new Map(fatos.map(({ id }) => [id, { versao: 2, destino: 'a***@exemplo.com' }])),
      devolver: async (sobras: readonly NotificacaoTomada[]) =>
        void devolvidas.push(...sobras.map(({ id }) => id)),
      repetir: async () => 2,
      marcarSuprimidas: async (estas: readonly NotificacaoTomada[]) =>
        new Map(estas.map(({ id }) => [id, 2])),
      adiar: async ({ id }: NotificacaoTomada) => void adiadas.push(id),
      contar: async () => new Set<string>(),
      descartarRetidas: async () => [],
      ...outras,
    },
    historico: { registrar: async (...novos: RegistroHistorico[]) => void registros.push(...novos) },
    publicar: async (...fatos: NotificacaoEnviada[]) =>
      void publicadas.push(...fatos.map(({ notificacao }) => notificacao.id)),
  } as unknown as Transacao;
  const modelos: Modelos = {
    em() {
      return this;
    },
    assunto: () => '',
    resumir: () => ({ assunto: '', html: '', texto: '', anexos: [] }),
    curto: () => ({ titulo: '', corpo: '' }),
    sms: () => '',
    renderizar(mensagem) {
      const { dados } = mensagem;
      const falha = 'reservaId' in dados ? falhas[dados.reservaId.replace('res_', '')] : undefined;
      if (falha instanceof TypeError) throw falha;
      return { assunto: '', html: '', texto: '', anexos: [] };
    },
  };
  const envio = new EnviarNotificacoesHandler({
    clock: new FixedClock('2026-11-20T13:00:01Z'),
    observador: silencio,
    faixa: new FaixaDeEmail({
      linkDe: () => undefined,
      lote: 5,
      carteiro: {
        async enviar({ id }) {
          enviadas.push(id);
          const falha = falhas[id];
          if (falha instanceof FalhaDeEnvioError) return Result.fail(falha);
          return Result.ok({ provedor: 'sendgrid', idDoProvedor: `sg_${id}` });
        },
      },
      modelos,
    }),
    uow: { run: (work) => work({ ...tx, claimKey: async () => {} }) },
  });
  const historico = () =>
    Object.fromEntries(registros.map(({ notificacaoId, tipo }) => [notificacaoId, tipo]));
  return { envio, historico, adiadas, enviadas, publicadas, devolvidas };
}

/** One pass over these messages; the outcome of each by its identity. */
async function passar(...[tomadas, falhas]: Parameters<typeof remetente>) {
  const { envio, historico, adiadas } = remetente(tomadas, falhas);
  return { passada: await envio.execute(), historico: historico(), adiadas };
}

describe('EnviarNotificacoesHandler', () => {
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
    const tarde = { ...tomada('a'), validoAte: agora };
    const emTempo = { ...tomada('b'), validoAte: new Date(agora.getTime() + 1) };
    expect((await passar([tarde, emTempo], {})).historico).toEqual({ a: 'SUPRIMIDA', b: 'ENVIADA' });
  });

  it('suppresses a message that is not wanted, and never one that has to be told', async () => {
    const preferencias = { ...PREFERENCIAS_INICIAIS, email: false, lembretes: false };
    const obrigatoria = { ...tomada('a'), preferencias };
    const dados = { reservaId: 'res_b' } as DadosLembreteReserva;
    const lembrete: NotificacaoComecada = { ...obrigatoria, id: 'b', modelo: 'LEMBRETE_RESERVA', dados };
    expect((await passar([obrigatoria, lembrete], {})).historico).toEqual({ a: 'ENVIADA', b: 'SUPRIMIDA' });
  });

  it('sends nothing twice that it could not mark, although it is given it again', async () => {
    const marcarEnviadas = async () => {
      throw new Error('the database is away');
    };
    const { envio, enviadas } = remetente([tomada('a')], {}, { marcarEnviadas });
    for (const _ of [1, 2]) expect(await envio.execute()).toEqual({ tomadas: 1, indisponivel: undefined });
    expect(enviadas).toEqual(['a']);
  });

  it('writes and says nothing of a message that another sender has by now', async () => {
    const perdida = async () => undefined;
    const perdidas = {
      marcarEnviadas: async () => new Map(),
      marcarSuprimidas: async () => new Map(),
      marcarFalha: perdida,
      repetir: perdida,
    };
    const tarde = { ...tomada('b'), validoAte: new Date('2026-11-20T13:00:00Z') };
    const todas = [tomada('a'), tarde, tomada('c'), tomada('d')];
    const recusas = {
      c: new FalhaDeEnvioError('TEMPORARIA', 'SMTP 451'),
      d: new FalhaDeEnvioError('PERMANENTE', 'SMTP 550'),
    };
    const { envio, historico, enviadas, publicadas } = remetente(todas, recusas, perdidas);
    await envio.execute();
    expect([enviadas, historico(), publicadas]).toEqual([['a', 'c', 'd'], {}, []]);
  });

  it('marks with each message who has taken it, and what they call it', async () => {
    const recibos: unknown[] = [];
    const marcarEnviadas: Transacao['saida']['marcarEnviadas'] = async (fatos) => {
      recibos.push(...fatos.map(({ id, recibo }) => [id, recibo]));
      return new Map();
    };
    await remetente([tomada('a')], {}, { marcarEnviadas }).envio.execute();
    expect(recibos).toEqual([['a', { provedor: 'sendgrid', idDoProvedor: 'sg_a' }]]);
  });

  it('gives back what it has not begun when the provider is away, and asks for no more of them', async () => {
    const fora = new FalhaDeEnvioError('INDISPONIVEL', 'SMTP ESOCKET CONN');
    const todas = Array.from({ length: 50 }, (_, n) => tomada(`m${n}`));
    const falhas = Object.fromEntries(todas.map(({ id }) => [id, fora]));
    const { envio, enviadas, adiadas, devolvidas } = remetente(todas, falhas);
    expect(await envio.execute()).toEqual({ tomadas: 50, indisponivel: fora });
    expect([enviadas.length, adiadas.length, devolvidas.length]).toEqual([5, 5, 45]);
  });

  it('begins nothing more when it is to stop, and gives back what is left', async () => {
    const { envio, enviadas, devolvidas } = remetente([tomada('a'), tomada('b')], {});
    envio.parar();
    await envio.execute();
    expect([enviadas, devolvidas]).toEqual([[], ['a', 'b']]);
  });

  it('gives back with the next pass what it could not', async () => {
    const vezes: string[][] = [];
    const devolver: Transacao['saida']['devolver'] = async (sobras) => {
      vezes.push(sobras.map(({ id }) => id));
      if (vezes.length === 1) throw new Error('the database is away');
    };
    const { envio } = remetente([tomada('a')], {}, { devolver });
    envio.parar();
    await expect(envio.execute()).rejects.toThrow('away');
    await envio.execute();
    expect(vezes).toEqual([['a'], ['a'], ['a']]);
  });

  it('leaves no more unmarked than what nothing else is sent with', async () => {
    const todas = Array.from({ length: 50 }, (_, n) => tomada(`m${n}`));
    const marcarEnviadas = async () => {
      throw new Error('the database is away');
    };
    const { envio, enviadas, devolvidas } = remetente(todas, {}, { marcarEnviadas });
    await envio.execute();
    expect(enviadas.length).toBeLessThanOrEqual(40);
    expect(devolvidas.length).toBe(50 - enviadas.length);
  });

  it('does nothing when nothing is due', async () => {
    expect((await passar([], {})).passada).toEqual({ tomadas: 0, indisponivel: undefined });
  });
});
