import { create } from '@bufbuild/protobuf';
import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { tellConta } from '../contas-fixture.ts';
import { NOW, newId } from '../reservas-fixture.ts';
import { failure, startReservas } from '../reservas-under-test.ts';

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };
type Chamada = Awaited<ReturnType<typeof sut.as>>;
const TEXTO = 'Minha avó Carmem está internada.';

async function novoEspaco() {
  const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
  const espaco = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };
  return (await sut.espacos.criarEspaco(espaco, await sut.as(ADMIN))).id;
}

const periodo = (dia: number, hora = 13) => {
  const em = (h: number) => timestampFromDate(new Date(Date.UTC(2026, 5, dia, h)));
  return { dataInicio: em(hora), dataFim: em(hora + 1) };
};

async function reservar(espacoId: string, quem: string, dia: number, paga = true) {
  const dono = await sut.as({ sub: quem, papeis: ['CLIENTE'] });
  const { id: reservaId, pagamentoId } = await sut.reservas.criarReserva({ espacoId, ...periodo(dia) }, dono);
  if (paga) await sut.reservas.confirmarReserva({ reservaId, pagamentoId }, await sut.as(ADMIN));
  return reservaId;
}

/** R$ 100.00 for the hour, R$ 50.00 for the cleaning. */
const PRECO = '15000';

/** auth says that the account is gone. */
async function removida(usuarioId: string, id = `removida ${usuarioId}`) {
  const consumer = sut.parts.consumers?.find(({ durable }) => durable === 'reservas-remocoes');
  await consumer?.on[0]?.handle(create(UsuarioRemovidoSchema, { usuarioId }) as never, {
    ...{ id, subject: 'auth.v1.UsuarioRemovido', ocorridoEm: new Date(NOW), entrega: 1 },
    agregado: { tipo: 'usuario', id: usuarioId, versao: 9 },
  });
}

async function ondeEsta(texto: string): Promise<string[]> {
  const tabelas: { nome: string }[] = await sut.dataSource.query(
    `select table_name as nome from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`,
  );
  const achadas: string[] = [];
  for (const { nome } of tabelas) {
    const [{ n }] = await sut.dataSource.query(
      `select count(*)::int as n from "${nome}" t where strpos(to_jsonb(t)::text, $1) > 0`,
      [texto],
    );
    if (n > 0) achadas.push(nome);
  }
  return achadas;
}

const respostas = async (usuarioId: string) => {
  const rows: Array<{ payload: { itens: Array<{ dados: string; acao: string; quantidade?: number }> } }> =
    await sut.dataSource.query(
      `select payload from outbox where assunto = 'reservas.v1.DadosPessoaisApagados' and payload->>'usuarioId' = $1`,
      [usuarioId],
    );
  return rows.map(({ payload }) =>
    payload.itens.map(({ dados, quantidade = 0 }) => `${dados} ${quantidade}`),
  );
};

