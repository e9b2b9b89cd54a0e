import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { AutorDaRemocao, SituacaoDoApagamento } from '@plataforma/contratos/auth/v1/erasures_service_pb';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { AcaoSobreDados } from '@plataforma/contratos/comum/v1/apagamento_pb';
import { DadosPessoaisApagadosSchema as DeNotificacoes } from '@plataforma/contratos/notificacoes/v1/eventos_pb';
import { DadosPessoaisApagadosSchema as DePagamentos } from '@plataforma/contratos/pagamentos/v1/eventos_pb';
import { DadosPessoaisApagadosSchema as DeReservas } from '@plataforma/contratos/reservas/v1/eventos_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });
const { EM_ANDAMENTO, CONCLUIDO } = SituacaoDoApagamento;

async function removida() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  const session = await rpc.auth.login(quem);
  const { protocolo } = await rpc.users.deleteMe({ password: quem.password }, as(session));
  return { ...quem, id, protocolo };
}

/** What a service says comes in. */
async function chega<S extends DescMessage>(schema: S, init: MessageInitShape<S>): Promise<void> {
  const subscription = auth.consumers.flatMap(({ on }) => on).find((one) => one.schema === schema);
  const meta = {
    ...{ id: 'evento', subject: schema.typeName, ocorridoEm: clock.now(), entrega: 1 },
    agregado: { tipo: 'apagamento', id: 'x', versao: 1 },
  };
  await subscription?.handle(create(schema, init) as never, meta);
}

const itens = [
  { dados: 'CONTATO', acao: AcaoSobreDados.APAGADO, quantidade: 1, motivo: '' },
  { dados: 'LIVRO', acao: AcaoSobreDados.MANTIDO, quantidade: 2, motivo: 'A lei manda guardar.' },
];

async function respondem(usuarioId: string): Promise<void> {
  await Promise.all(
    [DeReservas, DePagamentos, DeNotificacoes].map((schema) => chega(schema, { usuarioId, itens })),
  );
}

