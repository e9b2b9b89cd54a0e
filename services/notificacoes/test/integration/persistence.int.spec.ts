import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { IdRepetidoError } from '@plataforma/domain/id';
import { inTransaction, type Sql } from '@plataforma/runtime/transaction';
import { doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { PostgresContatosRepository } from '../../src/contatos/infrastructure/contatos-repository.ts';
import type { NotificacaoTomada } from '../../src/envio/application/ports.ts';
import { PostgresFilaDeSaida } from '../../src/envio/infrastructure/fila-de-saida.ts';
import type { NovaNotificacao } from '../../src/mensagens/domain/notificacao.ts';
import { PostgresFila } from '../../src/mensagens/infrastructure/fila.ts';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { PREFERENCIAS_INICIAIS } from '../../src/preferencias/domain/preferencias.ts';
import { SILENCIO_INICIAL } from '../../src/preferencias/domain/silencio.ts';
import { createServiceDatabase, type ServiceDatabase } from '../support/database.ts';

const em = new Date('2026-11-23T12:00:00Z');
const daqui = (ms: number) => new Date(em.getTime() + ms);

let database: ServiceDatabase;

beforeAll(async () => {
  database = await createServiceDatabase();
});

afterAll(() => database.drop());

describe('PostgresContatosRepository', () => {
  const contatos = () => new PostgresContatosRepository(database.dataSource.manager);
  const ana = { usuarioId: 'cli_ana', nome: 'Ana', email: 'ana@exemplo.com', versao: 1, verificado: true };

  const contato = async () => {
    const linhas: unknown[] = await database.dataSource.query(
      'select nome, email, versao, removido_em is not null as removido from contatos where usuario_id = $1',
      [ana.usuarioId],
    );
    return linhas[0];
  };

  beforeEach(() => database.dataSource.query('delete from contatos'));

  it('keeps the newer state when an older event comes later', async () => {
    await contatos().save({ ...ana, email: 'nova@exemplo.com', versao: 3 }, em);
    await contatos().save({ ...ana, email: 'velha@exemplo.com', versao: 2 }, em);
    await contatos().save({ ...ana, email: 'outra@exemplo.com', versao: 3 }, em);
    expect(await contato()).toEqual({ nome: 'Ana', email: 'nova@exemplo.com', versao: 3, removido: false });
  });

  it('follows when a newer event comes', async () => {
    await contatos().save(ana, em);
    await contatos().save({ ...ana, nome: 'Ana Souza', versao: 2 }, em);
    expect(await contato()).toMatchObject({ nome: 'Ana Souza', versao: 2 });
  });

  it('erases name and address when the person is removed, and for good', async () => {
    await contatos().save(ana, em);
    await contatos().apagar(ana.usuarioId, em);
    await contatos().save({ ...ana, versao: 9 }, em);
    expect(await contato()).toEqual({ nome: null, email: null, versao: 1, removido: true });
  });

  it('remembers a removal that comes before the registration', async () => {
    await contatos().apagar(ana.usuarioId, em);
    await contatos().save(ana, em);
    expect(await contato()).toEqual({ nome: null, email: null, versao: 0, removido: true });
  });
});

describe('PostgresPreferenciasRepository', () => {
  it('writes nothing of somebody who is leaving just then', async () => {
    const uow = createUnitOfWork(database.dataSource);
    const suas = { ...PREFERENCIAS_INICIAIS, sms: true, telefone: '+5511987654321' };
    const parada = stopAt(/insert into preferencias/, { when: 'after' });
    const guardadas = uow.run(({ preferencias }) => preferencias.save('cli_bia', suas, em));
    await parada.reached();
    const remocao = uow.run(async ({ contatos, preferencias }) => {
      await contatos.apagar('cli_bia', em);
      await preferencias.apagar('cli_bia');
    });
    const andou = await doneOrBlocked(database.dataSource, remocao);
    parada.open();
    await Promise.all([guardadas, remocao]);
    expect(andou).toBe('blocked');
    expect(await database.dataSource.query('select 1 from preferencias')).toEqual([]);
  });
});

describe('PostgresFila', () => {
  const fila = () => new PostgresFila(database.dataSource.manager);
  const saida = () => new PostgresFilaDeSaida(database.dataSource.manager);

  const nova = (numero: number, clienteId = 'cli_ana'): NovaNotificacao => ({
    id: `not_${numero}`,
    clienteId,
    canal: 'EMAIL',
    modelo: 'RESERVA_CONFIRMADA',
    reservaId: `res_${numero}`,
    assunto: () => 'Reserva confirmada',
    dados: {
      reservaId: `res_${numero}`,
      pagamentoId: 'pag_1',
      espacoNome: 'Sala',
      espacoEndereco: '',
      inicio: em.toISOString(),
      fim: em.toISOString(),
      fusoHorario: 'UTC',
      valorCentavos: '1',
      moeda: 'BRL',
      confirmadaEm: em.toISOString(),
    },
    fato: '',
    criadoEm: em,
    devidaEm: em,
    validoAte: undefined,
    grupo: undefined,
  });

  const tomar = (agora = em, limite = 10) =>
    saida().tomar({ canal: 'EMAIL', limite, agora, ate: new Date(agora.getTime() + 1_000) });

  async function tomarUma(agora = em): Promise<NotificacaoTomada> {
    const [tomada] = await tomar(agora);
    if (!tomada) throw new Error('nothing is due');
    return tomada;
  }

  beforeEach(async () => {
    await database.dataSource.query('delete from notificacoes');
    await database.dataSource.query('delete from contatos');
    await database.dataSource.query('delete from envios_do_dia');
    await new PostgresContatosRepository(database.dataSource.manager).save(
      { usuarioId: 'cli_ana', nome: 'Ana', email: 'ana@exemplo.com', versao: 1, verificado: true },
      em,
    );
  });

  it('takes one message per reservation, template and channel', async () => {
    expect(await fila().add(nova(1))).toBe(true);
    expect(await fila().add({ ...nova(1), id: 'not_outra' })).toBe(false);
  });

  it('takes several messages of one model about one reservation when they are about several facts', async () => {
    expect(await fila().add({ ...nova(1), fato: '1' })).toBe(true);
    expect(await fila().add({ ...nova(1), fato: '2', id: 'not_2' })).toBe(true);
    expect(await fila().add({ ...nova(1), fato: '2', id: 'not_3' })).toBe(false);
  });

  it('takes what a copy of the service writes that knows one model only', async () => {
    const antiga = (id: string) =>
      database.dataSource.query(
        `insert into notificacoes
           (id, cliente_id, canal, modelo, reserva_id, assunto, dados, status, versao, disponivel_em, criada_em)
         values ($1, 'cli_ana', 'EMAIL', 'RESERVA_CONFIRMADA', 'res_1', '', '{}', 'PENDENTE', 1, $2, $2)
         on conflict on constraint notificacoes_uma_por_fato_uq do nothing returning id`,
        [id, em],
      );
    expect(await antiga('not_antiga')).toHaveLength(1);
    expect(await antiga('not_outra')).toHaveLength(0);
    expect(await fila().add(nova(1))).toBe(false);
    expect(await tomarUma()).toMatchObject({ id: 'not_antiga', devidaEm: em, validoAte: undefined });
  });

  it('keeps a message until it is due', async () => {
    await fila().add({ ...nova(1), devidaEm: daqui(5_000), validoAte: daqui(9_000) });
    expect(await tomar(daqui(4_999))).toEqual([]);
    expect(await tomarUma(daqui(5_000))).toMatchObject({ devidaEm: daqui(5_000), validoAte: daqui(9_000) });
  });

  it('says so when the identity belongs to another message', async () => {
    await fila().add(nova(1));
    await expect(fila().add({ ...nova(2), id: 'not_1' })).rejects.toThrow(IdRepetidoError);
  });

  it('gives a message with all it takes to send it', async () => {
    await fila().add(nova(1));
    const tomada = await tomarUma();
    const { posse, ...mensagem } = tomada;
    const { fato: _, assunto: _assunto, ...original } = nova(1);
    expect(posse).toMatch(/^[0-9a-f-]{36}$/);
    expect(mensagem).toEqual({ ...original, recusas: 0, adiamentos: 0, rastro: null });
    expect((await saida().comecar([tomada])).get('not_1')).toEqual({
      devolve: false,
      contato: { nome: 'Ana', email: 'ana@exemplo.com' },
      verificado: true,
      preferencias: {
        ...{ email: true, sms: false, push: false, lembretes: true, desligadas: [] },
        silencio: SILENCIO_INICIAL,
        idioma: 'pt-BR',
      },
    });
  });

  it('never gives one message to two takers at once', async () => {
    for (let numero = 1; numero <= 20; numero++) await fila().add(nova(numero));
    const lotes = await Promise.all(Array.from({ length: 6 }, () => tomar(em, 5)));
    const ids = lotes.flat().map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect([...ids, ...(await tomar(em, 20)).map(({ id }) => id)].sort()).toEqual(
      Array.from({ length: 20 }, (_, i) => `not_${i + 1}`).sort(),
    );
  });

  it('gives a message again only when its lease has ended', async () => {
    await fila().add(nova(1));
    await tomarUma();
    expect(await tomar(daqui(999))).toEqual([]);
    expect(await tomar(daqui(1_000))).toHaveLength(1);
  });

  it('holds a message back while nobody knows its addressee, and a stranger’s does not hold up others', async () => {
    await fila().add(nova(1, 'cli_desconhecida'));
    await fila().add(nova(2));
    expect((await tomar(em, 1)).map(({ id }) => id)).toEqual(['not_2']);
  });

  it('looks at no message again that waits for somebody who is not known or not verified', async () => {
    await new PostgresContatosRepository(database.dataSource.manager).save(
      { usuarioId: 'cli_bia', nome: 'Bia', email: 'bia@exemplo.com', versao: 1, verificado: false },
      em,
    );
    await fila().add(nova(1, 'cli_desconhecida'));
    await fila().add(nova(2, 'cli_bia'));
    await database.dataSource.query(
      `insert into notificacoes
       select copia.* from notificacoes n, generate_series(1, 10000) i,
         jsonb_populate_record(n, jsonb_build_object('id', n.id || '_' || i, 'fato', i::text)) copia`,
    );
    await fila().add(nova(3));
    await database.dataSource.query('analyze notificacoes');
    const vistas = await database.dataSource.transaction(async (manager) => {
      let plano = '';
      const query = async (sql: string, valores?: unknown[]) => {
        const [linha] = await manager.query(`explain (analyze, format json) ${sql}`, valores);
        plano = JSON.stringify(linha);
        return [];
      };
      await new PostgresFilaDeSaida({ query } as Sql).tomar({
        canal: 'EMAIL',
        limite: 5,
        agora: em,
        ate: daqui(1_000),
      });
      return [...plano.matchAll(/"(?:Actual Rows|Rows Removed by [^"]+)": ?([\d.]+)/g)].map(([, n]) =>
        Number(n),
      );
    });
    expect(Math.max(...vistas)).toBeLessThan(10);
    expect(vistas).toContain(1);
  });

  it('releases what waits however writing it and verifying its addressee race', async () => {
    const { dataSource } = database;
    const uow = createUnitOfWork(dataSource);
    const quantos = 30;
    await Promise.all(
      Array.from({ length: quantos }, async (_, i) => {
        const contato = { usuarioId: `cli_${i}`, nome: 'Bia', email: `bia.${i}@exemplo.com`, versao: 1 };
        await Promise.all([
          uow.run(({ fila: aFila }) => aFila.add(nova(i, contato.usuarioId))),
          uow.run(async ({ contatos, fila: aFila }) => {
            const verificado = await contatos.save({ ...contato, verificado: true }, em);
            await aFila.reter(contato.usuarioId, !verificado);
          }),
        ]);
      }),
    );
    expect(await tomar(em, 100)).toHaveLength(quantos);
  });

  /** Those of them that there is no room for, of so many that the address, and everybody together, may get. */
  const semLugar = (
    tomadas: readonly NotificacaoTomada[],
    limite: number,
    { dia = '2026-11-23', geral }: { dia?: string; geral?: number } = {},
  ) => {
    const total = geral === undefined ? {} : { total: { nome: 'todos', limite: geral } };
    const cota = (n: number) => ({ nome: n < 3 ? 'ana@exemplo.com' : 'bia@exemplo.com', limite, ...total });
    return inTransaction(database.dataSource, async (sql) => {
      const contas = tomadas.map((tomada, n) => ({ tomada, cota: cota(n) }));
      return [...(await new PostgresFilaDeSaida(sql).contar(contas, dia))].sort();
    });
  };

  const cabe = async (tomada: NotificacaoTomada, limite: number, dia?: string): Promise<boolean> =>
    (await semLugar([tomada], limite, dia === undefined ? {} : { dia })).length === 0;

  const contadas = () => database.dataSource.query('select quantos from envios_do_dia order by quantos');

  it('counts several together, each once, and those of one address that are beyond its share not', async () => {
    for (let numero = 1; numero <= 5; numero++) await fila().add(nova(numero));
    const tomadas = await tomar();
    expect(await semLugar(tomadas, 3)).toEqual([]);
    expect(await semLugar(tomadas, 3)).toEqual([]);
    expect(await contadas()).toEqual([{ quantos: 2 }, { quantos: 3 }]);
    expect(await semLugar(tomadas, 2, { dia: '2026-11-24' })).toEqual(['not_3']);
    expect(await semLugar(tomadas, 2, { dia: '2026-11-24' })).toEqual(['not_3']);
  });

  it('counts none beyond what all together may get, and not those that there was no room for in their own share', async () => {
    for (let numero = 1; numero <= 5; numero++) await fila().add(nova(numero));
    const tomadas = await tomar();
    expect(await semLugar(tomadas, 2, { geral: 3 })).toEqual(['not_3', 'not_5']);
    expect(await semLugar(tomadas, 9, { geral: 0 })).toEqual(['not_3', 'not_5']);
    expect(await semLugar(tomadas, 0, { dia: '2026-11-24' })).toHaveLength(5);
  });

  it('counts to the last place, and none beyond it, when several senders count at once', async () => {
    for (let numero = 1; numero <= 24; numero++) await fila().add(nova(numero));
    const tomadas = await tomar(em, 24);
    const levas = Array.from({ length: 8 }, (_, n) => tomadas.slice(n * 3, n * 3 + 3));
    const fora = await Promise.all(levas.map((leva) => semLugar(leva, 7, { geral: 20 })));
    expect(fora.flat()).toHaveLength(17);
  });

  it('counts a message once a day among those of its address, and two that take the last place as one', async () => {
    for (let numero = 1; numero <= 3; numero++) await fila().add(nova(numero));
    const tomadas = await tomar();
    const contar = (tomada: NotificacaoTomada, dia?: string) => cabe(tomada, 2, dia);
    const [a, b, c] = tomadas as [NotificacaoTomada, NotificacaoTomada, NotificacaoTomada];
    expect([await contar(a), await contar(a)]).toEqual([true, true]);
    expect((await Promise.all([contar(b), contar(c)])).sort()).toEqual([false, true]);
    expect(await contar(c, '2026-11-24')).toBe(true);
    await contar(a, '2026-11-25');
    const dias = await database.dataSource.query('select dia::text, quantos from envios_do_dia order by dia');
    expect(dias).toEqual([
      { dia: '2026-11-24', quantos: 1 },
      { dia: '2026-11-25', quantos: 1 },
    ]);
  });

  it('counts also for a sender that is slow and has lost its message, which sends nothing beyond the share', async () => {
    for (const numero of [1, 2]) await fila().add(nova(numero));
    const contar = (tomada: NotificacaoTomada) => cabe(tomada, 1);
    const [lenta, outra] = await tomar();
    const [tomadaDela] = await tomar(daqui(1_000));
    if (!lenta || !outra || !tomadaDela) throw new Error('nothing is due');
    expect([await contar(outra), await contar(lenta)]).toEqual([true, false]);
    expect([tomadaDela.id, await contar(tomadaDela)]).toEqual([lenta.id, false]);
  });

  it('locks few groups, however many wait', async () => {
    await fila().add({ ...nova(1), grupo: 'ser_1/RESERVA_CONFIRMADA' });
    await database.dataSource.query(`
      insert into notificacoes (id, cliente_id, canal, modelo, reserva_id, assunto, dados, status, versao, criada_em, fato,
        disponivel_em, devida_em, retida, grupo)
      select 'not_x' || n, cliente_id, canal, modelo, 'res_x' || n, assunto, dados, status, versao, criada_em, fato,
        disponivel_em + (n % 50) * interval '1 second', devida_em, retida, 'ser_x' || n || '/RESERVA_CONFIRMADA'
      from notificacoes, generate_series(1, 20000) n where id = 'not_1'`);
    for (const preparar of ['select 1', 'analyze notificacoes']) {
      await database.dataSource.query(preparar);
      const travas = await inTransaction(database.dataSource, async (sql) => {
        const agora = daqui(60_000);
        const tomadas = await new PostgresFilaDeSaida(sql).tomar({
          canal: 'EMAIL',
          limite: 5,
          agora,
          ate: daqui(61_000),
        });
        expect(tomadas).toHaveLength(5);
        const [row]: { n: number }[] = await sql.query(
          `select count(*)::int as n from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`,
        );
        return row?.n;
      });
      expect(travas).toBeLessThanOrEqual(100);
    }
  });

  it('gives a message without contact when the person is gone', async () => {
    await new PostgresContatosRepository(database.dataSource.manager).apagar('cli_ana', em);
    await fila().add(nova(1));
    const tomada = await tomarUma();
    expect((await saida().comecar([tomada])).get('not_1')).toMatchObject({ contato: undefined });
    expect((await saida().marcarSuprimidas([tomada])).get('not_1')).toBe(2);
  });

  it('writes nothing about who is gone but that there was a message, except the last one to them', async () => {
    const onde = { enderecoIp: '203.0.113.7', dispositivo: 'Firefox/128.0', email: 'ana@exemplo.com' };
    const aviso = (numero: number, tipo: 'SENHA_ALTERADA' | 'CONTA_REMOVIDA'): NovaNotificacao => ({
      ...nova(numero),
      ...{ modelo: 'AVISO_DE_SEGURANCA', reservaId: '', fato: `cli_ana/${numero}` },
      dados: { tipo, em: em.toISOString(), ...onde },
    });
    await new PostgresContatosRepository(database.dataSource.manager).apagar('cli_ana', em);
    expect(await fila().add(aviso(1, 'SENHA_ALTERADA'))).toBe(true);
    expect(await fila().add(aviso(2, 'CONTA_REMOVIDA'))).toBe(true);
    const dados = () => database.dataSource.query('select dados from notificacoes order by id');
    expect(await dados()).toEqual([
      { dados: { tipo: 'SENHA_ALTERADA', em: em.toISOString() } },
      { dados: { tipo: 'CONTA_REMOVIDA', em: em.toISOString(), ...onde } },
    ]);
  });

  it('has no words of who is gone put into a message that is replaced', async () => {
    await new PostgresContatosRepository(database.dataSource.manager).apagar('cli_ana', em);
    const cancelada = (motivo: string): NovaNotificacao => ({
      ...nova(1),
      modelo: 'RESERVA_CANCELADA',
      dados: { ...nova(1).dados, motivo } as never,
    });
    await fila().add(cancelada('Minha avó está internada.'));
    expect(await fila().substituir(cancelada('Minha avó está internada.'))).toBe(true);
    const [{ dados }] = await database.dataSource.query('select dados from notificacoes');
    expect(dados).not.toHaveProperty('motivo');
  });

  it('lets nobody without the lease decide about a failure', async () => {
    await fila().add(nova(1));
    const lenta = await tomarUma();
    const atual = await tomarUma(daqui(1_000));
    expect(await saida().marcarFalha(lenta, 'x')).toBeUndefined();
    expect(await saida().repetir(lenta, 'x', em)).toBeUndefined();
    expect((await saida().marcarSuprimidas([lenta])).size).toBe(0);
    expect((await saida().comecar([lenta])).size).toBe(0);
    await saida().adiar(lenta, em);
    expect(await tomar(daqui(1_500))).toEqual([]);
    expect(await saida().repetir(atual, 'x', em)).toBe(2);
  });

  it('notes that a message was accepted once, whoever says it', async () => {
    await fila().add(nova(1));
    const lenta = await tomarUma();
    const atual = await tomarUma(daqui(1_000));
    expect(await saida().marcarFalha(atual, 'a***a@exemplo.com')).toBe(2);
    const fato = { ...lenta, destino: 'a***a@exemplo.com', em, recibo: { provedor: 'smtp' } };
    expect((await saida().marcarEnviadas([fato])).get(lenta.id)).toMatchObject({ versao: 3 });
    expect(await saida().marcarEnviadas([fato])).toEqual(new Map());
    expect(await tomar(daqui(10_000))).toEqual([]);
  });

  it('counts refusals and postponements apart', async () => {
    await fila().add(nova(1));
    await saida().repetir(await tomarUma(), 'a***a@exemplo.com', em);
    await saida().adiar(await tomarUma(), em);
    expect(await tomarUma()).toMatchObject({ recusas: 1, adiamentos: 1 });
  });
});

describe('a unit of work', () => {
  it.each(['40P01', '40001'])('is done again after %s, and takes its message once', async (code) => {
    const { dataSource } = database;
    const uow = createUnitOfWork(dataSource);
    let vezes = 0;
    const nova = await uow.runOnce('spec', `msg_${code}`, async ({ reservas }) => {
      await reservas.abrir(`res_${code}`);
      vezes += 1;
      if (vezes === 1) throw Object.assign(new Error('rolled back for another one'), { code });
    });
    expect([nova, vezes]).toEqual([true, 2]);
    expect(await uow.runOnce('spec', `msg_${code}`, async () => {})).toBe(false);
  });
});
