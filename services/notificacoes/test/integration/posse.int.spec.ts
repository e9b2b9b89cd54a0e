import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Result } from '@plataforma/domain/result';
import { inTransaction, type Sql } from '@plataforma/runtime/transaction';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { SequentialIds } from '@plataforma/testing/sequential-ids';
import { PostgresContatosRepository } from '../../src/contatos/infrastructure/contatos-repository.ts';
import { EnviarNotificacoesHandler } from '../../src/envio/application/enviar-notificacoes.ts';
import { FaixaDeEmail } from '../../src/envio/application/faixa-de-email.ts';
import type { NotificacaoTomada } from '../../src/envio/application/ports.ts';
import { PostgresFilaDeSaida } from '../../src/envio/infrastructure/fila-de-saida.ts';
import type { NovaNotificacao } from '../../src/mensagens/domain/notificacao.ts';
import { PostgresFila } from '../../src/mensagens/infrastructure/fila.ts';
import { createModelos } from '../../src/modelos/infrastructure/modelos.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { RemoverContaHandler } from '../../src/remocoes/application/remover-conta.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const em = new Date('2026-11-23T12:00:00Z');
const daqui = (ms: number) => new Date(em.getTime() + ms);
const ANA = { usuarioId: 'cli_ana', nome: 'Ana', email: 'ana@exemplo.com', versao: 1, verificado: true };
const GRUPO = 'ser_1/RESERVA_CANCELADA';

let database: ServiceDatabase;
let uow: ReturnType<typeof createUnitOfWork>;
let barreira: Barrier | undefined;

beforeAll(async () => {
  database = await createServiceDatabase();
  uow = createUnitOfWork(database.dataSource);
});

beforeEach(async () => {
  await database.dataSource.query('delete from notificacoes; delete from contatos; delete from reservas');
  await contatos().save(ANA, em);
});

afterEach(() => barreira?.open());

afterAll(() => database.drop());

const contatos = () => new PostgresContatosRepository(database.dataSource.manager);
const fila = (sql: Sql = database.dataSource.manager) => new PostgresFila(sql);
const saida = (sql: Sql = database.dataSource.manager) => new PostgresFilaDeSaida(sql);

const nova = (numero: number, mudancas: Partial<NovaNotificacao> = {}) =>
  ({
    id: `not_${numero}`,
    clienteId: 'cli_ana',
    canal: 'EMAIL',
    modelo: 'RESERVA_CANCELADA',
    reservaId: `res_${numero}`,
    assunto: () => 'Reserva cancelada',
    dados: { reservaId: `res_${numero}`, motivo: 'Choveu' },
    fato: '',
    criadoEm: em,
    devidaEm: em,
    validoAte: undefined,
    grupo: undefined,
    ...mudancas,
  }) as unknown as NovaNotificacao;

async function tomar(agora = em, limite = 10, sql?: Sql): Promise<string[]> {
  const tomadas = await saida(sql).tomar({
    canal: 'EMAIL',
    limite,
    agora,
    ate: new Date(agora.getTime() + 1_000),
  });
  return tomadas.map(({ id }) => id);
}

/** Does work while another transaction is in the middle of its own; fails when it has to wait for that. */
async function enquanto<T>(outro: (sql: Sql) => Promise<unknown>, trabalho: () => Promise<T>): Promise<T> {
  return inTransaction(database.dataSource, async (sql) => {
    await outro(sql);
    const feito = trabalho();
    expect(await doneOrBlocked(database.dataSource, feito)).toBe('done');
    return feito;
  });
}

describe('two senders', () => {
  it('do not wait for each other: the second one has what the first one leaves', async () => {
    for (const numero of [1, 2]) await fila().add(nova(numero));
    const segundo = await enquanto(
      async (sql) => expect(await tomar(em, 1, sql)).toEqual(['not_1']),
      () => tomar(),
    );
    expect(segundo).toEqual(['not_2']);
  });

  it('do not share a group: who comes second has nothing of it', async () => {
    for (const numero of [1, 2]) await fila().add(nova(numero, { grupo: GRUPO }));
    await fila().add(nova(3));
    const segundo = await enquanto(
      // As far as the first one has come when it has not locked a message yet.
      (sql) => sql.query(`select pg_advisory_xact_lock(hashtextextended('grupo:' || $1, 0))`, [GRUPO]),
      () => tomar(),
    );
    expect(segundo).toEqual(['not_3']);
    expect(await tomar(em, 1)).toEqual(['not_1', 'not_2']);
  });
});

