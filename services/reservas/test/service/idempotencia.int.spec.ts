import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { StatusReserva } from '@plataforma/contratos/reservas/v1/reserva_pb';
import { EscopoCancelamento } from '@plataforma/contratos/reservas/v1/series_service_pb';
import { violations } from '../invariants.ts';
import { newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

/* Every change with an `Idempotency-Key` whose answer was lost: the client asks again. */

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };

type Opcoes = Awaited<ReturnType<typeof sut.as>>;

/**
 * The same call twice under one key, the first answer lost.
 *
 * @param noMeio what others do between the two
 */
async function duasVezes<T>(
  chamar: (opcoes: Opcoes) => Promise<T>,
  noMeio: () => Promise<unknown> = async () => {},
): Promise<[T, T]> {
  const opcoes = await sut.as(ADMIN, { 'idempotency-key': newId('chave') });
  const primeira = await chamar(opcoes);
  await noMeio();
  return [primeira, await chamar(opcoes)];
}

let dias = 0;

/** Two hours of a day of July that nobody has asked for yet. */
function periodo() {
  const dia = String(++dias).padStart(2, '0');
  return { dataInicio: em(`2026-07-${dia}T13:00:00Z`), dataFim: em(`2026-07-${dia}T15:00:00Z`) };
}

/** A customer with a key for one call. */
const cliente = async () =>
  sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] }, { 'idempotency-key': newId('chave') });

async function contar(tabela: string): Promise<number> {
  const [{ total }] = await sut.dataSource.query(`select count(*)::int as total from ${tabela}`);
  return total;
}

const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
const SALA = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };

const novoEspaco = async () => sut.espacos.criarEspaco(SALA, await sut.as(ADMIN));

const em = (instante: string) => timestampFromDate(new Date(instante));
const DIA = { dataInicio: em('2026-06-10T00:00:00Z'), dataFim: em('2026-06-11T00:00:00Z') };

