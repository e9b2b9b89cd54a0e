import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Dinheiro } from '@plataforma/domain/dinheiro';
import { toPageToken } from '@plataforma/domain/page-token';
import { type Barrier, doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { eventually } from '@plataforma/testing/eventually';
import { NENHUMA_DISPENSA } from '../../src/espacos/domain/dispensas.ts';
import { between, NOW, newId, newReserva, storeEspaco } from '../reservas-fixture.ts';
import { SeriesUnderTest } from './series-fixture.ts';

let sut: SeriesUnderTest;
let parado: Barrier | undefined;

beforeAll(async () => {
  sut = await SeriesUnderTest.open();
});

afterAll(() => sut?.close());

/** Also after a failure: a connection that stands still cannot be closed. */
afterEach(() => parado?.open());

beforeEach(() => {
  sut.clock.set(NOW);
  sut.pagamentos.down = false;
});

/** Takes some time of a day of the space, an hour of the series unless something else is said, as somebody else. */
async function ocupar(
  espaco: Awaited<ReturnType<typeof storeEspaco>>,
  dia: string,
  { de = '13:00', ate = '14:00', ...mudancas }: { de?: string; ate?: string; folgaMinutos?: number } = {},
): Promise<void> {
  const reserva = newReserva(espaco, between(`${dia}T${de}:00Z`, `${dia}T${ate}:00Z`), mudancas);
  const guardada = await sut.uow.run((tx) => tx.reservas.add(reserva));
  if (guardada.isFailure) throw guardada.error;
}

/** How many transactions wait for another one. */
async function esperando(): Promise<number> {
  const [{ quantas }] = await sut.dataSource.query(
    `select count(*)::int as quantas from pg_stat_activity
     where datname = current_database() and wait_event_type = 'Lock'`,
  );
  return quantas;
}

describe('booking a series', () => {
  it('makes a reservation of every date, each with its own price, hold, charge and event', async () => {
    const espaco = await storeEspaco(sut.uow, {
      extras: [
        { codigo: 'PROJETOR', nome: 'Projetor', preco: Dinheiro.deCentavos(100_00), quantidadeMaxima: 2 },
      ],
    });
    const extras = [{ codigo: 'PROJETOR', quantidade: 1 }];
    const rrule = 'FREQ=WEEKLY;COUNT=5';
    const { serie, reservas } = await sut.reservar(
      sut.command(espaco.id, { extras, rrule, datasExcluidas: ['2026-06-24'] }),
    );
    expect(serie).toMatchObject({ fusoHorario: 'America/Sao_Paulo', puladas: [], criadoEm: new Date(NOW) });
    expect(reservas.map(({ serie: lugar }) => [lugar?.numero, lugar?.data, lugar?.serieId])).toEqual([
      [1, '2026-06-10', serie.id],
      [2, '2026-06-17', serie.id],
      [4, '2026-07-01', serie.id],
      [5, '2026-07-08', serie.id],
    ]);
    expect(reservas.map(({ preco }) => preco.valor.centavos)).toEqual([350_00n, 350_00n, 350_00n, 310_00n]);
    for (const { id, status, checkoutUrl, periodo } of reservas) {
      expect([status, checkoutUrl]).toEqual(['PENDENTE_PAGAMENTO', `https://pay.example/pag_${id}`]);
      expect(periodo.inicio.getUTCHours()).toBe(13);
      const [evento] = await sut.dataSource.query('select assunto from outbox where agregado_id = $1', [id]);
      expect(evento.assunto).toBe('reservas.v1.ReservaCriada');
    }
  });

  it('makes nothing when one of the dates is taken, and names it', async () => {
    const espaco = await storeEspaco(sut.uow);
    await ocupar(espaco, '2026-06-24');
    const recusada = await sut.criar.execute(sut.command(espaco.id));
    expect(recusada).toMatchObject({
      isFailure: true,
      error: { motivo: 'SERIE_COM_CONFLITOS', detalhes: { conflitos: ['2026-06-24'] } },
    });
    expect(await sut.rows(espaco.id)).toEqual({ series: 0, reservas: 1 });
  });

  it('leaves out what cannot be booked when asked to, and remembers why', async () => {
    const espaco = await storeEspaco(sut.uow);
    await ocupar(espaco, '2026-06-24');
    const { serie, reservas } = await sut.reservar(
      sut.command(espaco.id, { rrule: 'FREQ=WEEKLY;COUNT=7' }, { modo: 'PULAR_CONFLITOS' }),
    );
    expect(reservas.map(({ serie: lugar }) => lugar?.numero)).toEqual([1, 2, 4, 5, 6]);
    const puladas = [
      { numero: 3, data: '2026-06-24', motivo: 'ESPACO_INDISPONIVEL' },
      { numero: 7, data: '2026-07-22', motivo: 'LIMITE_DE_RESERVAS' },
    ];
    expect(serie.puladas).toMatchObject(puladas);
    const lida = await sut.series.findById(serie.id, { id: serie.clienteId, admin: false });
    expect(lida).toMatchObject({ isSuccess: true, value: { serie: { puladas } } });
  });

  it('leaves out what is too near to a neighbour, before or after it', async () => {
    const espaco = await storeEspaco(sut.uow, { folgaMinutos: 15 });
    await ocupar(espaco, '2026-06-10', { de: '15:15', ate: '16:00' });
    await ocupar(espaco, '2026-06-17', { de: '15:10', ate: '16:00' });
    await ocupar(espaco, '2026-06-24', { de: '08:00', ate: '09:15', folgaMinutos: 240 });
    const { serie } = await sut.reservar(sut.command(espaco.id, {}, { modo: 'PULAR_CONFLITOS' }));
    expect(serie.puladas.map(({ data }) => data)).toEqual(['2026-06-17', '2026-06-24']);
  });

  it('takes what was taken and is free again', async () => {
    const espaco = await storeEspaco(sut.uow);
    await ocupar(espaco, '2026-06-17');
    await sut.dataSource.query(`update reservas set status = 'EXPIRADA' where espaco_id = $1`, [espaco.id]);
    expect((await sut.reservar(sut.command(espaco.id))).serie.puladas).toEqual([]);
  });

  it('makes no empty series', async () => {
    const espaco = await storeEspaco(sut.uow);
    for (const dia of ['2026-06-10', '2026-06-17']) await ocupar(espaco, dia);
    const command = sut.command(espaco.id, { rrule: 'FREQ=WEEKLY;COUNT=2' }, { modo: 'PULAR_CONFLITOS' });
    expect(await sut.criar.execute(command)).toMatchObject({ error: { motivo: 'SERIE_COM_CONFLITOS' } });
    expect(await sut.rows(espaco.id)).toEqual({ series: 0, reservas: 2 });
  });

  it('counts every date for the limit of the customer, unless an admin sets that aside', async () => {
    const espaco = await storeEspaco(sut.uow);
    const plano = { rrule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR;COUNT=52' };
    expect(await sut.criar.execute(sut.command(espaco.id, plano))).toMatchObject({
      error: { motivo: 'SERIE_COM_RECUSAS' },
    });
    const dispensas = { ...NENHUMA_DISPENSA, limite: true, motivo: 'curso do ano' };
    const command = sut.command(espaco.id, plano, { quem: 'cli_admin', dispensas });
    await sut.dataSource.query('insert into contas (usuario_id, versao, ativa) values ($1, 1, true)', [
      command.plano.clienteId,
    ]);
    const { reservas } = await sut.reservar(command);
    expect(reservas.map(({ status }) => status)).toEqual(Array(52).fill('PENDENTE_PAGAMENTO'));
    const [{ porques }] = await sut.dataSource.query(
      `select count(*)::int as porques from reservas_historico h join reservas r on r.id = h.reserva_id
       where r.espaco_id = $1 and h.porque like '%com dispensa de limite de reservas: curso do ano'`,
      [espaco.id],
    );
    expect(porques).toBe(52);
  });

  it('keeps who books meanwhile waiting, the space as well as the customer', async () => {
    const espaco = await storeEspaco(sut.uow);
    const outro = await storeEspaco(sut.uow);
    const command = sut.command(espaco.id, { rrule: 'FREQ=WEEKLY;COUNT=5' });
    parado = stopAt(/^insert into series /);
    const serie = sut.reservar(command);
    await parado.reached();
    const noEspaco = sut.criar.execute(sut.command(espaco.id));
    expect(await doneOrBlocked(sut.dataSource, noEspaco)).toBe('blocked');
    const doCliente = sut.criar.execute(sut.command(outro.id, { clienteId: command.plano.clienteId }));
    await eventually(async () => expect(await esperando()).toBe(2));
    parado.open();
    expect((await serie).reservas).toHaveLength(5);
    expect(await noEspaco).toMatchObject({ error: { motivo: 'SERIE_COM_CONFLITOS' } });
    expect(await doCliente).toMatchObject({ error: { motivo: 'SERIE_COM_RECUSAS' } });
  });

  it('stays undone when a writer without the locks is faster', async () => {
    const espaco = await storeEspaco(sut.uow);
    const outra = newReserva(espaco, between('2026-06-24T13:00:00Z', '2026-06-24T14:00:00Z'));
    const { tentativa } = await sut.uow.run(async (tx) => {
      await tx.reservas.add(outra);
      const emEspera = sut.criar.execute(sut.command(espaco.id));
      await eventually(async () => expect(await esperando()).toBe(1));
      return { tentativa: emEspera };
    });
    expect(await tentativa).toMatchObject({ error: { detalhes: { conflitos: ['2026-06-24'] } } });
    expect(await sut.rows(espaco.id)).toEqual({ series: 0, reservas: 1 });
  });
});

describe('a call that comes again', () => {
  it('is answered with the series that it made, and asks for the charges that are missing', async () => {
    const espaco = await storeEspaco(sut.uow);
    sut.pagamentos.down = true;
    const primeira = await sut.reservar(sut.command(espaco.id));
    expect(primeira.reservas.map(({ status }) => status)).toEqual(Array(4).fill('PENDENTE_COBRANCA'));
    sut.pagamentos.down = false;
    const repetida = await sut.criar.repeat(primeira.serie.id, 8_000);
    if (repetida.isFailure) throw repetida.error;
    const { serie, reservas } = repetida.value;
    expect(serie).toEqual(primeira.serie);
    expect(reservas.map(({ id }) => id)).toEqual(primeira.reservas.map(({ id }) => id));
    expect(reservas.map(({ status }) => status)).toEqual(Array(4).fill('PENDENTE_PAGAMENTO'));
    expect(await sut.rows(espaco.id)).toEqual({ series: 1, reservas: 4 });
  });
});

describe('the dry run', () => {
  it('tells what the booking would do, and writes nothing', async () => {
    const espaco = await storeEspaco(sut.uow);
    await ocupar(espaco, '2026-06-24');
    const command = sut.command(
      espaco.id,
      { rrule: 'FREQ=WEEKLY;COUNT=8', datasExcluidas: ['2026-07-01'] },
      { modo: 'PULAR_CONFLITOS' },
    );
    const simulada = await sut.simular.execute(command);
    if (simulada.isFailure) throw simulada.error;
    const { ocorrencias } = simulada.value;
    expect(ocorrencias.map(({ estado }) => estado)).toEqual([
      'LIVRE',
      'LIVRE',
      'CONFLITO',
      'EXCLUIDA',
      'LIVRE',
      'LIVRE',
      'LIVRE',
      'RECUSADA',
    ]);
    expect(await sut.rows(espaco.id)).toEqual({ series: 0, reservas: 1 });

    const { serie, reservas } = await sut.reservar(command);
    const livres = ocorrencias.filter(({ estado }) => estado === 'LIVRE');
    expect(reservas.map(({ periodo, preco }) => ({ periodo, preco }))).toEqual(
      livres.map(({ periodo, preco }) => ({ periodo, preco })),
    );
    expect(serie.puladas.map(({ numero }) => numero)).toEqual([3, 8]);
  });
});

describe('a stored series', () => {
  it('is read by its customer and by an admin, and by nobody else', async () => {
    const espaco = await storeEspaco(sut.uow);
    const { serie } = await sut.reservar(sut.command(espaco.id, { rrule: 'FREQ=WEEKLY;COUNT=1' }));
    const lida = (id: string, admin = false) => sut.series.findById(serie.id, { id, admin });
    expect(await lida(serie.clienteId)).toMatchObject({ value: { reservas: [{ serie: { numero: 1 } }] } });
    expect((await lida('cli_admin', true)).isSuccess).toBe(true);
    expect(await lida(newId('cli'))).toMatchObject({ error: { motivo: 'SERIE_NAO_ENCONTRADA' } });
  });

  it('is listed newest first, page by page', async () => {
    const espaco = await storeEspaco(sut.uow);
    const clienteId = newId('cli');
    const ids: string[] = [];
    for (const dia of ['10', '11', '12']) {
      const plano = { clienteId, rrule: 'FREQ=WEEKLY;COUNT=1', inicioLocal: `2026-06-${dia}T10:00` };
      ids.unshift((await sut.reservar(sut.command(espaco.id, plano))).serie.id);
      sut.clock.advance(1000);
    }
    const pagina = async (pageToken: string) => {
      const solicitante = { id: clienteId, admin: false };
      const filtro = { clienteId: undefined, espacoId: espaco.id };
      const lista = await sut.series.listar({ solicitante, ...filtro, pageSize: 2, pageToken });
      if (lista.isFailure) throw lista.error;
      return lista.value;
    };
    const primeira = await pagina('');
    const segunda = await pagina(toPageToken(primeira.proxima));
    expect([...primeira.itens, ...segunda.itens].map(({ id }) => id)).toEqual(ids);
    expect(segunda.proxima).toBeUndefined();
  });

  it('and the places of its reservations never change', async () => {
    const espaco = await storeEspaco(sut.uow);
    const { serie } = await sut.reservar(sut.command(espaco.id));
    const mudar = (sql: string) => sut.dataSource.query(sql, [serie.id]);
    await expect(mudar(`update series set rrule = 'FREQ=WEEKLY' where id = $1`)).rejects.toThrow(
      'append-only',
    );
    await expect(mudar('update reservas set serie_numero = 9 where serie_id = $1')).rejects.toThrow('frozen');
  });
});