describe('a sender that is slow between its look and its lock', () => {
  it('has nothing of what another one took meanwhile', async () => {
    const { dataSource } = database;
    await fila().add(nova(1, { grupo: GRUPO }));
    // Stands still in the middle of the statement, for a statement that finds this one instead of PostgreSQL's own.
    await dataSource.query(`
      create function public.pg_try_advisory_xact_lock(bigint) returns boolean language plpgsql as $$
      begin
        perform pg_advisory_xact_lock(42);
        return pg_catalog.pg_try_advisory_xact_lock($1);
      end $$`);
    const lento = () =>
      inTransaction(dataSource, async (sql) => {
        await sql.query('set local search_path to public, pg_catalog');
        return tomar(em, 1, sql);
      });
    const tomada = await inTransaction(dataSource, async (parada) => {
      await parada.query('select pg_advisory_xact_lock(42)');
      const depois = lento();
      expect(await doneOrBlocked(dataSource, depois)).toBe('blocked');
      expect(await tomar(em, 1)).toEqual(['not_1']);
      return { depois };
    });
    expect(await tomada.depois).toEqual([]);
    await dataSource.query('drop function public.pg_try_advisory_xact_lock(bigint)');
  });
});

describe('whoever takes one of a group', () => {
  beforeEach(() => fila().add(nova(1, { grupo: GRUPO })));

  it('takes the others that are due within half a minute, and no later ones', async () => {
    await fila().add(nova(2, { grupo: GRUPO, devidaEm: daqui(30_000) }));
    await fila().add(nova(3, { grupo: GRUPO, devidaEm: daqui(30_001) }));
    expect(await tomar(em, 1)).toEqual(['not_1', 'not_2']);
  });

  it('leaves alone what another sender still has in hand', async () => {
    expect(await tomar()).toEqual(['not_1']);
    await fila().add(nova(2, { grupo: GRUPO, devidaEm: daqui(999) }));
    expect(await tomar(daqui(999))).toEqual(['not_2']);
    expect(await tomar(daqui(2_000))).toEqual(['not_1', 'not_2']);
  });

  it('does not wait for one of them that somebody is just changing', async () => {
    for (const numero of [2, 3]) await fila().add(nova(numero, { grupo: GRUPO, devidaEm: daqui(10_000) }));
    const tomadas = await enquanto(
      (sql) => fila(sql).substituir(nova(2, { devidaEm: daqui(10_000) })),
      () => tomar(em, 1),
    );
    expect(tomadas).toEqual(['not_1', 'not_3']);
  });
});