describe('a change whose answer was lost', () => {
  it('makes one space', async () => {
    const antes = await contar('espacos');
    const [primeiro, segundo] = await duasVezes((opcoes) => sut.espacos.criarEspaco(SALA, opcoes));
    expect(segundo).toEqual(primeiro);
    expect(await contar('espacos')).toBe(antes + 1);
  });

  it('changes a space once although its etag is an older one by then', async () => {
    const { id: espacoId, etag } = await novoEspaco();
    const mudanca = { espacoId, etag, nome: 'Sala Jacarandá' };
    const [primeiro, segundo] = await duasVezes((opcoes) => sut.espacos.atualizarEspaco(mudanca, opcoes));
    expect(segundo).toEqual(primeiro);
    expect(segundo).toMatchObject({ nome: 'Sala Jacarandá' });
  });

  it('does not undo what others have changed since', async () => {
    const { id: espacoId } = await novoEspaco();
    const [, segundo] = await duasVezes(
      (opcoes) => sut.espacos.atualizarEspaco({ espacoId, nome: 'Primeiro' }, opcoes),
      async () => sut.espacos.atualizarEspaco({ espacoId, nome: 'Segundo' }, await sut.as(ADMIN)),
    );
    expect(segundo.nome).toBe('Segundo');
  });

  it('does not close a space again that was opened since', async () => {
    const { id: espacoId } = await novoEspaco();
    const [primeiro, segundo] = await duasVezes(
      (opcoes) => sut.espacos.desativarEspaco({ espacoId }, opcoes),
      async () => sut.espacos.atualizarEspaco({ espacoId, ativo: true }, await sut.as(ADMIN)),
    );
    expect([primeiro.ativo, segundo.ativo]).toEqual([false, true]);
  });

  it('makes one closure', async () => {
    const { id: espacoId } = await novoEspaco();
    const antes = await contar('fechamentos');
    const [primeiro, segundo] = await duasVezes((opcoes) =>
      sut.espacos.criarFechamento({ espacoId, ...DIA }, opcoes),
    );
    expect(segundo).toEqual(primeiro);
    expect(await contar('fechamentos')).toBe(antes + 1);
  });

  it('removes a closure and says so both times', async () => {
    const { id: espacoId } = await novoEspaco();
    const { id: fechamentoId } = await sut.espacos.criarFechamento({ espacoId, ...DIA }, await sut.as(ADMIN));
    const [, segundo] = await duasVezes((opcoes) =>
      sut.espacos.removerFechamento({ espacoId, fechamentoId }, opcoes),
    );
    expect(segundo).toMatchObject({});
    const outra = sut.espacos.removerFechamento({ espacoId, fechamentoId }, await sut.as(ADMIN));
    expect(await failure(outra)).toBe('NotFound FECHAMENTO_NAO_ENCONTRADO');
  });

  it('quotes again at the same price, which binds nobody', async () => {
    const { id: espacoId } = await novoEspaco();
    const pedido = { espacoId, dataInicio: em('2026-06-12T13:00:00Z'), dataFim: em('2026-06-12T14:00:00Z') };
    const [primeira, segunda] = await duasVezes((opcoes) => sut.reservas.cotarReserva(pedido, opcoes));
    expect([segunda.valor, segunda.disponivel]).toEqual([primeira.valor, primeira.disponivel]);
  });

  it('books once, confirms once and cancels once', async () => {
    const { id: espacoId } = await novoEspaco();
    const pedido = { espacoId, dataInicio: em('2026-06-12T13:00:00Z'), dataFim: em('2026-06-12T14:00:00Z') };
    const [reserva, mesma] = await duasVezes((opcoes) => sut.reservas.criarReserva(pedido, opcoes));
    // Its charge may come between the two, on a slow machine.
    expect(mesma.id).toBe(reserva.id);
    const reservaId = reserva.id;
    const pagamentoId = mesma.pagamentoId || `pag_${reservaId.slice(4)}`;
    const [confirmada, tambem] = await duasVezes((opcoes) =>
      sut.reservas.confirmarReserva({ reservaId, pagamentoId }, opcoes),
    );
    expect(tambem).toEqual(confirmada);
    const [cancelada, denovo] = await duasVezes((opcoes) =>
      sut.reservas.cancelarReserva({ reservaId, motivo: 'mudou' }, opcoes),
    );
    expect(denovo).toEqual(cancelada);
    expect(await violations(sut.dataSource)).toEqual([]);
  });

  it('makes one feed, shows its address again, and keeps it where the database alone could tell it to nobody', async () => {
    const antes = await contar('calendarios');
    const [primeiro, segundo] = await duasVezes((opcoes) => sut.calendarios.criarCalendario({}, opcoes));
    expect(segundo).toEqual(primeiro);
    expect(await contar('calendarios')).toBe(antes + 1);
    const token = primeiro.url.split('/').at(-1)?.replace('.ics', '') ?? '';
    const linhas = await sut.dataSource.query(`
      select to_json(i)::text as linha, efeito from idempotencia i union all select to_json(c)::text, '' from calendarios c`);
    const tudo = JSON.stringify(linhas);
    for (let de = 0; de + 12 <= token.length; de += 4) expect(tudo).not.toContain(token.slice(de, de + 12));
    const { pathname } = new URL(primeiro.url);
    expect((await fetch(`http://127.0.0.1:${sut.httpPort}${pathname}`)).status).toBe(200);
  });

  it('gives nobody a space again from whom it was taken since, and takes it from nobody who has it again', async () => {
    const { id: espacoId } = await novoEspaco();
    const gestor = { espacoId, usuarioId: newId('cli') };
    const chave = await sut.as(ADMIN, { 'idempotency-key': newId('chave') });
    const atribuido = await sut.espacos.atribuirGestor(gestor, chave);
    expect(await sut.espacos.atribuirGestor(gestor, chave)).toEqual(atribuido);
    await sut.espacos.removerGestor(gestor, await sut.as(ADMIN));
    expect(await sut.espacos.atribuirGestor(gestor, chave)).toMatchObject({ ...gestor, atribuidoPor: '' });
    expect((await sut.espacos.listarGestores({ espacoId }, await sut.as(ADMIN))).gestores).toEqual([]);
    await duasVezes(
      (opcoes) => sut.espacos.removerGestor(gestor, opcoes),
      async () => sut.espacos.atribuirGestor(gestor, await sut.as(ADMIN)),
    );
    const { gestores } = await sut.espacos.listarGestores({ espacoId }, await sut.as(ADMIN));
    expect(gestores.map(({ usuarioId }) => usuarioId)).toEqual([gestor.usuarioId]);
  });

  it('stands in line once, also when the place was left since', async () => {
    const { id: espacoId } = await novoEspaco();
    const quando = { espacoId, ...periodo() };
    await sut.reservas.criarReserva(quando, await cliente());
    const [primeira, segunda] = await duasVezes(
      (opcoes) => sut.filaEspera.entrarNaFila(quando, opcoes),
      async () => {
        const { entradas } = await sut.filaEspera.listarEntradas({ espacoId }, await sut.as(ADMIN));
        const entradaId = entradas[0]?.id ?? '';
        await sut.filaEspera.sairDaFila({ entradaId }, await sut.as(ADMIN));
      },
    );
    expect([segunda.id, segunda.status === primeira.status]).toEqual([primeira.id, false]);
    // A customer who stands in line already gets the place that they have, and the key of the call names that one.
    const denovo = await duasVezes((opcoes) => sut.filaEspera.entrarNaFila(quando, opcoes));
    const mais = await duasVezes((opcoes) => sut.filaEspera.entrarNaFila(quando, opcoes));
    expect(new Set([...denovo, ...mais].map(({ id }) => id)).size).toBe(1);
  });

  it('books a series once, and cancels it once', async () => {
    const { id: espacoId } = await novoEspaco();
    const quando = { inicioLocal: '2026-08-03T10:00', duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=3' };
    const antes = await contar('series');
    const [serie, mesma] = await duasVezes((opcoes) =>
      sut.series.criarSerie({ espacoId, ...quando }, opcoes),
    );
    expect(mesma.reservas.map(({ id }) => id)).toEqual(serie.reservas.map(({ id }) => id));
    expect(await contar('series')).toBe(antes + 1);
    const cancelar = { serieId: serie.id, escopo: EscopoCancelamento.TODAS, motivo: 'mudou' };
    const [cancelada, denovo] = await duasVezes((opcoes) => sut.series.cancelarSerie(cancelar, opcoes));
    expect(denovo.reembolso).toEqual(cancelada.reembolso);
    expect(denovo.ocorrencias.map(({ reserva }) => reserva)).toEqual(
      cancelada.ocorrencias.map(({ reserva }) => reserva),
    );
  });
});

describe('a cancelled series whose answer was lost', () => {
  const semanal = async () => {
    const { id: espacoId } = await novoEspaco();
    const quando = { inicioLocal: '2026-08-03T10:00', duracaoMinutos: 60, rrule: 'FREQ=WEEKLY;COUNT=3' };
    const dono = await sut.as({ sub: newId('cli'), papeis: ['CLIENTE'] });
    return sut.series.criarSerie({ espacoId, ...quando }, dono);
  };

  it('loses no occurrence that could not be cancelled then and was paid since', async () => {
    const serie = await semanal();
    const [reservaId] = serie.reservas.map(({ id }) => id);
    const por = (mudanca: string) =>
      sut.dataSource.query(`update reservas set ${mudanca} where id = $1`, [reservaId]);
    await por(`status = 'EXPIRADA'`);
    const cancelar = { serieId: serie.id, escopo: EscopoCancelamento.TODAS, motivo: 'mudou' };
    const [primeira, segunda] = await duasVezes(
      (opcoes) => sut.series.cancelarSerie(cancelar, opcoes),
      () => por(`status = 'CONFIRMADA', confirmada_em = now(), pago_em = now(), pagamento_id = 'pag_tarde'`),
    );
    const feitas = [primeira, segunda].map(({ ocorrencias }) => ocorrencias.map((o) => o.permitido));
    expect(feitas).toEqual([[false, true, true], feitas[0]]);
    expect(segunda.ocorrencias[0]).toMatchObject({
      reserva: { status: StatusReserva.CONFIRMADA },
      recusa: 'TRANSICAO_INVALIDA',
    });
  });

  it('takes no other series with it under the same key', async () => {
    const [uma, outra] = [await semanal(), await semanal()];
    const chave = await sut.as(ADMIN, { 'idempotency-key': newId('chave') });
    const escopo = EscopoCancelamento.TODAS;
    await sut.series.cancelarSerie({ serieId: uma.id, escopo, motivo: 'x' }, chave);
    expect(await failure(sut.series.cancelarSerie({ serieId: outra.id, escopo, motivo: 'x' }, chave))).toBe(
      'AlreadyExists CHAVE_IDEMPOTENCIA_REUTILIZADA',
    );
  });
});

describe('an acceptance whose answer was lost', () => {
  const reservada = async () => {
    const dono = { sub: newId('cli'), papeis: ['CLIENTE'] };
    const { id: espacoId } = await novoEspaco();
    const feita = await sut.reservas.criarReserva({ espacoId, ...periodo() }, await sut.as(dono));
    return { reservaId: feita.id, dono };
  };

  it('is answered with the reservation as it is, also when it was cancelled since', async () => {
    const { reservaId, dono } = await reservada();
    const chave = await sut.as(dono, { 'idempotency-key': newId('chave') });
    await sut.reservas.aceitarReserva({ reservaId }, chave);
    await sut.reservas.cancelarReserva({ reservaId }, await sut.as(dono));
    expect(await sut.reservas.aceitarReserva({ reservaId }, chave)).toMatchObject({
      id: reservaId,
      status: StatusReserva.CANCELADA,
    });
  });

  it('asks for the use of credit that the first attempt did not come to', async () => {
    const { reservaId, dono } = await reservada();
    const chave = await sut.as(dono, { 'idempotency-key': newId('chave') });
    sut.standIns.mode = 'crashes';
    const primeira = await sut.reservas.aceitarReserva({ reservaId }, chave);
    sut.standIns.mode = 'credito';
    const segunda = await sut.reservas.aceitarReserva({ reservaId }, chave);
    sut.standIns.mode = 'answers';
    expect([primeira.status, segunda.status]).toEqual([
      StatusReserva.PENDENTE_PAGAMENTO,
      StatusReserva.CONFIRMADA,
    ]);
  });

  it('spends no credit on another reservation under the same key', async () => {
    const { reservaId, dono } = await reservada();
    const chave = await sut.as(dono, { 'idempotency-key': newId('chave') });
    await sut.reservas.aceitarReserva({ reservaId }, chave);
    const outro = { espacoId: (await novoEspaco()).id, ...periodo() };
    const { id: outra } = await sut.reservas.criarReserva(outro, await sut.as(dono));
    expect(await failure(sut.reservas.aceitarReserva({ reservaId: outra }, chave))).toBe(
      'AlreadyExists CHAVE_IDEMPOTENCIA_REUTILIZADA',
    );
    expect(sut.standIns.usos.map((uso) => uso.reservaId)).not.toContain(outra);
  });
});

describe('a repeated booking', () => {
  it('asks for the charge that the first attempt did not come to', async () => {
    const { id: espacoId } = await novoEspaco();
    const pedido = { espacoId, ...periodo() };
    const opcoes = await cliente();
    sut.standIns.mode = 'crashes';
    const primeira = await sut.reservas.criarReserva(pedido, opcoes);
    sut.standIns.mode = 'answers';
    const segunda = await sut.reservas.criarReserva(pedido, opcoes);
    expect([primeira.checkoutUrl, segunda.id]).toEqual(['', primeira.id]);
    expect(segunda.checkoutUrl).not.toBe('');
  });

  it('is made once when ten attempts come at once', async () => {
    const { id: espacoId } = await novoEspaco();
    const pedido = { espacoId, ...periodo() };
    const opcoes = await cliente();
    const tentar = async () => {
      const reserva = sut.reservas.criarReserva(pedido, opcoes);
      return (await Promise.allSettled([reserva]))[0].status === 'fulfilled'
        ? (await reserva).id
        : failure(reserva);
    };
    const respostas = new Set(await Promise.all(Array.from({ length: 10 }, tentar)));
    respostas.delete('Aborted REQUISICAO_EM_ANDAMENTO');
    expect([...respostas]).toEqual([await tentar()]);
  });

  it.each([
    ['another period', { ...periodo() }],
    ['add-ons', { extras: [{ codigo: 'CAFE', quantidade: 2 }] }],
    ['a quote', { cotacaoId: 'cot_outra' }],
    ['credit kept for later', { guardarCreditos: true }],
  ])('is refused when it asks for something else: %s', async (_, mudanca) => {
    const { id: espacoId } = await novoEspaco();
    const pedido = { espacoId, ...periodo() };
    const opcoes = await cliente();
    const { id } = await sut.reservas.criarReserva(pedido, opcoes);
    expect(await failure(sut.reservas.criarReserva({ ...pedido, ...mudanca }, opcoes))).toBe(
      'AlreadyExists CHAVE_IDEMPOTENCIA_REUTILIZADA',
    );
    expect((await sut.reservas.criarReserva(pedido, opcoes)).id).toBe(id);
  });

  it('is another booking when its key has expired', async () => {
    const { id: espacoId } = await novoEspaco();
    const pedido = { espacoId, ...periodo() };
    const opcoes = await cliente();
    await sut.reservas.criarReserva(pedido, opcoes);
    await sut.dataSource.query('update idempotencia set expira_em = now()');
    expect(await failure(sut.reservas.criarReserva(pedido, opcoes))).toBe(
      'AlreadyExists ESPACO_INDISPONIVEL',
    );
  });
});
