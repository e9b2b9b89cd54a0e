import { randomBytes, randomUUID } from 'node:crypto';
import { create } from '@bufbuild/protobuf';
import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { UsuarioRemovidoSchema } from '@plataforma/contratos/auth/v1/eventos_pb';
import { doneOrBlocked, stopAt } from '@plataforma/testing/barrier';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { verificar } from '../support/enderecos.ts';
import { as, failure, pessoa, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

/** One more row of an account, in each table that may have none of somebody who is gone. */
const LINHAS: Record<string, (id: string) => [colunas: string, valores: unknown[]]> = {
  fatores: (id) => [
    'usuario_id, id, tipo, segredo_cifrado, criado_em, falhas',
    [id, randomUUID(), 'TOTP', Buffer.alloc(60), clock.now(), 0],
  ],
  chaves_api: (id) => [
    'id, usuario_id, nome, escopos, papeis, so_senha, impressao, validade_dias, criado_em, expira_em',
    [
      ...['chv_000000000001', id, 'Loja', ['reservas:ler'], ['CLIENTE'], false, randomBytes(32), 90],
      ...[clock.now(), clock.now()],
    ],
  ],
  codigos_recuperacao: (id) => ['usuario_id, impressao', [id, randomBytes(32)]],
  vinculos: (id) => [
    'usuario_id, emissor, sujeito, criado_em',
    [id, 'https://i.test', randomUUID(), clock.now()],
  ],
  enderecos_deixados: (id) => [
    'usuario_id, email, deixado_em, vence_em',
    [id, `${id}@exemplo.com`, clock.now(), new Date(clock.now().getTime() + 60_000)],
  ],
  redefinicoes_senha: (id) => [
    'usuario_id, codigo_hash, email, numero, vence_em, livre_em',
    [id, randomBytes(32), 'ana@exemplo.com', 1, clock.now(), clock.now()],
  ],
  passkeys: (id) => [
    `usuario_id, id, credencial, titular, chave_publica, nome, contador, transportes, sincronizavel, sincronizada, criada_em`,
    [
      ...[id, randomUUID(), randomBytes(16), randomBytes(32), randomBytes(64)],
      ...['Telefone', 0, [], false, false, clock.now()],
    ],
  ],
  trocas_de_email: (id) => [
    'usuario_id, codigo_hash, de, para, geracao, numero, vence_em, livre_em',
    [id, randomBytes(32), 'ana@exemplo.com', 'eva@exemplo.com', 1, 1, clock.now(), clock.now()],
  ],
  exportacoes: (id) => [
    `usuario_id, id, estado, pedida_em, endereco, dispositivo, requisicao, fonte, pagina, secao, secao_vazia, partes,
      bytes, tentar_em, avancou_em, falhas`,
    [
      ...[id, randomUUID(), 'PREPARANDO', clock.now(), '', '', '', 'auth', '', '', true, 0, 0],
      ...[clock.now(), clock.now(), 0],
    ],
  ],
};

const STONE = `
  update usuarios set nome = 'Conta removida', email = 'removida@invalid', email_verificado = false, senha_hash = null,
    papeis = '{CLIENTE}', ativo = false, substituida_em = now(), removida_em = now(), cadastro_impressao = null,
    cadastro_repetido_em = null
  where id = $1`;

async function acrescentar(tabela: string, id: string): Promise<string> {
  const [colunas, valores] = LINHAS[tabela]?.(id) ?? ['', []];
  const insert = `insert into ${tabela} (${colunas}) values (${valores.map((_, n) => `$${n + 1}`)})`;
  return auth.dataSource.query(insert, valores).then(
    () => 'added',
    (error: { constraint?: string }) => error.constraint ?? String(error),
  );
}

describe('beside a removal that is not committed yet', () => {
  it('every table that lets something be added to an account is tried', async () => {
    const rows: { nome: string }[] = await auth.dataSource.query(
      `select event_object_table as nome from information_schema.triggers
       where action_statement like '%usuarios_sem_removidas()%' group by 1 order by 1`,
    );
    expect(rows.map(({ nome }) => nome)).toEqual(Object.keys(LINHAS).sort());
  });

  it.each(Object.keys(LINHAS))('nothing is added to %s: it is waited for', async (tabela) => {
    const { id } = await rpc.auth.signup(pessoa());
    expect(await acrescentar(tabela, (await rpc.auth.signup(pessoa())).id)).toBe('added');
    const removal = auth.dataSource.createQueryRunner();
    await removal.startTransaction();
    try {
      await removal.query(STONE, [id]);
      const late = acrescentar(tabela, id);
      const first = await Promise.race([late, new Promise((tell) => setTimeout(tell, 300, 'waits'))]);
      await removal.commitTransaction();
      expect([first, await late]).toEqual(['waits', 'usuarios_sem_removidas']);
    } finally {
      await removal.release();
    }
    expect(await auth.dataSource.query(`select 1 from ${tabela} where usuario_id = $1`, [id])).toEqual([]);
  });
});

describe('a login under way', () => {
  const RECUSADO = { code: Code.Unauthenticated, motivo: 'CREDENCIAIS_INVALIDAS' };

  async function comSessao() {
    const quem = pessoa();
    const { id } = await rpc.auth.signup(quem);
    await verificar({ auth, rpc }, id);
    return { ...quem, id, aqui: await rpc.auth.login(quem) };
  }

  /** The account is gone, and auth has looked for its sessions. */
  async function sair({ id, password, aqui }: Awaited<ReturnType<typeof comSessao>>): Promise<void> {
    await rpc.users.deleteMe({ password }, as(aqui));
    const ouve = auth.consumers
      .flatMap(({ on }) => on)
      .find(({ schema }) => schema === UsuarioRemovidoSchema);
    await ouve?.handle(create(UsuarioRemovidoSchema, { usuarioId: id }) as never, {
      ...{ id: randomUUID(), subject: UsuarioRemovidoSchema.typeName, ocorridoEm: clock.now(), entrega: 1 },
      agregado: { tipo: 'usuario', id, versao: 9 },
    });
  }

  /** Where the sessions of a person are used from, as Redis knows it. */
  async function lugaresDe(id: string): Promise<string[]> {
    const chaves = await auth.redis.keys('sessao:*');
    const todas = await Promise.all(chaves.map((chave) => auth.redis.hgetall(chave)));
    return todas.flatMap(({ usuario, endereco }) => (usuario === id && endereco ? [endereco] : []));
  }

  const logins = async (id: string): Promise<string[]> => {
    const rows: { resultado: string }[] = await auth.dataSource.query(
      `select resultado from eventos_seguranca where usuario_id = $1 and tipo = 'LOGIN' order by id`,
      [id],
    );
    return rows.map(({ resultado }) => resultado);
  };

  it('leaves nothing of who is gone since their account was found', async () => {
    const quem = await comSessao();
    const achada = stopAt(/and email = \$1/, { when: 'after' });
    const login = failure(rpc.auth.login(quem));
    await achada.reached();
    await sair(quem);
    achada.open();
    expect(await login).toEqual(RECUSADO);
    expect([await lugaresDe(quem.id), await auth.redis.exists(`sessoes:${quem.id}`)]).toEqual([[], 0]);
    expect(await logins(quem.id)).toEqual(['FEITO']);
  });

  it('is recorded of nobody who is gone: the removal waits for it', async () => {
    const quem = await comSessao();
    const aRegistrar = stopAt(/insert into eventos_seguranca/);
    const login = rpc.auth.login(quem).catch(() => undefined);
    await aRegistrar.reached();
    const saida = sair(quem);
    expect(await doneOrBlocked(auth.dataSource, saida)).toBe('blocked');
    aRegistrar.open();
    await Promise.all([login, saida]);
  });

  it('leaves no session of who is gone since it was recorded', async () => {
    const quem = await comSessao();
    const aRegistrar = stopAt(/insert into eventos_seguranca/);
    const login = failure(rpc.auth.login(quem));
    await aRegistrar.reached();
    const registrado = stopAt(/^commit$/i, { when: 'after' });
    aRegistrar.open();
    await registrado.reached();
    await sair(quem);
    registrado.open();
    expect(await login).toEqual(RECUSADO);
    expect([await lugaresDe(quem.id), await auth.redis.exists(`sessoes:${quem.id}`)]).toEqual([[], 0]);
    expect(await logins(quem.id)).toEqual(['FEITO', 'FEITO']);
  });

  it('ends with what it was proved by: another password was set since the account was found', async () => {
    const { id, aqui, ...quem } = await comSessao();
    const achada = stopAt(/and email = \$1/, { when: 'after' });
    const login = failure(rpc.auth.login(quem));
    await achada.reached();
    const senhas = { currentPassword: quem.password, newPassword: 'outra senha bem diferente' };
    await rpc.auth.changePassword(senhas, as(aqui));
    achada.open();
    expect(await login).toEqual(RECUSADO);
    expect(await lugaresDe(id)).toHaveLength(1);
    expect(await logins(id)).toEqual(['FEITO', 'RECUSADO']);
  });
});

describe('a request for a new password', () => {
  const pedidos = async (email: string) =>
    (await auth.dataSource.query('select 1 from pedidos_senha where email = $1', [email.toLowerCase()]))
      .length;

  it('of the owner waits on when somebody leaves who had signed up with their address', async () => {
    const dona = pessoa();
    await verificar({ auth, rpc }, (await rpc.auth.signup(dona)).id);
    const estranha = { ...dona, password: 'uma senha de outra pessoa' };
    await rpc.auth.signup(estranha);
    const session = await rpc.auth.login(estranha);
    await rpc.auth.forgotPassword({ email: dona.email });
    await rpc.users.deleteMe({ password: estranha.password }, as(session));
    expect(await pedidos(dona.email)).toBe(1);
    await rpc.users.deleteMe({ password: dona.password }, as(await rpc.auth.login(dona)));
    expect(await pedidos(dona.email)).toBe(0);
  });
});