describe('a person who is gone', () => {
  it('has what is to come cancelled under its policy, and leaves no word of theirs (ASVS 8.3.2)', async () => {
    const [espacoId, quem, outro] = [await novoEspaco(), newId('cli'), newId('cli')];
    await tellConta(sut.parts, quem);
    const dono = await sut.as({ sub: quem, papeis: ['CLIENTE'] });
    const cancelada = await reservar(espacoId, quem, 9);
    await sut.reservas.cancelarReserva({ reservaId: cancelada, motivo: TEXTO }, dono);
    const [paga, pendente] = [await reservar(espacoId, quem, 10), await reservar(espacoId, quem, 11, false)];
    const alheia = await reservar(espacoId, outro, 12);
    await sut.filaEspera.entrarNaFila({ espacoId, ...periodo(12) }, dono);
    const { url } = await sut.calendarios.criarCalendario({}, dono);
    expect((await ondeEsta(TEXTO)).sort()).toEqual(['outbox', 'reservas', 'reservas_historico']);

    await removida(quem);
    expect(await ondeEsta(TEXTO)).toEqual([]);
    const [linha] = await sut.dataSource.query('select reembolso_centavos from reservas where id = $1', [
      paga,
    ]);
    expect(linha).toEqual({ reembolso_centavos: PRECO });
    expect(
      await sut.dataSource.query('select id, status from reservas where id = any($1) order by data_inicio', [
        [paga, pendente, alheia],
      ]),
    ).toEqual([
      { id: paga, status: 'CANCELADA' },
      { id: pendente, status: 'CANCELADA' },
      { id: alheia, status: 'CONFIRMADA' },
    ]);
    const feed = url.replace('http://api.exemplo.com', `http://127.0.0.1:${sut.httpPort}`);
    expect((await fetch(feed)).status).toBe(404);
    expect(await respostas(quem)).toEqual([
      [
        ...['TEXTOS_DE_RESERVAS 1', 'FILA_DE_ESPERA 1', 'CALENDARIOS 1', 'GESTAO_DE_ESPACOS 0'],
        ...['RESERVAS 3', 'SERIES 0', 'COTACOES 0'],
      ],
    ]);
  });

  it('is answered for once, however often the event comes', async () => {
    const [espacoId, quem] = [await novoEspaco(), newId('cli')];
    await reservar(espacoId, quem, 10);
    await Promise.all([removida(quem), removida(quem)]);
    await removida(quem);
    expect(await respostas(quem)).toHaveLength(1);
  });

  it('has cancelled, too, what they were booking just then, and books no more with a token from before', async () => {
    const [espacoId, quem] = [await novoEspaco(), newId('cli')];
    await tellConta(sut.parts, quem);
    const dono = await sut.as({ sub: quem, papeis: ['CLIENTE'] });
    const barreira = stopAt(/insert into reservas /);
    const reserva = sut.reservas.criarReserva({ espacoId, ...periodo(9) }, dono);
    await barreira.reached();
    const remocao = removida(quem);
    const andou = await doneOrBlocked(sut.dataSource, remocao);
    barreira.open();
    await Promise.all([reserva, remocao]);
    expect(andou).toBe('blocked');
    const status = `select status from reservas where cliente_id = $1`;
    expect(await sut.dataSource.query(status, [quem])).toEqual([{ status: 'CANCELADA' }]);
    await expect(sut.reservas.criarReserva({ espacoId, ...periodo(10) }, dono)).rejects.toThrow(
      'Não há conta ativa deste cliente',
    );
    expect(await sut.dataSource.query(status, [quem])).toHaveLength(1);
  });

  it('is named in nothing new, with a token from before or by others', async () => {
    const [espacoId, quem] = [await novoEspaco(), newId('cli')];
    await tellConta(sut.parts, quem);
    const dono = await sut.as({ sub: quem, papeis: ['CLIENTE'] });
    await reservar(espacoId, newId('cli'), 12);
    await removida(quem);
    for (const pedido of [
      () => sut.filaEspera.entrarNaFila({ espacoId, ...periodo(12) }, dono),
      () => sut.calendarios.criarCalendario({}, dono),
      () => sut.reservas.cotarReserva({ espacoId, ...periodo(13) }, dono),
      async () => sut.espacos.atribuirGestor({ espacoId, usuarioId: quem }, await sut.as(ADMIN)),
    ])
      expect(await failure(pedido())).toBe('NotFound CLIENTE_NAO_ENCONTRADO');
    expect((await ondeEsta(quem)).sort()).toEqual(['contas', 'inbox', 'outbox']);
  });

  it.each([
    ['a feed', 'calendarios', (_: string) => (como: Chamada) => sut.calendarios.criarCalendario({}, como)],
    [
      'a quote',
      'cotacoes',
      (espacoId: string) => (como: Chamada) => sut.reservas.cotarReserva({ espacoId, ...periodo(13) }, como),
    ],
    [
      'a place in line',
      'fila_espera',
      (espacoId: string) => (como: Chamada) =>
        sut.filaEspera.entrarNaFila({ espacoId, ...periodo(12) }, como),
    ],
  ])('waits for %s that was being made just then', async (_, tabela, pedir) => {
    const [espacoId, quem] = [await novoEspaco(), newId('cli')];
    await tellConta(sut.parts, quem);
    await reservar(espacoId, newId('cli'), 12);
    const barreira = stopAt(new RegExp(`insert into ${tabela} `));
    const feito = pedir(espacoId)(await sut.as({ sub: quem, papeis: ['CLIENTE'] }));
    await barreira.reached();
    const remocao = removida(quem);
    const andou = await doneOrBlocked(sut.dataSource, remocao);
    barreira.open();
    await Promise.all([feito, remocao]);
    expect(andou).toBe('blocked');
  });

  it('waits for the space that they were being given just then, and takes it back', async () => {
    const [espacoId, quem] = [await novoEspaco(), newId('cli')];
    await tellConta(sut.parts, quem, { papeis: ['GESTOR'] });
    const barreira = stopAt(/insert into espaco_gestores /);
    const feito = sut.espacos.atribuirGestor({ espacoId, usuarioId: quem }, await sut.as(ADMIN));
    await barreira.reached();
    const remocao = removida(quem);
    const andou = await doneOrBlocked(sut.dataSource, remocao);
    barreira.open();
    await Promise.all([feito, remocao]);
    expect(andou).toBe('blocked');
    expect(await sut.dataSource.query('select 1 from espaco_gestores where usuario_id = $1', [quem])).toEqual(
      [],
    );
  });

  it('who runs a space runs it no more', async () => {
    const [espacoId, quem] = [await novoEspaco(), newId('cli')];
    await tellConta(sut.parts, quem, { papeis: ['CLIENTE', 'GESTOR'] });
    await sut.espacos.atribuirGestor({ espacoId, usuarioId: quem }, await sut.as(ADMIN));
    await removida(quem);
    for (const tabela of ['espaco_gestores', 'gestoes_encerradas'])
      expect(await sut.dataSource.query(`select 1 from ${tabela} where usuario_id = $1`, [quem])).toEqual([]);
  });

  it('leaves what took place, under the id alone, and what has begun to take place', async () => {
    const [espacoId, quem] = [await novoEspaco(), newId('cli')];
    const reservaId = await reservar(espacoId, quem, 10);
    sut.clock.set('2026-06-10T13:30:00Z');
    await removida(quem);
    sut.clock.set(NOW);
    const [{ status, cliente_id }] = await sut.dataSource.query('select * from reservas where id = $1', [
      reservaId,
    ]);
    expect([status, cliente_id]).toEqual(['CONFIRMADA', quem]);
  });
});

describe('the history of reservations', () => {
  it('still takes no other change, and none of people who are there', async () => {
    const reservaId = await reservar(await novoEspaco(), newId('cli'), 10);
    for (const mudanca of [`porque = 'Texto apagado com a conta.'`, `quem = 'outro'`])
      await expect(
        sut.dataSource.query(`update reservas_historico set ${mudanca} where reserva_id = $1`, [reservaId]),
      ).rejects.toThrow('append-only');
    await expect(
      sut.dataSource.query('delete from reservas_historico where reserva_id = $1', [reservaId]),
    ).rejects.toThrow('append-only');
  });
});
