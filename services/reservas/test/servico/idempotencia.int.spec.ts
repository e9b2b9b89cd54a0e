import { timestampFromDate } from '@bufbuild/protobuf/wkt';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { TipoEspaco } from '@plataforma/contratos/reservas/v1/espaco_pb';
import { defeitos } from '../invariantes.ts';
import { novoId } from '../reservas-fixture.ts';
import { falha, startReservas } from '../reservas-under-test.ts';

/*
 * Every change with an `Idempotency-Key` whose answer was lost between the commit of its effect and the storing of the
 * answer: the process dies there, the client asks again, and the lease of the key has run out by then.
 */

let sut: Awaited<ReturnType<typeof startReservas>>;

beforeAll(async () => {
  sut = await startReservas();
});

afterAll(() => sut.close());

afterEach(async () => {
  await sut.dataSource.query('drop trigger if exists queda on idempotencia');
});

const ADMIN = { sub: 'cli_admin', papeis: ['ADMIN'] };

/** While it is there no answer is stored, as if the process died after the commit of the effect. */
const QUEDA = `
  create or replace function queda() returns trigger language plpgsql as $$
  begin
    raise exception 'the process died';
  end $$;
  create trigger queda before update on idempotencia
  for each row when (new.estado = 'CONCLUIDA') execute function queda();`;

const PASSADO = `update idempotencia set posse_ate = now() - interval '1 second' where estado = 'EM_ANDAMENTO'`;

type Opcoes = Awaited<ReturnType<typeof sut.como>>;

/**
 * The same call twice under one key, the first answer lost.
 *
 * @param noMeio what others do between the two
 */
async function duasVezes<T>(
  chamar: (opcoes: Opcoes) => Promise<T>,
  noMeio: () => Promise<unknown> = async () => {},
): Promise<[T, T]> {
  const opcoes = await sut.como(ADMIN, { 'idempotency-key': novoId('chave') });
  await sut.dataSource.query(QUEDA);
  const primeira = await chamar(opcoes);
  await sut.dataSource.query('drop trigger queda on idempotencia');
  await noMeio();
  await sut.dataSource.query(PASSADO);
  return [primeira, await chamar(opcoes)];
}

async function contar(tabela: string): Promise<number> {
  const [{ total }] = await sut.dataSource.query(`select count(*)::int as total from ${tabela}`);
  return total;
}

const precoPorHora = { centavos: 100_00n, moeda: 'BRL' };
const SALA = { nome: 'Sala', tipo: TipoEspaco.SALA_REUNIAO, capacidade: 8, precoPorHora };

const novoEspaco = async () => sut.espacos.criarEspaco(SALA, await sut.como(ADMIN));

const em = (instante: string) => timestampFromDate(new Date(instante));
const DIA = { inicio: em('2026-06-10T00:00:00Z'), fim: em('2026-06-11T00:00:00Z') };

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
      async () => sut.espacos.atualizarEspaco({ espacoId, nome: 'Segundo' }, await sut.como(ADMIN)),
    );
    expect(segundo.nome).toBe('Segundo');
  });

  it('does not close a space again that was opened since', async () => {
    const { id: espacoId } = await novoEspaco();
    const [primeiro, segundo] = await duasVezes(
      (opcoes) => sut.espacos.desativarEspaco({ espacoId }, opcoes),
      async () => sut.espacos.atualizarEspaco({ espacoId, ativo: true }, await sut.como(ADMIN)),
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
    const { id: fechamentoId } = await sut.espacos.criarFechamento(
      { espacoId, ...DIA },
      await sut.como(ADMIN),
    );
    const [, segundo] = await duasVezes((opcoes) =>
      sut.espacos.removerFechamento({ espacoId, fechamentoId }, opcoes),
    );
    expect(segundo).toMatchObject({});
    const outra = sut.espacos.removerFechamento({ espacoId, fechamentoId }, await sut.como(ADMIN));
    expect(await falha(outra)).toBe('NotFound FECHAMENTO_NAO_ENCONTRADO');
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
    expect(await defeitos(sut.dataSource)).toEqual([]);
  });
});
