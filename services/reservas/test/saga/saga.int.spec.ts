import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { ParteSaga, PassoSaga, ResultadoEtapa } from '@plataforma/contratos/reservas/v1/saga_pb';
import { type Barrier, stopAt } from '@plataforma/testing/barrier';
import { createUnitOfWork } from '../../src/persistence/unit-of-work.ts';
import { ObterSagaHandler } from '../../src/saga/application/obter-saga.ts';
import { PostgresConsultaDeSagas } from '../../src/saga/infrastructure/consulta-de-sagas.ts';
import { contarEstornosParados } from '../../src/saga/infrastructure/contagens.ts';
import { Ciclo } from '../ciclo-fixture.ts';
import { between, NOW, newId, storeEspaco } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

const ADMIN_DA_CASA = { id: 'cli_admin', admin: true };

describe('the saga of a reservation', () => {
  let ciclo: Ciclo;
  let consulta: ObterSagaHandler;

  beforeAll(async () => {
    ciclo = await Ciclo.open();
    consulta = new ObterSagaHandler({
      sagas: new PostgresConsultaDeSagas(ciclo.dataSource),
      clock: ciclo.clock,
    });
  });

  afterAll(() => ciclo.close());

  beforeEach(() => ciclo.clock.set(NOW));

  let parado: Barrier | undefined;
  afterEach(() => parado?.open());

  async function saga(id: string) {
    const achada = await consulta.execute({ reservaId: id });
    if (achada.isFailure) throw achada.error;
    return achada.value;
  }

  async function etapas(id: string): Promise<string[]> {
    return (await saga(id)).etapas.map(({ fato, comando, resultado }) => `${fato}>${comando}:${resultado}`);
  }

  async function paga() {
    const reserva = await ciclo.esperando();
    await ciclo.pagar(reserva.id);
    return reserva;
  }

  async function cancelada(antes: (reserva: { id: string }) => Promise<void> = async () => {}) {
    const reserva = await paga();
    await antes(reserva);
    const pedido = { reservaId: reserva.id, solicitante: ADMIN_DA_CASA, motivo: 'obra', excecao: undefined };
    const feito = await ciclo.cancelar.execute(pedido);
    if (feito.isFailure) throw feito.error;
    return reserva;
  }

  it('tells every fact with its message, what came of it, and the repetitions', async () => {
    const { id } = await ciclo.esperando();
    const aprovado = { tipo: 'PagamentoAprovado', ...ciclo.pagamento(id) } as const;
    const mensagem = newId('msg');
    ciclo.clock.advance(1_000);
    await ciclo.receber(aprovado, mensagem);
    ciclo.clock.advance(1_000);
    await ciclo.receber(aprovado, mensagem);
    ciclo.clock.advance(1_000);
    await ciclo.receber(aprovado);
    expect(await etapas(id)).toEqual([
      'ReservaPedida>CriarCobranca:FEITA',
      'CobrancaCriada>RegistrarCobranca:FEITA',
      'PagamentoAprovado>ReceberPagamento:FEITA',
      'PagamentoAprovado>:REPETIDA',
      'PagamentoAprovado>ReceberPagamento:SEM_EFEITO',
    ]);
    const { passo, etapas: todas, ultimoErro, porPublicar } = await saga(id);
    expect(passo).toBe('CONFIRMADA');
    expect(todas[2]).toMatchObject({ de: 'PENDENTE_PAGAMENTO', para: 'CONFIRMADA', mensagemId: mensagem });
    expect(ultimoErro).toBeUndefined();
    expect(porPublicar).toBe(2);
  });

  it('keeps a fact that the reservation cannot take, and why', async () => {
    const { id } = await paga();
    const outra = { pagamentoId: 'pag_outro', checkoutUrl: 'https://pay.example/outro' };
    const fato = { tipo: 'CobrancaCriada', reservaId: id, ...outra } as const;
    await expect(ciclo.receber(fato)).rejects.toThrow('não espera esta cobrança');
    expect((await etapas(id)).at(-1)).toBe('CobrancaCriada>:RECUSADA');
    expect((await saga(id)).ultimoErro?.porque).toBe('A reserva está CONFIRMADA e não espera esta cobrança.');
  });

  it('keeps the beginning of a long reason', async () => {
    const { id } = await ciclo.esperando();
    const nota = {
      reservaId: id,
      fato: 'ReservaCriada',
      comando: 'CriarCobranca',
      resultado: 'ADIADA',
    } as const;
    const resto = { versao: undefined, mensagemId: '', em: ciclo.clock.now() };
    await ciclo.uow.run((tx) => tx.ocorrencias.add({ ...nota, ...resto, porque: 'a'.repeat(900) }));
    expect((await saga(id)).ultimoErro?.porque).toBe('a'.repeat(500));
  });

  it('notes nothing for a reservation that nobody knows', async () => {
    const cobranca = { pagamentoId: 'pag_1', checkoutUrl: 'https://pay.example/1' };
    const fato = { tipo: 'CobrancaCriada', reservaId: 'res_nenhuma', ...cobranca } as const;
    await ciclo.receber(fato);
    expect((await consulta.execute({ reservaId: 'res_nenhuma' })).isFailure).toBe(true);
  });

  it('tells pagamentos of a cancellation no more once that is refused for good', async () => {
    const { id } = await cancelada();
    await ciclo.dataSource.query(
      `update reservas set estorno_numero = 9, estorno_status = 'CONCLUIDO'
      where id <> $1`,
      [id],
    );
    ciclo.clock.advance(31_000);
    await ciclo.prazos.execute('DEVOLUCAO');
    await ciclo.receber({ tipo: 'DevolucaoRecusada', reservaId: id, motivo: 'ESTORNO_ALEM_DO_CAPTURADO' });
    expect(await saga(id)).toMatchObject({ passo: 'FALHOU_ESTORNO', aguarda: 'OPERACAO', atrasada: true });
    expect((await etapas(id)).at(-1)).toBe('DevolucaoRecusada>RegistrarDevolucaoRecusada:FEITA');
    ciclo.clock.advance(24 * 3_600_000);
    await ciclo.prazos.execute('DEVOLUCAO');
    expect((await ciclo.anunciados(id)).filter((tipo) => tipo === 'EncerrarOuDevolver')).toHaveLength(1);
    const agora = ciclo.clock.now();
    expect(await contarEstornosParados(ciclo.dataSource, agora, agora)).toEqual([
      { situacao: 'RECUSADA', total: 1 },
    ]);
    // Somebody gives it back by hand.
    const estorno = { numero: 1, status: 'CONCLUIDO' } as const;
    await ciclo.receber({ tipo: 'EstornoMudou', ...ciclo.pagamento(id), estorno });
    expect((await saga(id)).passo).toBe('CONCLUIDA');
  });

  it('follows a refund to its failure and to the next one', async () => {
    const { id } = await cancelada();
    expect(await saga(id)).toMatchObject({ passo: 'COMPENSANDO', aguarda: 'PAGAMENTOS' });
    const mudou = { tipo: 'EstornoMudou', ...ciclo.pagamento(id) } as const;
    await ciclo.receber({ ...mudou, estorno: { numero: 1, status: 'SOLICITADO' } });
    await ciclo.receber({
      ...mudou,
      estorno: { numero: 1, status: 'FALHOU' },
      porque: 'lost_or_stolen_card',
    });
    const falhou = await saga(id);
    expect(falhou).toMatchObject({ passo: 'FALHOU_ESTORNO', aguarda: 'OPERACAO', atrasada: true });
    expect(falhou.ultimoErro?.porque).toBe('estorno falhou: lost_or_stolen_card');
    await ciclo.receber({ ...mudou, estorno: { numero: 2, status: 'SOLICITADO' } });
    await ciclo.receber({ ...mudou, estorno: { numero: 2, status: 'CONCLUIDO' } });
    expect((await saga(id)).passo).toBe('CONCLUIDA');
  });

  it('counts refunds that pagamentos never took up, that last, and that failed', async () => {
    const minutos = (n: number) => new Date(ciclo.clock.now().getTime() - n * 60_000);
    const contar = async () =>
      Object.fromEntries(
        (await contarEstornosParados(ciclo.dataSource, minutos(5), minutos(24 * 60))).map((conta) => [
          conta.situacao,
          conta.total,
        ]),
      );
    await ciclo.dataSource.query(`update reservas set estorno_numero = 9, estorno_status = 'CONCLUIDO'`);
    const [calada, pedida, falhou] = [await cancelada(), await cancelada(), await cancelada()];
    const mudou = ({ id }: { id: string }) => ({ tipo: 'EstornoMudou', ...ciclo.pagamento(id) }) as const;
    await ciclo.receber({ ...mudou(pedida), estorno: { numero: 1, status: 'SOLICITADO' } });
    await ciclo.receber({ ...mudou(falhou), estorno: { numero: 1, status: 'FALHOU' } });
    expect(await contar()).toEqual({ FALHOU: 1 });
    ciclo.clock.advance(6 * 60_000);
    expect(await contar()).toEqual({ FALHOU: 1, SEM_RESPOSTA: 1 });
    await ciclo.receber({ ...mudou(calada), estorno: { numero: 1, status: 'CONCLUIDO' } });
    ciclo.clock.advance(24 * 3_600_000);
    expect(await contar()).toEqual({ FALHOU: 1, SOLICITADO: 1 });
  });

  it('waits for the refund that is due after an earlier one, unless no money is left', async () => {
    const parados = () =>
      contarEstornosParados(ciclo.dataSource, ciclo.clock.now(), new Date('2000-01-01T00:00:00Z'));
    await ciclo.dataSource.query(`update reservas set estorno_numero = 9, estorno_status = 'CONCLUIDO'`);
    const { id } = await cancelada(async (reserva) => {
      const antes = { numero: 1, status: 'CONCLUIDO' } as const;
      await ciclo.receber({ tipo: 'EstornoMudou', ...ciclo.pagamento(reserva.id), estorno: antes });
    });
    expect((await saga(id)).passo).toBe('COMPENSANDO');
    expect(await parados()).toEqual([{ situacao: 'SEM_RESPOSTA', total: 1 }]);
    const { reservaId, pagamentoId } = ciclo.pagamento(id);
    await ciclo.receber({ tipo: 'CobrancaCancelada', reservaId, pagamentoId, foiPaga: true });
    expect((await saga(id)).passo).toBe('CONCLUIDA');
    expect(await parados()).toEqual([]);
  });

  it('goes on giving back when it hears late that the charge was closed before it was paid', async () => {
    await ciclo.dataSource.query(`update reservas set estorno_numero = 9, estorno_status = 'CONCLUIDO'`);
    const { id } = await ciclo.esperando();
    ciclo.clock.advance(16 * 60_000);
    await ciclo.prazos.execute('ESPERA');
    await ciclo.pagar(id);
    await ciclo.cancelar.execute({
      ...{ reservaId: id, solicitante: ADMIN_DA_CASA, motivo: 'obra', excecao: undefined },
    });
    ciclo.clock.advance(1_000);
    await ciclo.encerrarCobranca(id);
    expect((await etapas(id)).at(-1)).toBe('CobrancaCancelada>ExpirarReserva:SEM_EFEITO');
    const [guardada] = await ciclo.dataSource.query(
      'select reembolso_centavos as reembolso from reservas where id = $1',
      [id],
    );
    expect(Number(guardada.reembolso)).toBeGreaterThan(0);
    expect((await saga(id)).passo).toBe('COMPENSANDO');
    ciclo.clock.advance(30_000);
    const agora = ciclo.clock.now();
    expect(await contarEstornosParados(ciclo.dataSource, agora, agora)).toEqual([
      { situacao: 'SEM_RESPOSTA', total: 1 },
    ]);
    await ciclo.prazos.execute('DEVOLUCAO');
    expect((await ciclo.anunciados(id)).filter((tipo) => tipo === 'EncerrarOuDevolver')).toHaveLength(1);
  });

  it('shows the latest steps of a saga that has very many', async () => {
    const { id } = await ciclo.esperando();
    await ciclo.dataSource.query(
      `insert into saga_ocorrencias (reserva_id, fato, comando, resultado, em)
       select $1, 'ReservaCriada', 'CriarCobranca', 'ADIADA', $2::timestamptz + n * interval '1 second'
       from generate_series(1, 600) n`,
      [id, NOW],
    );
    const { etapas: vistas } = await saga(id);
    expect(vistas).toHaveLength(500);
    expect(vistas.at(-1)?.em).toEqual(new Date(new Date(NOW).getTime() + 600_000));
  });

  it('is told as it was at one moment, whatever changes while it is read', async () => {
    const { id } = await ciclo.esperando();
    parado = stopAt(/from reservas_historico where reserva_id/);
    const lida = new PostgresConsultaDeSagas(ciclo.dataSource).registros(id, 100);
    await parado.reached();
    await ciclo.pagar(id);
    parado.open();
    const { reserva, historico, ocorrencias } = (await lida) ?? {};
    expect(reserva?.status).toBe('PENDENTE_PAGAMENTO');
    expect(historico?.at(-1)).toMatchObject({ para: reserva?.status, versao: reserva?.versao });
    expect(ocorrencias?.map(({ fato }) => fato)).toEqual(['CobrancaCriada']);
  });

  it.each(['update', 'delete', 'truncate'])('refuses to have its notes changed by %s', async (verbo) => {
    await ciclo.esperando();
    const sql = {
      update: `update saga_ocorrencias set porque = 'outra coisa'`,
      delete: 'delete from saga_ocorrencias',
      truncate: 'truncate saga_ocorrencias',
    }[verbo] as string;
    await expect(ciclo.dataSource.query(sql)).rejects.toThrow('append-only');
  });
});

