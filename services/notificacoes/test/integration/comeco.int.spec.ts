import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { PostgresContatosRepository } from '../../src/contatos/infrastructure/contatos-repository.ts';
import { EnviarNotificacoesHandler } from '../../src/envio/application/enviar-notificacoes.ts';
import { FaixaDeEmail } from '../../src/envio/application/faixa-de-email.ts';
import { PostgresFilaDeSaida } from '../../src/envio/infrastructure/fila-de-saida.ts';
import type { NovaNotificacao } from '../../src/mensagens/domain/notificacao.ts';
import { PostgresFila } from '../../src/mensagens/infrastructure/fila.ts';
import { createModelos } from '../../src/modelos/infrastructure/modelos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { RemoverContaHandler } from '../../src/remocoes/application/remover-conta.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const INICIO = '2026-11-23T12:00:00Z';
const em = new Date(INICIO);
const modelos = createModelos({ nome: 'Plataforma', email: 'reservas@exemplo.com' });

let database: ServiceDatabase;
let uow: ReturnType<typeof createUnitOfWork>;
let clock: FixedClock;
/** The history is never emptied: each spec has messages of its own. */
let rodada = 0;

beforeAll(async () => {
  database = await createServiceDatabase();
  uow = createUnitOfWork(database.dataSource);
});

beforeEach(async () => {
  clock = new FixedClock(INICIO);
  await sql('delete from notificacoes; delete from contatos; delete from preferencias; delete from remocoes');
  for (const quem of ['bia', 'ana']) await contatos().save(conta(quem), em);
  // Bia's comes first, and hers changes while that is at the provider.
  rodada += 1;
  await escrever(`not_1_${rodada}`, 'cli_bia');
  await escrever(`not_2_${rodada}`, 'cli_ana');
});

afterAll(() => database.drop());

const sql = (texto: string) => database.dataSource.query(texto);
const contatos = () => new PostgresContatosRepository(database.dataSource.manager);

const conta = (quem: string) => ({
  ...{ usuarioId: `cli_${quem}`, nome: quem, email: `${quem}@exemplo.com`, versao: 1, verificado: true },
});

const escrever = (id: string, clienteId: string) =>
  new PostgresFila(database.dataSource.manager).add({
    ...{ id, clienteId, canal: 'EMAIL', modelo: 'LEMBRETE_RESERVA', reservaId: `res_${id}` },
    dados: {
      ...{ reservaId: `res_${id}`, espacoNome: 'Sala', espacoEndereco: '', fusoHorario: 'UTC' },
      ...{ inicio: '2026-11-24T17:00:00Z', fim: '2026-11-24T19:00:00Z' },
    },
    ...{ assunto: () => 'Lembrete', fato: '', criadoEm: em, devidaEm: em, validoAte: undefined },
    grupo: undefined,
  } as unknown as NovaNotificacao);

/** One pass, in which this happens while the first message is at the provider for two seconds; where each message went. */
async function enviar(durante: () => Promise<unknown>, agora = clock): Promise<Array<[string, string]>> {
  const idas: Array<[string, string]> = [];
  await new EnviarNotificacoesHandler({
    ...{ clock: agora, uow },
    observador: { enviada() {}, recusada() {}, desistiu() {}, semMarca() {} },
    faixa: new FaixaDeEmail({
      linkDe: () => undefined,
      ...{ lote: 1, modelos },
      carteiro: {
        async enviar({ id, para }) {
          idas.push([id.slice(0, 5), para.email]);
          if (id.startsWith('not_1')) {
            await durante();
            agora.advance(2_000);
          }
          return Result.ok({ provedor: 'smtp' });
        },
      },
    }),
  }).execute();
  return idas;
}

const daAna = async () => {
  const [linha] = await sql(`select status, retida, posse, disponivel_em as "disponivelEm",
    (select detalhe from historico_notificacoes h where h.notificacao_id = n.id and tipo = 'SUPRIMIDA') as detalhe
    from notificacoes n where id = 'not_2_${rodada}'`);
  return linha;
};

const PARA_BIA: [string, string] = ['not_1', 'bia@exemplo.com'];

describe('a message that waits for its turn in the hands of a sender', () => {
  it('is not sent when its reader has switched it off meanwhile', async () => {
    const preferencias = `insert into preferencias (cliente_id, email, sms, push, lembretes, telefone, atualizadas_em)
      values ('cli_ana', true, false, false, false, '', now())`;
    expect(await enviar(() => sql(preferencias))).toEqual([PARA_BIA]);
    expect(await daAna()).toMatchObject({ status: 'SUPRIMIDA', detalhe: 'not wanted' });
  });

  it('goes where its reader is by now', async () => {
    const mudar = () => contatos().save({ ...conta('ana'), email: 'nova@exemplo.com', versao: 2 }, em);
    expect(await enviar(mudar)).toEqual([PARA_BIA, ['not_2', 'nova@exemplo.com']]);
  });

  it('goes back and is held when the address is another one, not verified', async () => {
    const mudar = () =>
      uow.run(async (tx) => {
        const outra = { ...conta('ana'), email: 'outra@exemplo.com', versao: 2, verificado: false };
        expect(await tx.contatos.save(outra, em)).toBe(false);
        await tx.fila.reter('cli_ana', true);
      });
    expect(await enviar(mudar)).toEqual([PARA_BIA]);
    expect(await daAna()).toMatchObject({ status: 'PENDENTE', retida: true, posse: null, disponivelEm: em });
  });

  it('is not sent to an address from which messages come back by now', async () => {
    const devolver = () =>
      sql(
        `update contatos set devolve_desde = now(), devolve_motivo = 'NAO_EXISTE' where usuario_id = 'cli_ana'`,
      );
    expect(await enviar(devolver)).toEqual([PARA_BIA]);
    expect(await daAna()).toMatchObject({ status: 'SUPRIMIDA', detalhe: 'address sends back' });
  });

  it('is not sent to who is gone', async () => {
    const remover = () =>
      new RemoverContaHandler({ clock, modelos, uow, ids: new SequentialIds() }).execute({
        ...{ usuarioId: 'cli_ana', protocolo: 'protocolo', versao: 2, em },
      });
    expect(await enviar(remover)).toEqual([PARA_BIA]);
    expect(await daAna()).toMatchObject({ status: 'SUPRIMIDA', posse: null });
  });

  it('is not sent when it was taken back', async () => {
    const retirar = () => uow.run(({ fila }) => fila.retirar(`res_not_2_${rodada}`, ['LEMBRETE_RESERVA']));
    expect(await enviar(retirar)).toEqual([PARA_BIA]);
    expect(await daAna()).toMatchObject({ status: 'SUPRIMIDA' });
  });

  it('is left to the sender that has it by now', async () => {
    const tomar = async () => {
      const agora = new Date(em.getTime() + 200_000);
      const tomadas = await new PostgresFilaDeSaida(database.dataSource.manager).tomar({
        ...{ canal: 'EMAIL', limite: 10, agora, ate: new Date(agora.getTime() + 1_000) },
      });
      expect(tomadas.map(({ id }) => id)).toContain(`not_2_${rodada}`);
    };
    expect(await enviar(tomar)).toEqual([PARA_BIA]);
    expect(await daAna()).toMatchObject({ status: 'PENDENTE' });
  });
});