describe('a message to an address that is not verified', () => {
  it('is given to nobody, whichever copy of the service has written it', async () => {
    await fila().add(nova(1));
    // As a copy of the service leaves it that knows nothing of verified addresses.
    await database.dataSource.query('update contatos set email_verificado = false');
    expect(await tomar()).toEqual([]);
    await database.dataSource.query('update contatos set email_verificado = true');
    expect(await tomar()).toEqual(['not_1']);
  });

  it.each<[string, () => Promise<void>]>([
    [
      'is verified',
      () =>
        uow.run(async (tx) => {
          expect(await tx.contatos.save({ ...ANA, versao: 2 }, em)).toBe(true);
          await tx.fila.reter('cli_ana', false);
        }),
    ],
    [
      'leaves',
      () =>
        uow.run(async (tx) => {
          await tx.contatos.apagar('cli_ana', em);
          await tx.fila.esquecer('cli_ana');
          await tx.fila.reter('cli_ana', false);
        }),
    ],
  ])('is not held for ever when it is being written while its addressee %s', async (_, mudar) => {
    await database.dataSource.query('update contatos set email_verificado = false');
    barreira = stopAt(/^commit$/);
    const escrita = uow.run((tx) => tx.fila.add(nova(1)));
    await barreira.reached();
    const mudanca = mudar();
    expect(await doneOrBlocked(database.dataSource, mudanca)).toBe('blocked');
    barreira.open();
    await Promise.all([escrita, mudanca]);
    expect(await tomar()).toEqual(['not_1']);
  });

  describe('that changed while somebody had it in hand', () => {
    beforeEach(async () => {
      await fila().add(nova(1));
      const [tomada] = await saida().tomar({ canal: 'EMAIL', limite: 1, agora: em, ate: daqui(1_000) });
      const mudada = { ...ANA, email: 'outra@exemplo.com', versao: 2, verificado: false };
      expect(await contatos().save(mudada, em)).toBe(false);
      await fila().reter('cli_ana', true);
      posse = tomada;
    });

    let posse: NotificacaoTomada | undefined;
    const devolver = async () => posse && saida().adiar(posse, daqui(1_000));
    const morrer = async () => undefined;

    it.each([
      ['comes back with it', devolver],
      ['never comes back', morrer],
    ])('is given up with the others when who had it %s', async (_, acabar) => {
      await acabar();
      expect(await saida().descartarRetidas(daqui(1), 10)).toMatchObject([{ id: 'not_1' }]);
    });

    it.each([
      ['comes back with it', devolver],
      ['never comes back', morrer],
    ])('is sent once that is verified when who had it %s', async (_, acabar) => {
      await acabar();
      await contatos().save({ ...ANA, email: 'outra@exemplo.com', versao: 3 }, em);
      await fila().reter('cli_ana', false);
      expect(await tomar(daqui(1_000))).toEqual(['not_1']);
    });
  });

  it('keeps nobody who gives up old ones waiting for another copy that does', async () => {
    await database.dataSource.query('update contatos set email_verificado = false');
    for (const numero of [1, 2]) await fila().add(nova(numero, { criadoEm: daqui(numero - 10) }));
    const dadas = await enquanto(
      async (sql) => expect(await saida(sql).descartarRetidas(em, 1)).toMatchObject([{ id: 'not_1' }]),
      () => saida().descartarRetidas(em, 10),
    );
    expect(dadas).toMatchObject([{ id: 'not_2' }]);
  });
});

describe('a message that somebody has in hand, or has sent', () => {
  it('is not replaced by a newer one', async () => {
    await fila().add(nova(1));
    expect(await fila().substituir(nova(1))).toBe(true);
    const [tomada] = await saida().tomar({ canal: 'EMAIL', limite: 1, agora: em, ate: daqui(1_000) });
    expect(await fila().substituir(nova(1))).toBe(false);
    await saida().marcarEnviadas([
      {
        id: String(tomada?.id),
        clienteId: 'cli_ana',
        destino: 'a***a@exemplo.com',
        em,
        recibo: { provedor: 'smtp' },
      },
    ]);
    expect(await fila().substituir(nova(1))).toBe(false);
  });

  it('is not kept for another day by who has lost it', async () => {
    await fila().add(nova(1));
    const [lenta] = await saida().tomar({ canal: 'EMAIL', limite: 1, agora: em, ate: daqui(1_000) });
    expect(await tomar(daqui(1_000))).toEqual(['not_1']);
    if (lenta) await saida().guardarPara(lenta, daqui(1_001));
    expect(await tomar(daqui(1_999))).toEqual([]);
  });

  it('is taken back before it is sent only', async () => {
    for (const numero of [1, 2]) await fila().add(nova(numero));
    await saida().marcarEnviadas([
      { id: 'not_1', clienteId: 'cli_ana', destino: 'a***a@exemplo.com', em, recibo: { provedor: 'smtp' } },
    ]);
    const retirar = (reservaId: string) => fila().retirar(reservaId, ['RESERVA_CANCELADA']);
    expect([await retirar('res_1'), await retirar('res_2')]).toMatchObject([[], [{ id: 'not_2' }]]);
  });
});

describe('a code that verifies an address', () => {
  it('gives way to a newer one only while it is put off and nobody has it in hand', async () => {
    const codigo = (numero: number, devidaEm: Date) =>
      fila().add(nova(numero, { modelo: 'BOAS_VINDAS', dados: { codigo: '123' }, devidaEm }));
    await codigo(1, em);
    expect(await tomar()).toEqual(['not_1']);
    await codigo(2, em);
    await codigo(3, daqui(1));
    expect(await fila().retirarCodigos('cli_ana', em)).toMatchObject([{ id: 'not_3' }]);
  });
});