describe('ObterSaga', () => {
  let sut: Awaited<ReturnType<typeof startReservas>>;

  beforeAll(async () => {
    sut = await startReservas();
  });

  afterAll(() => sut.close());

  const admin = () => sut.as({ sub: 'cli_admin', papeis: ['ADMIN'] });

  async function criada() {
    const uow = createUnitOfWork(sut.dataSource);
    const espaco = await storeEspaco(uow);
    const { inicio, fim } = between('2026-06-10T13:00:00Z', '2026-06-10T15:00:00Z');
    const instante = (data: Date) => ({ seconds: BigInt(data.getTime() / 1000), nanos: 0 });
    return sut.reservas.criarReserva(
      { espacoId: espaco.id, dataInicio: instante(inicio), dataFim: instante(fim) },
      await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] }),
    );
  }

  it('says why a hold has no charge, since when and until when', async () => {
    sut.standIns.mode = 'crashes';
    const { id, criadoEm, expiraEm } = await criada();
    const saga = await sut.reservas.obterSaga({ reservaId: id }, await admin());
    expect(saga).toMatchObject({
      reservaId: id,
      status: StatusReserva.PENDENTE_COBRANCA,
      passo: PassoSaga.AGUARDANDO_COBRANCA,
      aguarda: ParteSaga.PAGAMENTOS,
      atrasada: false,
      tentativas: 1,
      eventosPorPublicar: 1,
    });
    expect([saga.desde, saga.prazo]).toEqual([criadoEm, expiraEm]);
    expect(saga.ultimoErro).toMatch(/^pagamentos did not create the charge: /);
    expect(saga.etapas.map(({ fato, resultado }) => [fato, resultado])).toEqual([
      ['ReservaPedida', ResultadoEtapa.FEITA],
      ['ReservaCriada', ResultadoEtapa.ADIADA],
    ]);
  });

  it('tells apart that the charge came with the call', async () => {
    sut.standIns.mode = 'answers';
    const { id, pagamentoId } = await criada();
    const saga = await sut.reservas.obterSaga({ reservaId: id }, await admin());
    expect([saga.passo, saga.pagamentoId]).toEqual([PassoSaga.AGUARDANDO_PAGAMENTO, pagamentoId]);
    expect(saga.etapas.map(({ fato }) => fato)).toEqual(['ReservaPedida', 'CobrancaRespondida']);
  });

  it('is for administrators, and about reservations that exist', async () => {
    const { id, clienteId } = await criada();
    const dono = await sut.as({ sub: clienteId, papeis: ['CLIENTE'] });
    const gestor = await sut.as({ sub: clienteId, papeis: ['GESTOR'] });
    for (const quem of [dono, gestor])
      expect(await failure(sut.reservas.obterSaga({ reservaId: id }, quem))).toBe(
        'PermissionDenied ACESSO_NEGADO',
      );
    expect(await failure(sut.reservas.obterSaga({ reservaId: 'res_nenhuma' }, await admin()))).toBe(
      'NotFound RESERVA_NAO_ENCONTRADA',
    );
  });
});
