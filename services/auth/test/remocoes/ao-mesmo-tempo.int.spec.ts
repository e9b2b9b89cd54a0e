import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { verificar } from '../support/enderecos.ts';
import { as, pessoa, useAuth } from '../support/use-auth.ts';

const clock = new FixedClock(new Date(Date.now() - 8 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

/** One more row of an account, in each table that may have none of somebody who is gone. */
const LINHAS: Record<string, (id: string) => [colunas: string, valores: unknown[]]> = {
  fatores: (id) => [
    'usuario_id, id, tipo, segredo_cifrado, criado_em, falhas',
    [id, randomUUID(), 'TOTP', Buffer.alloc(60), clock.now(), 0],
  ],
  codigos_recuperacao: (id) => ['usuario_id, impressao', [id, randomBytes(32)]],
  vinculos: (id) => [
    'usuario_id, emissor, sujeito, criado_em',
    [id, 'https://i.test', randomUUID(), clock.now()],
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