describe('two facts about one reservation', () => {
  it('are taken one after the other, and none is lost', async () => {
    const anotar = (fato: string) =>
      uow.runOnce('spec', `msg_${fato}`, async ({ reservas }) => {
        const antes = await reservas.abrir('res_1');
        await reservas.save({ ...antes, recusas: [...antes.recusas, fato] });
      });
    await anotar('a');
    barreira = stopAt(/^\s*update reservas/);
    const uma = anotar('b');
    await barreira.reached();
    const outra = anotar('c');
    expect(await doneOrBlocked(database.dataSource, outra)).toBe('blocked');
    barreira.open();
    await Promise.all([uma, outra]);
    expect(await uow.run(({ reservas }) => reservas.abrir('res_1'))).toMatchObject({
      recusas: ['a', 'b', 'c'],
    });
  });
});

describe('a message that is at the provider when its addressee leaves', () => {
  const clock = new FixedClock(em.toISOString());
  const modelos = createModelos({ nome: 'Plataforma', email: 'reservas@exemplo.com' });
  const dados = { tipo: 'MFA_ATIVADO', em: em.toISOString(), enderecoIp: '', dispositivo: '' };
  const aviso = () => nova(1, { modelo: 'AVISO_DE_SEGURANCA', reservaId: '', dados } as never);

  const replica = (durante: (id: string) => Promise<unknown> = async () => undefined) =>
    new EnviarNotificacoesHandler({
      ...{ clock, uow },
      observador: { enviada() {}, recusada() {}, desistiu() {}, semMarca() {} },
      faixa: new FaixaDeEmail({
        linkDe: () => undefined,
        ...{ lote: 5, modelos },
        carteiro: {
          async enviar({ id }) {
            await durante(id);
            return Result.ok({ provedor: 'smtp' });
          },
        },
      }),
    });

  const remover = (): Promise<void> =>
    new RemoverContaHandler({ clock, modelos, uow, ids: new SequentialIds() }).execute({
      ...{ usuarioId: 'cli_ana', protocolo: 'protocolo', versao: 2, em },
    });

  const concluir = () => uow.run(({ remocoes }) => remocoes.concluir(em, 10));

  /** Where anything went, as it is noted. */
  const destinos = async (): Promise<string[]> => {
    const linhas: Array<{ destino: string }> = await database.dataSource.query(`
      select destino from notificacoes where cliente_id = 'cli_ana' and destino is not null
      union all select destino from historico_notificacoes where cliente_id = 'cli_ana' and destino <> ''`);
    return linhas.map(({ destino }) => destino);
  };

  beforeEach(() => database.dataSource.query('delete from remocoes; delete from outbox'));

  it('brings nothing of them back, although another replica has answered meanwhile that it is erased', async () => {
    await fila().add(aviso());
    await replica(async () => {
      await remover();
      await replica().execute();
      expect(await concluir()).toBe(1);
    }).execute();
    const linhas = await database.dataSource.query(
      `select status from notificacoes where cliente_id = 'cli_ana' order by status`,
    );
    expect(linhas).toEqual([{ status: 'ENVIADA' }, { status: 'ENVIADA' }]);
    expect(await destinos()).toEqual([]);
  });

  it('is noted before they are erased, or after', async () => {
    await fila().add(aviso());
    // Taken back meanwhile, so that nobody who erases waits for its row.
    const parada = Promise.withResolvers<Barrier>();
    const envio = replica(async () => {
      await database.dataSource.query(`update notificacoes set status = 'SUPRIMIDA', posse = null`);
      parada.resolve(stopAt(/^commit$/));
    }).execute();
    barreira = await parada.promise;
    await barreira.reached();
    const remocao = remover();
    expect(await doneOrBlocked(database.dataSource, remocao)).toBe('blocked');
    barreira.open();
    await Promise.all([envio, remocao]);
    await replica().execute();
    expect(await concluir()).toBe(1);
    expect(await destinos()).toEqual([]);
  });
});
