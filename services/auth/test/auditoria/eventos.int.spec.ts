import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import {
  type EventoSeguranca,
  ResultadoEventoSeguranca,
  TipoEventoSeguranca,
} from '@plataforma/contratos/auth/v1/audit_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { verificar } from '../support/enderecos.ts';
import { ADMIN, as, failure, pessoa, SECRET, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Math.floor(Date.now() / 60_000 - 8) * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

const chefe = async () => as(await rpc.auth.login(ADMIN));

/** A person with an account, logged in once. */
async function conta() {
  const quem = pessoa();
  const { id } = await rpc.auth.signup(quem);
  return { id, quem, sessao: await rpc.auth.login(quem) };
}

const nameOf = (members: Record<string, number>, member: number) =>
  Object.keys(members).find((name) => members[name] === member);

const told = ({ tipo, resultado, autorId, detalhe }: EventoSeguranca) => [
  nameOf(TipoEventoSeguranca, tipo),
  nameOf(ResultadoEventoSeguranca, resultado),
  autorId,
  detalhe,
];

async function about(usuarioId: string, tipo: TipoEventoSeguranca = TipoEventoSeguranca.UNSPECIFIED) {
  const { eventos } = await rpc.audit.listSecurityEvents({ usuarioId, tipo, pageSize: 100 }, await chefe());
  return eventos;
}

const rows = (sql: string): Promise<Array<Record<string, unknown>>> => auth.dataSource.query(sql);

describe('security events', () => {
  it('tell of a login by what, from where and in which call', async () => {
    const { id, quem } = await conta();
    const requestId = `pedido-de-${id}`;
    await rpc.auth.login(quem, {
      headers: { 'x-forwarded-for': '198.51.100.9', 'x-request-id': requestId },
    });
    const evento = (await about(id)).find(({ requisicaoId }) => requisicaoId === requestId);
    expect(evento && told(evento)).toEqual(['LOGIN', 'FEITO', id, 'pwd']);
    expect(evento).toMatchObject({ usuarioId: id, ip: '198.51.100.9' });
    expect(evento?.dispositivoNome).toBe('Dispositivo desconhecido');
  });

  it('stand for all failed logins of a minute at one account from one address, and are counted one by one', async () => {
    const { id, quem } = await conta();
    const fail = (headers: Record<string, string> = {}) =>
      failure(rpc.auth.login({ ...quem, password: 'outra senha' }, { headers }));
    for (let n = 0; n < 3; n += 1) await fail();
    await fail({ 'x-forwarded-for': '198.51.100.10' });
    clock.advance(60_000);
    await fail();
    const eventos = await about(id, TipoEventoSeguranca.LOGIN);
    const recusados = eventos.filter(({ resultado }) => resultado === ResultadoEventoSeguranca.RECUSADO);
    expect(recusados).toHaveLength(3);
    const metric = await auth.metrics.registry.getSingleMetricAsString('auth_security_events_total');
    expect(metric).toMatch(/\{kind="LOGIN",outcome="RECUSADO",.*\} 5$/m);
  });

  it('know no account that an unknown address could have', async () => {
    await failure(rpc.auth.login(pessoa(), { headers: { 'x-forwarded-for': '198.51.100.11' } }));
    const found = await rows(`select * from eventos_seguranca where endereco = '198.51.100.11'`);
    expect(found).toMatchObject([{ tipo: 'LOGIN', usuario_id: null, autor_id: null, detalhe: '' }]);
  });

  it('tell of roles and suspension, and of who changed them', async () => {
    const { id } = await conta();
    const [{ id: admin }] = (await rows(`select id from usuarios where papeis @> array['ADMIN']`)) as [
      { id: string },
    ];
    const { CLIENTE, GESTOR } = PapelUsuario;
    const call = { usuarioId: id, password: ADMIN.password };
    await rpc.users.updateUser({ ...call, papeis: [CLIENTE, GESTOR], ativo: false }, await chefe());
    await rpc.users.updateUser({ ...call, ativo: true, nome: 'Ana Lima' }, await chefe());
    const eventos = (await about(id)).map(told);
    expect(eventos).toContainEqual(['PAPEIS_ALTERADOS', 'FEITO', admin, 'CLIENTE > CLIENTE+GESTOR']);
    expect(eventos).toContainEqual(['CONTA_SUSPENSA', 'FEITO', admin, '']);
    expect(eventos).toContainEqual(['CONTA_REATIVADA', 'FEITO', admin, '']);
  });

  it('are rolled back with what they tell of', async () => {
    const { id } = await conta();
    await rows(`
      create function recusar() returns trigger language plpgsql as 'begin raise exception ''recusado''; end';
      create trigger recusar before insert on outbox for each row execute function recusar()`);
    try {
      await failure(rpc.users.updateUser({ usuarioId: id, ativo: false }, await chefe()));
    } finally {
      await rows('drop trigger recusar on outbox; drop function recusar()');
    }
    expect(await about(id, TipoEventoSeguranca.CONTA_SUSPENSA)).toEqual([]);
  });

  it('tell of ended sessions, and of a refresh token that came twice as of no known author', async () => {
    const { id, quem, sessao } = await conta();
    const stolen = await rpc.auth.login(quem);
    const sessaoId = stolen.refreshToken.split('.')[0] ?? '';
    await rpc.auth.logout({}, as(sessao));
    await rpc.auth.refresh({ refreshToken: stolen.refreshToken });
    clock.advance(45_000);
    await failure(rpc.auth.refresh({ refreshToken: stolen.refreshToken }));
    const eventos = (await about(id)).map(told);
    expect(eventos).toContainEqual([
      ...['SESSAO_ENCERRADA', 'FEITO', id, sessao.refreshToken.split('.')[0] ?? ''],
    ]);
    expect(eventos).toContainEqual(['SESSAO_ENCERRADA', 'FEITO', '', sessaoId]);
    expect(eventos).toContainEqual(['SESSOES_ENCERRADAS_POR_REUSO', 'RECUSADO', '', '']);
  });

  it('tell of a session that another person ends with its refresh token whose it was, and who has ended it', async () => {
    const [dona, outra] = [await conta(), await conta()];
    await rpc.auth.logout({ refreshToken: dona.sessao.refreshToken }, as(outra.sessao));
    const eventos = await about(dona.id, TipoEventoSeguranca.SESSAO_ENCERRADA);
    expect(eventos.map(({ autorId }) => autorId)).toEqual([outra.id]);
    expect(await about(outra.id, TipoEventoSeguranca.SESSAO_ENCERRADA)).toEqual([]);
  });

  it('tell of tokens of services, of strangers without the name they gave', async () => {
    const pedido = { servico: 'reservas', segredo: SECRET, audiencia: 'pagamentos' };
    await rpc.tokens.issueServiceToken(pedido);
    await failure(rpc.tokens.issueServiceToken({ ...pedido, audiencia: 'auth' }));
    await failure(rpc.tokens.issueServiceToken({ ...pedido, servico: 'intruso' }));
    const tipo = TipoEventoSeguranca.TOKEN_DE_SERVICO;
    const { eventos } = await rpc.audit.listSecurityEvents({ tipo }, await chefe());
    expect(eventos.map(told).reverse()).toEqual([
      ['TOKEN_DE_SERVICO', 'FEITO', 'reservas', 'pagamentos'],
      ['TOKEN_DE_SERVICO', 'RECUSADO', 'reservas', ''],
      ['TOKEN_DE_SERVICO', 'RECUSADO', '', ''],
    ]);
  });

  it('tell of administrators who look at accounts and events of others', async () => {
    const { id, sessao } = await conta();
    await rpc.users.getUser({ usuarioId: id }, as(sessao));
    const { DADOS_CONSULTADOS } = TipoEventoSeguranca;
    expect((await about(id, DADOS_CONSULTADOS)).map(({ detalhe }) => detalhe)).toEqual([
      'ListSecurityEvents',
    ]);
    await rpc.users.getUser({ usuarioId: id }, await chefe());
    expect((await about(id, DADOS_CONSULTADOS)).map(({ detalhe }) => detalhe)).toContain('GetUser');
  });

  it('tell of every change of a signing key, whoever makes it', async () => {
    const [{ kid }] = (await rows('select kid from chaves_assinatura')) as [{ kid: string }];
    const found = await rows(`select detalhe from eventos_seguranca where tipo = 'CHAVE_DE_ASSINATURA'`);
    expect(found).toEqual([{ detalhe: `ATIVA ${kid}` }]);
  });
});

describe('the record of security events', () => {
  it.each([
    ['changes', `update eventos_seguranca set detalhe = ''`],
    ['deletions', 'delete from eventos_seguranca'],
    ['being emptied', 'truncate eventos_seguranca'],
  ])('takes no %s', async (_, sql) => {
    await conta();
    await expect(rows(sql)).rejects.toThrow('security events are kept as they are for a year');
  });

  it('lets go of what is a year old, and of nothing else', async () => {
    const { id } = await conta();
    await rows(`
      insert into eventos_seguranca (tipo, resultado, detalhe, endereco, dispositivo, requisicao, em)
      select 'LOGIN', 'FEITO', 'idade', '', '', '', now() - dias * interval '1 day'
      from unnest(array[364, 366, 400]) as dias`);
    const purge = auth.background.find(({ name }) => name === 'purge');
    while (await purge?.turn?.());
    expect(await rows(`select 1 from eventos_seguranca where detalhe = 'idade'`)).toHaveLength(1);
    expect(await about(id)).not.toHaveLength(0);
  });
});

describe('reading security events', () => {
  it('are refused for what is no person', async () => {
    const { code } = await failure(rpc.audit.listSecurityEvents({ usuarioId: 'ninguém' }, await chefe()));
    expect(code).toBe(Code.InvalidArgument);
  });

  it('is for administrators, of everybody; others see what concerns their own account', async () => {
    const [ana, eva] = [await conta(), await conta()];
    expect((await failure(rpc.audit.listSecurityEvents({}, as(ana.sessao)))).code).toBe(
      Code.PermissionDenied,
    );
    const { eventos } = await rpc.audit.listMySecurityEvents({}, as(ana.sessao));
    expect(eventos.map(({ usuarioId }) => usuarioId)).toEqual([ana.id]);
    expect((await about(eva.id)).map(({ usuarioId }) => usuarioId)).toContain(eva.id);
  });

  it('can be narrowed to an author and a period, whose end is not in it', async () => {
    const { id } = await conta();
    const dataInicio = { seconds: BigInt(clock.now().getTime() / 1_000), nanos: 0 };
    const before = { seconds: dataInicio.seconds - 60n, nanos: 0 };
    const list = async (filtro: object) =>
      (await rpc.audit.listSecurityEvents({ autorId: id, ...filtro }, await chefe())).eventos;
    expect(await list({ dataInicio })).toHaveLength(1);
    expect(await list({ dataInicio: before, dataFim: dataInicio })).toEqual([]);
  });

  it('goes on from page to page, newest first, and leaves nothing out', async () => {
    const { id, quem, sessao } = await conta();
    for (let n = 0; n < 2; n += 1) await rpc.auth.login(quem);
    const seen: string[] = [];
    for (let pageToken: string | undefined; pageToken !== ''; ) {
      const page = await rpc.audit.listMySecurityEvents(
        { pageSize: 1, pageToken: pageToken ?? '' },
        as(sessao),
      );
      seen.push(...page.eventos.map((evento) => evento.id));
      pageToken = page.nextPageToken;
    }
    const stored = await rows(
      `select id from eventos_seguranca where usuario_id = '${id}' order by em desc, id desc`,
    );
    expect(seen).toHaveLength(3);
    expect(seen).toEqual(stored.map((row) => row.id));
  });

  it('refuses a page token that is none', async () => {
    const { sessao } = await conta();
    const refused = await failure(rpc.audit.listMySecurityEvents({ pageToken: 'x' }, as(sessao)));
    expect(refused).toEqual({ code: Code.InvalidArgument, motivo: 'PAGINA_INVALIDA' });
  });

  it('tells who has not proved the address nothing of what others try with it: it may concern another account', async () => {
    const { id, quem, sessao } = await conta();
    await failure(rpc.auth.login({ ...quem, password: 'outra senha' }));
    const mine = async () => (await rpc.audit.listMySecurityEvents({}, as(sessao))).eventos.map(told);
    expect(await mine()).toEqual([['LOGIN', 'FEITO', id, 'pwd']]);
    await verificar({ auth, rpc }, id);
    expect(await mine()).toContainEqual(['LOGIN', 'RECUSADO', '', '']);
  });

  it('tells the owner that an administrator has looked, and not from where', async () => {
    const { id, sessao } = await conta();
    await verificar({ auth, rpc }, id);
    await rpc.users.getUser({ usuarioId: id }, await chefe());
    const { eventos } = await rpc.audit.listMySecurityEvents({}, as(sessao));
    const olhou = eventos.find(({ tipo }) => tipo === TipoEventoSeguranca.DADOS_CONSULTADOS);
    expect(olhou).toMatchObject({ ip: '', dispositivo: '', requisicaoId: '', detalhe: 'GetUser' });
    expect(olhou?.dispositivoNome).toBe('');
    expect(eventos.find(({ autorId }) => autorId === id)?.ip).not.toBe('');
  });
});