describe('the report of an erasure', () => {
  it('says at once that it is under way, and is done when the last of four services has answered (ASVS 8.3.2)', async () => {
    const { id: usuarioId, protocolo } = await removida();
    const antes = await rpc.erasures.getErasureReport({ protocolo });
    expect(antes).toMatchObject({ usuarioId, situacao: EM_ANDAMENTO, por: AutorDaRemocao.TITULAR });
    expect(antes.partes.map(({ servico, itens: vistos }) => [servico, vistos.length])).toEqual([
      ['auth', 0],
      ['reservas', 0],
      ['pagamentos', 0],
      ['notificacoes', 0],
    ]);
    await respondem(usuarioId);
    expect(await rpc.erasures.getErasureReport({ protocolo })).toMatchObject({ situacao: EM_ANDAMENTO });
    await chega(UsuarioRemovidoSchema, { usuarioId });
    const depois = await rpc.erasures.getErasureReport({ protocolo });
    expect(depois).toMatchObject({ situacao: CONCLUIDO });
    expect(depois.concluidoEm).toBeDefined();
    expect(depois.partes[3]).toMatchObject({ servico: 'notificacoes', situacao: CONCLUIDO, itens });
    const daAuth = depois.partes[0]?.itens ?? [];
    expect(daAuth.filter(({ acao }) => acao === AcaoSobreDados.MANTIDO).map(({ dados }) => dados)).toEqual([
      'IDENTIFICADOR',
      'EVENTOS_DE_SEGURANCA',
    ]);
    for (const { acao, motivo } of daAuth) expect(motivo !== '').toBe(acao === AcaoSobreDados.MANTIDO);
    expect(daAuth.find(({ dados }) => dados === 'SESSOES')).toMatchObject({ quantidade: 1 });
  });

  it('keeps the first answer of each service, however often and in whichever order they come', async () => {
    const { id: usuarioId, protocolo } = await removida();
    await chega(UsuarioRemovidoSchema, { usuarioId });
    await Promise.all([respondem(usuarioId), respondem(usuarioId)]);
    const primeiro = await rpc.erasures.getErasureReport({ protocolo });
    await chega(DeReservas, { usuarioId, itens: [] });
    await chega(UsuarioRemovidoSchema, { usuarioId });
    expect(await rpc.erasures.getErasureReport({ protocolo })).toEqual(primeiro);
    expect(primeiro.situacao).toBe(CONCLUIDO);
  });

  it('leaves nothing of the sessions in Redis, not where they were used from', async () => {
    const { id: usuarioId } = await removida();
    await chega(UsuarioRemovidoSchema, { usuarioId });
    const chaves = await auth.redis.keys('sess*');
    for (const chave of chaves.filter((nome) => nome.startsWith('sessao:')))
      expect(await auth.redis.hget(chave, 'usuario')).not.toBe(usuarioId);
    expect(chaves).not.toContain(`sessoes:${usuarioId}`);
  });

  it('is not found by a protocol that was never given, nor by what is none', async () => {
    const { protocolo } = await removida();
    const outro = `${protocolo.startsWith('A') ? 'B' : 'A'}${protocolo.slice(1)}`;
    expect(await failure(rpc.erasures.getErasureReport({ protocolo: outro }))).toEqual({
      code: Code.NotFound,
      motivo: 'PROTOCOLO_NAO_ENCONTRADO',
    });
    for (const nenhum of ['', protocolo.slice(1), `${protocolo}A`, "' or '1'='1' or '1'='1' or '1'='"])
      expect((await failure(rpc.erasures.getErasureReport({ protocolo: nenhum }))).code).toBe(
        Code.InvalidArgument,
      );
  });

  it('takes no answer about somebody who was not removed', async () => {
    await expect(chega(DeReservas, { usuarioId: 'cli_ninguem', itens })).rejects.toThrow(/no removal/);
  });
});

describe('administrators', () => {
  it('find erasures by person, newest first, and those that wait; that they looked is recorded', async () => {
    const [primeira, segunda] = [await removida(), await removida()];
    clock.advance(1_000);
    const terceira = await removida();
    const admin = as(await rpc.auth.login(ADMIN));
    const { apagamentos } = await rpc.erasures.listErasures({ usuarioId: segunda.id }, admin);
    expect(apagamentos.map(({ protocolo }) => protocolo)).toEqual([segunda.protocolo]);
    const pagina = await rpc.erasures.listErasures({ pageSize: 1 }, admin);
    expect(pagina.apagamentos[0]?.usuarioId).toBe(terceira.id);
    await chega(UsuarioRemovidoSchema, { usuarioId: primeira.id });
    await respondem(primeira.id);
    const pendentes = await rpc.erasures.listErasures({ pendentes: true, pageSize: 100 }, admin);
    const ids = pendentes.apagamentos.map(({ usuarioId }) => usuarioId);
    expect([ids.includes(primeira.id), ids.includes(segunda.id)]).toEqual([false, true]);
    const [{ n }] = await auth.dataSource.query(
      `select count(*)::int as n from eventos_seguranca where detalhe = 'ListErasures' and usuario_id = $1`,
      [segunda.id],
    );
    expect(n).toBe(1);
  });

  it('see how many wait for which service, and for how long', async () => {
    const { id: usuarioId } = await removida();
    const quantas = async () =>
      Number(
        /remocoes_pendentes\{servico="reservas"\} (\d+)/.exec(await auth.metrics.registry.metrics())?.[1],
      );
    const antes = await quantas();
    await respondem(usuarioId);
    expect(await quantas()).toBe(antes - 1);
    expect(await auth.metrics.registry.metrics()).toMatch(
      /remocoes_pendente_mais_antiga_segundos\{servico="auth"\} \d/,
    );
  });
});
