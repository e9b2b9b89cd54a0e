import { fromJson } from '@bufbuild/protobuf';
import { timestampDate, timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { PagamentoAprovadoSchema } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { StatusPagamento } from '@plataforma/contratos/pagamentos/v1/pagamento_pb';
import type { CriarCobrancaRequest } from '@plataforma/contratos/pagamentos/v1/pagamentos_service_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { type ReservaCriada, ReservaCriadaSchema } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { StatusReserva, TipoLinhaPreco } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { newId } from '../reservas-fixture.ts';
import { deliver, details, failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

beforeEach(() => {
  sut.standIns.mode = 'answers';
  sut.standIns.statusDoPagamento = StatusPagamento.APROVADO;
});

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
const cliente = (sub = newId('cli')) => ({ sub, papeis: ['CLIENTE'] });

interface MudancasEspaco {
  nome?: string;
  tipo?: TipoEspaco;
  capacidade?: number;
  folgaMinutos?: number;
  fusoHorario?: string;
  horarios?: { diaSemana: number; abre: string; fecha: string }[];
}

async function novoEspaco(mudancas: MudancasEspaco = {}) {
  const pedido = {
    nome: 'Sala Ipê',
    tipo: TipoEspaco.SALA_REUNIAO,
    capacidade: 8,
    precoPorHora: { centavos: 100_00n, moeda: 'BRL' },
    extras: [
      {
        codigo: 'PROJETOR',
        nome: 'Projetor',
        preco: { centavos: 100_00n, moeda: 'BRL' },
        quantidadeMaxima: 1,
      },
    ],
    ...mudancas,
  };
  return sut.espacos.criarEspaco(pedido, await sut.as(ADMIN));
}

/** A Wednesday, eight days ahead; hours are UTC, three more than in São Paulo. */
function pedido(espacoId: string, inicio = '2026-06-10T13:00:00Z', fim = '2026-06-10T15:00:00Z') {
  return {
    espacoId,
    dataInicio: timestampFromDate(new Date(inicio)),
    dataFim: timestampFromDate(new Date(fim)),
  };
}

/** What a call and an event that ask for the charge of a reservation must say alike. */
function pedidoDe(mensagem: CriarCobrancaRequest | ReservaCriada | undefined) {
  if (!mensagem) return undefined;
  const { reservaId, clienteId, valor, descricao, expiraEm, guardarCreditos } = mensagem;
  return { reservaId, clienteId, valor, descricao, expiraEm, guardarCreditos };
}

describe('CriarReserva', () => {
  it('answers PENDENTE_PAGAMENTO with the checkout when pagamentos answers', async () => {
    const { id: espacoId } = await novoEspaco();
    const quem = cliente();
    let codigoHttp: string | null = null;
    const reserva = await sut.reservas.criarReserva(
      { ...pedido(espacoId), extras: [{ codigo: 'PROJETOR', quantidade: 1 }] },
      {
        ...(await sut.as(quem)),
        onHeader: (headers) => {
          codigoHttp = headers.get('x-http-code');
        },
      },
    );
    expect(reserva.status).toBe(StatusReserva.PENDENTE_PAGAMENTO);
    expect(reserva.checkoutUrl).toBe(`https://pay.example/${reserva.pagamentoId}`);
    expect(reserva.clienteId).toBe(quem.sub);
    expect(reserva.valor?.centavos).toBe(350_00n);
    expect(reserva.preco.map(({ tipo, valor }) => [tipo, valor?.centavos])).toEqual([
      [TipoLinhaPreco.HORAS, 200_00n],
      [TipoLinhaPreco.LIMPEZA, 50_00n],
      [TipoLinhaPreco.EXTRA, 100_00n],
    ]);
    expect(reserva.expiraEm && timestampDate(reserva.expiraEm)).toEqual(new Date('2026-06-02T09:15:00Z'));
    expect(codigoHttp).toBe('201');
    const [{ payload }] = await sut.dataSource.query(
      `select payload from outbox where agregado_id = $1 and assunto = 'reservas.v1.ReservaCriada'`,
      [reserva.id],
    );
    const cobranca = sut.standIns.cobrancas.at(-1);
    expect(cobranca).toMatchObject({
      reservaId: reserva.id,
      clienteId: quem.sub,
      valor: { centavos: 350_00n, moeda: 'BRL' },
      descricao: expect.stringMatching(
        /^Reserva de Sala .* Pague até 02\/06\/2026, 06:15 \(horário do espaço\)\.$/,
      ),
    });
    expect(pedidoDe(cobranca)).toEqual(pedidoDe(fromJson(ReservaCriadaSchema, payload)));
  });

  it.each(['hangs', 'refuses', 'crashes', 'prepares'] as const)(
    'answers PENDENTE_COBRANCA and holds the slot when pagamentos does this: %s',
    async (modo) => {
      const { id: espacoId } = await novoEspaco();
      sut.standIns.mode = modo;
      const reserva = await sut.reservas.criarReserva(pedido(espacoId), await sut.as(cliente()));
      expect(reserva).toMatchObject({
        status: StatusReserva.PENDENTE_COBRANCA,
        checkoutUrl: '',
        pagamentoId: '',
      });
      const outra = sut.reservas.criarReserva(pedido(espacoId), await sut.as(cliente()));
      expect(await failure(outra)).toBe('AlreadyExists ESPACO_INDISPONIVEL');
    },
  );

  it('answers CONFIRMADA without a checkout when store credit pays everything', async () => {
    const { id: espacoId } = await novoEspaco();
    sut.standIns.mode = 'credito';
    const dono = await sut.as(cliente());
    const reserva = await sut.reservas.criarReserva(pedido(espacoId), dono);
    expect(reserva).toMatchObject({
      status: StatusReserva.CONFIRMADA,
      checkoutUrl: '',
      creditosUsados: { centavos: 250_00n },
    });
    const { id: reservaId, pagamentoId } = reserva;
    await deliver(sut.parts, PagamentoAprovadoSchema, { reservaId, pagamentoId });
    expect(await sut.reservas.obterReserva({ reservaId }, dono)).toEqual(reserva);
    expect(await sut.reservas.simularCancelamento({ reservaId }, dono)).toMatchObject({
      reembolso: { centavos: 250_00n },
      reembolsoCreditos: { centavos: 250_00n },
    });
  });

  it.each([true, false])(
    'tells pagamentos by call and event alike to keep credit: %p',
    async (guardarCreditos) => {
      const { id: espacoId } = await novoEspaco();
      const criada = await sut.reservas.criarReserva(
        { ...pedido(espacoId), guardarCreditos },
        await sut.as(cliente()),
      );
      expect(criada.guardarCreditos).toBe(guardarCreditos);
      expect(sut.standIns.cobrancas.at(-1)?.guardarCreditos).toBe(guardarCreditos);
      const sql = `select payload from outbox where agregado_id = $1 and assunto = 'reservas.v1.ReservaCriada'`;
      const [{ payload }] = await sut.dataSource.query(sql, [criada.id]);
      expect(payload.guardarCreditos ?? false).toBe(guardarCreditos);
      const virar = sut.dataSource.query(
        'update reservas set guardar_creditos = not guardar_creditos where id = $1',
        [criada.id],
      );
      await expect(virar).rejects.toThrow('is frozen');
    },
  );

  it('answers once when the call comes twice with its idempotency key', async () => {
    const { id: espacoId } = await novoEspaco();
    const como = await sut.as(cliente(), { 'idempotency-key': 'uma-vez' });
    const primeira = await sut.reservas.criarReserva(pedido(espacoId), como);
    expect(await sut.reservas.criarReserva(pedido(espacoId), como)).toEqual(primeira);
  });

  it.each([
    [
      'the end is before the start',
      '2026-06-10T15:00:00Z',
      '2026-06-10T13:00:00Z',
      'InvalidArgument PERIODO_INVALIDO',
    ],
    [
      'the end is the start',
      '2026-06-10T15:00:00Z',
      '2026-06-10T15:00:00Z',
      'InvalidArgument PERIODO_INVALIDO',
    ],
    [
      'it is in the past',
      '2026-05-10T13:00:00Z',
      '2026-05-10T15:00:00Z',
      'FailedPrecondition ANTECEDENCIA_MINIMA',
    ],
    [
      'it starts in an hour',
      '2026-06-02T10:00:00Z',
      '2026-06-02T12:00:00Z',
      'FailedPrecondition ANTECEDENCIA_MINIMA',
    ],
    [
      'it is too far ahead',
      '2027-06-10T13:00:00Z',
      '2027-06-10T15:00:00Z',
      'FailedPrecondition ANTECEDENCIA_MAXIMA',
    ],
    ['it is too short', '2026-06-10T13:00:00Z', '2026-06-10T13:30:00Z', 'FailedPrecondition DURACAO_MINIMA'],
    ['it is too long', '2026-06-10T13:00:00Z', '2026-06-11T13:15:00Z', 'FailedPrecondition DURACAO_MAXIMA'],
    [
      'it is off the grid',
      '2026-06-10T13:05:00Z',
      '2026-06-10T15:05:00Z',
      'FailedPrecondition FORA_DA_GRADE',
    ],
    [
      'the space is closed',
      '2026-06-10T22:00:00Z',
      '2026-06-10T23:00:00Z',
      'FailedPrecondition FORA_DO_HORARIO',
    ],
  ])('is refused when %s, and so is its quote', async (_, inicio, fim, esperado) => {
    const horarios = [1, 2, 3, 4, 5, 6, 7].map((diaSemana) => ({ diaSemana, abre: '06:00', fecha: '18:00' }));
    const { id: espacoId } = await novoEspaco({ horarios });
    const como = await sut.as(cliente());
    expect(await failure(sut.reservas.criarReserva(pedido(espacoId, inicio, fim), como))).toBe(esperado);
    expect(await failure(sut.reservas.cotarReserva(pedido(espacoId, inicio, fim), como))).toBe(esperado);
  });

  it('is refused when the space is unknown, or takes no reservations', async () => {
    const como = await sut.as(cliente());
    expect(await failure(sut.reservas.criarReserva(pedido('esp_nenhum'), como))).toBe(
      'NotFound ESPACO_NAO_ENCONTRADO',
    );
    const { id: espacoId } = await novoEspaco();
    await sut.espacos.desativarEspaco({ espacoId }, await sut.as(ADMIN));
    expect(await failure(sut.reservas.criarReserva(pedido(espacoId), como))).toBe(
      'FailedPrecondition ESPACO_INATIVO',
    );
  });

  it.each([
    [
      'an add-on is unknown',
      { extras: [{ codigo: 'PISCINA', quantidade: 1 }] },
      'FailedPrecondition EXTRA_INVALIDO',
    ],
    ['the quote is unknown', { cotacaoId: 'cot_nenhuma' }, 'FailedPrecondition COTACAO_INVALIDA'],
    ['a field is missing', { dataInicio: undefined }, 'InvalidArgument REQUISICAO_INVALIDA'],
    [
      'an instant is beyond all calendars',
      { dataFim: { seconds: 10n ** 17n, nanos: 0 } },
      'InvalidArgument REQUISICAO_INVALIDA',
    ],
  ])('is refused when %s', async (_, mudanca, esperado) => {
    const { id: espacoId } = await novoEspaco();
    const { dataInicio, ...resto } = { ...pedido(espacoId), ...mudanca };
    const call = sut.reservas.criarReserva(
      dataInicio ? { ...resto, dataInicio } : resto,
      await sut.as(cliente()),
    );
    expect(await failure(call)).toBe(esperado);
  });

  it('keeps the price of a quote', async () => {
    const { id: espacoId } = await novoEspaco();
    const como = await sut.as(cliente());
    const cotacao = await sut.reservas.cotarReserva(pedido(espacoId), como);
    expect(cotacao).toMatchObject({ disponivel: true, valor: { centavos: 250_00n } });
    await sut.espacos.atualizarEspaco(
      { espacoId, precoPorHora: { centavos: 1n, moeda: 'BRL' } },
      await sut.as(ADMIN),
    );
    const reserva = await sut.reservas.criarReserva({ ...pedido(espacoId), cotacaoId: cotacao.id }, como);
    expect(reserva.valor?.centavos).toBe(250_00n);
  });
});

describe('reading and confirming reservations', () => {
  it('shows a reservation to its customer and to an ADMIN, and to nobody else', async () => {
    const { id: espacoId } = await novoEspaco();
    const dono = cliente();
    const { id: reservaId } = await sut.reservas.criarReserva(pedido(espacoId), await sut.as(dono));
    expect((await sut.reservas.obterReserva({ reservaId }, await sut.as(dono))).id).toBe(reservaId);
    expect((await sut.reservas.obterReserva({ reservaId }, await sut.as(ADMIN))).id).toBe(reservaId);
    const estranho = sut.reservas.obterReserva({ reservaId }, await sut.as(cliente()));
    expect(await failure(estranho)).toBe('NotFound RESERVA_NAO_ENCONTRADA');
    expect(await failure(sut.reservas.obterReserva({ reservaId }))).toBe('Unauthenticated NAO_AUTENTICADO');
  });

  it('lists newest first, page by page, only the own ones, and by filter', async () => {
    const { id: espacoId } = await novoEspaco({ folgaMinutos: 0 });
    const dono = cliente();
    const como = await sut.as(dono);
    const feitas: string[] = [];
    for (const hora of [13, 14, 15]) {
      const das = (h: number) => `2026-06-11T${h}:00:00Z`;
      feitas.unshift((await sut.reservas.criarReserva(pedido(espacoId, das(hora), das(hora + 1)), como)).id);
      sut.clock.advance(1_000);
    }
    await sut.reservas.criarReserva(pedido(espacoId), await sut.as(cliente()));
    const pagina = { pageSize: 2, clienteId: 'cli_ignorado' };
    const primeira = await sut.reservas.listarReservas(pagina, como);
    expect(primeira.reservas.map(({ id }) => id)).toEqual(feitas.slice(0, 2));
    const pageToken = primeira.nextPageToken;
    const segunda = await sut.reservas.listarReservas({ ...pagina, pageToken }, como);
    expect([segunda.reservas.map(({ id }) => id), segunda.nextPageToken]).toEqual([feitas.slice(2), '']);

    const doMeio = {
      dataInicio: pedido('', '2026-06-11T14:00:00Z').dataInicio,
      dataFim: pedido('', '2026-06-11T15:00:00Z').dataInicio,
    };
    const filtradas = await sut.reservas.listarReservas(doMeio, como);
    expect(filtradas.reservas.map(({ id }) => id)).toEqual([feitas[1]]);
    const doEspaco = await sut.reservas.listarReservas({ espacoId }, await sut.as(ADMIN));
    expect(doEspaco.reservas).toHaveLength(4);
    const doCliente = await sut.reservas.listarReservas({ clienteId: dono.sub }, await sut.as(ADMIN));
    expect(doCliente.reservas).toHaveLength(3);
    const confirmadas = await sut.reservas.listarReservas({ status: StatusReserva.CONFIRMADA }, como);
    expect(confirmadas.reservas).toEqual([]);
    const alheio = sut.reservas.listarReservas({ ...pagina, espacoId, pageToken }, como);
    expect(await failure(alheio)).toBe('InvalidArgument PAGINA_INVALIDA');
  });

  it('confirms for an ADMIN and for pagamentos, once, and for nobody else', async () => {
    const { id: espacoId } = await novoEspaco();
    const dono = await sut.as(cliente());
    const { id: reservaId, pagamentoId } = await sut.reservas.criarReserva(pedido(espacoId), dono);
    const pedidoDeConfirmacao = { reservaId, pagamentoId };
    expect(await failure(sut.reservas.confirmarReserva(pedidoDeConfirmacao, dono))).toBe(
      'PermissionDenied ACESSO_NEGADO',
    );
    const servico = await sut.as({ sub: 'pagamentos', tipo: 'servico', audience: 'reservas' });
    const confirmada = await sut.reservas.confirmarReserva(pedidoDeConfirmacao, servico);
    expect(confirmada.status).toBe(StatusReserva.CONFIRMADA);
    expect(confirmada.confirmadoEm).toBeDefined();
    expect(await sut.reservas.confirmarReserva(pedidoDeConfirmacao, await sut.as(ADMIN))).toEqual(confirmada);
    sut.standIns.pagos.set('pag_outro', reservaId);
    const outro = sut.reservas.confirmarReserva({ reservaId, pagamentoId: 'pag_outro' }, servico);
    expect(await failure(outro)).toBe('FailedPrecondition TRANSICAO_INVALIDA');
  });

  it.each([
    ['does not exist', 'pag_nenhum', StatusPagamento.APROVADO],
    ['is not approved', undefined, StatusPagamento.PENDENTE],
    ['has gone back', undefined, StatusPagamento.ESTORNADO],
    ['is on its way back', undefined, StatusPagamento.ESTORNO_PENDENTE],
    ['is of another reservation', 'pag_alheio', StatusPagamento.APROVADO],
  ])('confirms by no payment that %s', async (_, outro, status) => {
    const { id: espacoId } = await novoEspaco();
    const dono = await sut.as(cliente());
    const { id: reservaId, pagamentoId } = await sut.reservas.criarReserva(pedido(espacoId), dono);
    sut.standIns.pagos.set('pag_alheio', 'res_alheia');
    sut.standIns.statusDoPagamento = status;
    const admin = await sut.as(ADMIN);
    const pedida = sut.reservas.confirmarReserva({ reservaId, pagamentoId: outro ?? pagamentoId }, admin);
    expect(await failure(pedida)).toBe('FailedPrecondition PAGAMENTO_NAO_APROVADO');
    sut.standIns.statusDoPagamento = StatusPagamento.APROVADO;
    const { status: confirmada } = await sut.reservas.confirmarReserva({ reservaId, pagamentoId }, admin);
    expect(confirmada).toBe(StatusReserva.CONFIRMADA);
  });

  it('confirms by no payment of another amount than the price', async () => {
    const { id: espacoId } = await novoEspaco();
    const dono = await sut.as(cliente());
    const { id: reservaId, pagamentoId, valor } = await sut.reservas.criarReserva(pedido(espacoId), dono);
    const admin = await sut.as(ADMIN);
    const centavos = valor?.centavos ?? 0n;
    for (const outro of [
      { centavos: centavos - 1n, moeda: 'BRL' },
      { centavos: centavos + 1n, moeda: 'BRL' },
      { centavos, moeda: 'USD' },
    ]) {
      sut.standIns.valorDoPagamento = outro;
      const pedida = sut.reservas.confirmarReserva({ reservaId, pagamentoId }, admin);
      expect(await failure(pedida)).toBe('FailedPrecondition PAGAMENTO_NAO_APROVADO');
    }
    sut.standIns.valorDoPagamento = undefined;
    const { status } = await sut.reservas.confirmarReserva({ reservaId, pagamentoId }, admin);
    expect(status).toBe(StatusReserva.CONFIRMADA);
  });

  it('confirms nothing while pagamentos does not answer', async () => {
    const { id: espacoId } = await novoEspaco();
    const dono = await sut.as(cliente());
    const { id: reservaId, pagamentoId } = await sut.reservas.criarReserva(pedido(espacoId), dono);
    sut.standIns.mode = 'crashes';
    const pedida = sut.reservas.confirmarReserva({ reservaId, pagamentoId }, await sut.as(ADMIN));
    expect(await failure(pedida)).toBe('Unavailable SERVICO_INDISPONIVEL');
  });

  it('tells the history only when asked for it', async () => {
    const { id: espacoId } = await novoEspaco();
    const dono = cliente();
    const { id: reservaId } = await sut.reservas.criarReserva(pedido(espacoId), await sut.as(dono));
    const semHistorico = await sut.reservas.obterReserva({ reservaId }, await sut.as(dono));
    expect(semHistorico.historico).toEqual([]);
    const { historico } = await sut.reservas.obterReserva(
      { reservaId, incluirHistorico: true },
      await sut.as(dono),
    );
    expect(historico).toMatchObject([
      {
        evento: 'ReservaCriada',
        deStatus: StatusReserva.UNSPECIFIED,
        paraStatus: StatusReserva.PENDENTE_COBRANCA,
        quem: dono.sub,
        porque: 'reserva feita pelo cliente',
      },
      {
        evento: 'CobrancaRegistrada',
        deStatus: StatusReserva.PENDENTE_COBRANCA,
        paraStatus: StatusReserva.PENDENTE_PAGAMENTO,
        quem: 'servico:pagamentos',
      },
    ]);
  });
});

describe('spaces', () => {
  it('are made by an ADMIN only, with defaults', async () => {
    const espaco = await novoEspaco({ tipo: TipoEspaco.AUDITORIO });
    expect(espaco).toMatchObject({
      folgaMinutos: 30,
      fusoHorario: 'America/Sao_Paulo',
      taxaLimpeza: { centavos: 50_00n, moeda: 'BRL' },
      limites: { antecedenciaMinimaMinutos: 120, antecedenciaMaximaDias: 180, gradeMinutos: 15 },
      multiplicadores: { picoCentesimos: 150, fimDeSemanaCentesimos: 120, antecedenciaCentesimos: 80 },
      esperaPagamentoMinutos: 15,
      ativo: true,
    });
    for (const papel of ['CLIENTE', 'GESTOR']) {
      const call = sut.espacos.criarEspaco(
        { nome: espaco.nome },
        await sut.as({ sub: 'cli_1', papeis: [papel] }),
      );
      expect(await failure(call)).toBe('PermissionDenied ACESSO_NEGADO');
    }
  });

  it('are refused with the name of the field when a rule is broken', async () => {
    const recusado = novoEspaco({ fusoHorario: 'Marte/Olimpo' });
    expect(await failure(recusado)).toBe('InvalidArgument ESPACO_INVALIDO');
    expect(await details(recusado)).toEqual({ campo: 'fusoHorario' });
  });

  it('change only in what is sent, and only while the etag fits', async () => {
    const antes = await novoEspaco();
    const como = await sut.as(ADMIN);
    const depois = await sut.espacos.atualizarEspaco(
      { espacoId: antes.id, etag: antes.etag, capacidade: 12 },
      como,
    );
    expect({ ...depois, etag: '', atualizadoEm: undefined }).toEqual({
      ...antes,
      capacidade: 12,
      etag: '',
      atualizadoEm: undefined,
    });
    expect(depois.etag).not.toBe(antes.etag);
    const atrasada = sut.espacos.atualizarEspaco(
      { espacoId: antes.id, etag: antes.etag, capacidade: 1 },
      como,
    );
    expect(await failure(atrasada)).toBe('Aborted ETAG_DESATUALIZADA');
    const semExtras = await sut.espacos.atualizarEspaco(
      { espacoId: antes.id, updateMask: { paths: ['extras'] } },
      como,
    );
    expect({ ...semExtras, etag: '', atualizadoEm: undefined }).toEqual({
      ...depois,
      ...{ extras: [], etag: '', atualizadoEm: undefined },
    });
    const semNome = { espacoId: antes.id, endereco: 'Rua A, 1', updateMask: { paths: ['endereco', 'nome'] } };
    expect(await failure(sut.espacos.atualizarEspaco(semNome, como))).toBe(
      'InvalidArgument REQUISICAO_INVALIDA',
    );
    const ninguem = sut.espacos.atualizarEspaco({ espacoId: 'esp_nenhum' }, como);
    expect(await failure(ninguem)).toBe('NotFound ESPACO_NAO_ENCONTRADO');
  });

  it('change also where the clock is behind the one by which they were made', async () => {
    const { id: espacoId } = await novoEspaco();
    const como = await sut.as(ADMIN);
    sut.clock.advance(-60_000);
    try {
      expect(await sut.espacos.atualizarEspaco({ espacoId, capacidade: 12 }, como)).toMatchObject({
        capacidade: 12,
      });
      expect(await sut.espacos.desativarEspaco({ espacoId }, como)).toMatchObject({ ativo: false });
    } finally {
      sut.clock.advance(60_000);
    }
  });

  it('are listed by name, page by page, the inactive ones to ADMIN and GESTOR only', async () => {
    const feitos: string[] = [];
    for (const nome of ['Quadra C', 'Quadra A', 'Quadra B', 'Quadra A'])
      feitos.push((await novoEspaco({ nome, tipo: TipoEspaco.QUADRA, capacidade: 777 })).id);
    const desativado = feitos[2] ?? '';
    await sut.espacos.desativarEspaco({ espacoId: desativado }, await sut.as(ADMIN));
    await sut.espacos.desativarEspaco({ espacoId: desativado }, await sut.as(ADMIN));
    const filtro = { tipo: TipoEspaco.QUADRA, capacidadeMinima: 777, incluirInativos: true };
    const nomes = async (quem: Parameters<typeof sut.as>[0]) => {
      const como = await sut.as(quem);
      const todos: string[] = [];
      let pageToken = '';
      do {
        const pagina = await sut.espacos.listarEspacos({ ...filtro, pageSize: 2, pageToken }, como);
        todos.push(...pagina.espacos.map(({ nome }) => nome));
        pageToken = pagina.nextPageToken;
      } while (pageToken !== '');
      return todos;
    };
    expect(await nomes(cliente())).toEqual(['Quadra A', 'Quadra A', 'Quadra C']);
    expect(await nomes({ sub: 'cli_g', papeis: ['GESTOR'] })).toEqual([
      'Quadra A',
      'Quadra A',
      'Quadra B',
      'Quadra C',
    ]);
    const espacoId = desativado;
    const [como, gestor] = [await sut.as(cliente()), await sut.as({ sub: 'cli_g', papeis: ['GESTOR'] })];
    expect((await sut.espacos.obterEspaco({ espacoId }, gestor)).ativo).toBe(false);
    expect((await sut.espacos.listarFechamentos({ espacoId }, gestor)).fechamentos).toEqual([]);
    expect(await failure(sut.espacos.obterEspaco({ espacoId }, como))).toBe('NotFound ESPACO_NAO_ENCONTRADO');
    expect(await failure(sut.espacos.listarFechamentos({ espacoId }, como))).toBe(
      'NotFound ESPACO_NAO_ENCONTRADO',
    );
    const invalida = sut.espacos.listarEspacos({ pageToken: 'x' }, await sut.as(cliente()));
    expect(await failure(invalida)).toBe('InvalidArgument PAGINA_INVALIDA');
  });
});

describe('holds past their deadline', () => {
  it('are counted in a metric, for they still block their slots', async () => {
    const { id: espacoId } = await novoEspaco();
    sut.standIns.mode = 'refuses';
    await sut.reservas.criarReserva(pedido(espacoId), await sut.as(cliente()));
    const vencidas = async () =>
      Number(/^reservas_espera_vencida\{.*\} (\d+)$/m.exec(await sut.metrics.registry.metrics())?.[1]);
    const antes = await vencidas();
    sut.clock.advance(15 * 60_000);
    expect(await vencidas()).toBeGreaterThan(antes);
  });
});
