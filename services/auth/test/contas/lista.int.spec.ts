import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { TipoEventoSeguranca } from '@plataforma/contratos/auth/v1/audit_service_pb';
import { PapelUsuario } from '@plataforma/contratos/auth/v1/usuario_pb';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { ADMIN, as, failure, useAuth } from '../support/use-auth.ts';

/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

const chefe = async () => as(await rpc.auth.login(ADMIN));
const password = 'Senha@123';

async function abrir(nome: string, email: string): Promise<string> {
  clock.advance(1_000);
  return (await rpc.auth.signup({ nome, email, password })).id;
}

type Pedido = Parameters<typeof rpc.users.listUsers>[0];

async function lista(pedido: Pedido) {
  return rpc.users.listUsers(pedido, await chefe());
}

const nomes = async (pedido: Pedido) => (await lista(pedido)).usuarios.map(({ nome }) => nome);

/** All pages, and how many accounts each had. */
async function paginas(pedido: Pedido) {
  const ids: string[] = [];
  const tamanhos: number[] = [];
  const quem = await chefe();
  for (let pageToken = ''; ; ) {
    const { usuarios, nextPageToken } = await rpc.users.listUsers({ ...pedido, pageToken }, quem);
    ids.push(...usuarios.map(({ id }) => id));
    tamanhos.push(usuarios.length);
    if (nextPageToken === '') return { ids, tamanhos };
    pageToken = nextPageToken;
  }
}

describe('the list of accounts', () => {
  it('has the newest first, page by page, each account once', async () => {
    const abertas: string[] = [];
    for (const n of [1, 2, 3, 4, 5]) abertas.unshift(await abrir(`Pagina ${n}`, `pagina.${n}@lista.com`));
    const { ids } = await paginas({ pageSize: 2 });
    expect(ids.slice(0, 5)).toEqual(abertas);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is searched by the beginning of an address or a name, whatever its case and accents', async () => {
    await abrir('Érica Ávila', 'zoe@busca.com');
    await abrir('Zoé Prado', 'erica@busca.com');
    await abrir('Erico Prado', 'outro@busca.com');
    expect(await nomes({ busca: 'ÉRIC' })).toEqual(['Zoé Prado', 'Érica Ávila', 'Erico Prado']);
    expect(await nomes({ busca: 'erica a' })).toEqual(['Érica Ávila']);
    expect(await nomes({ busca: 'Zoe@Busca.com' })).toEqual(['Érica Ávila']);
    expect(await nomes({ busca: 'rica' })).toEqual([]);
    const { ids, tamanhos } = await paginas({ busca: 'eric', pageSize: 1 });
    expect([new Set(ids).size, tamanhos]).toEqual([3, [1, 1, 1]]);
  });

  it.each(['%', '_', '\\', "'", '\u{10FFFD}', '%@', 'a'.repeat(120)])(
    'takes %j for itself',
    async (busca) => {
      expect(await nomes({ busca })).toEqual([]);
    },
  );

  it('is filtered by role, suspension and proof of the address, together too', async () => {
    const gestor = await abrir('Filtro Gestor', 'gestor@filtro.com');
    const suspensa = await abrir('Filtro Suspenso', 'suspenso@filtro.com');
    await rpc.users.updateUser(
      { usuarioId: gestor, papeis: [PapelUsuario.GESTOR], password: ADMIN.password },
      await chefe(),
    );
    await rpc.users.updateUser({ usuarioId: suspensa, ativo: false }, await chefe());
    expect(await nomes({ papel: PapelUsuario.GESTOR })).toEqual(['Filtro Gestor']);
    expect(await nomes({ papel: PapelUsuario.ADMIN })).toEqual(['Administração']);
    expect(await nomes({ ativo: false })).toEqual(['Filtro Suspenso']);
    expect(await nomes({ emailVerificado: true })).toEqual(['Administração']);
    const busca = 'filtro';
    expect(await nomes({ busca, ativo: true })).toEqual(['Filtro Gestor']);
    expect(await nomes({ busca, papel: PapelUsuario.CLIENTE })).toEqual(['Filtro Suspenso']);
    expect(await nomes({ papel: PapelUsuario.GESTOR, ativo: false })).toEqual([]);
    expect(await nomes({ busca, emailVerificado: true })).toEqual([]);
  });

  it('tells superseded accounts apart, to administrators alone', async () => {
    const antiga = await abrir('Lugar Antigo', 'lugar@lista.com');
    const nova = await abrir('Lugar Novo', 'lugar@lista.com');
    const { usuarios } = await lista({ busca: 'lugar@' });
    const vistos = usuarios.map(({ id, substituidoEm }) => [id, substituidoEm !== undefined]);
    expect(new Map(vistos as [string, boolean][])).toEqual(
      new Map([
        [antiga, true],
        [nova, false],
      ]),
    );
    const { usuarioId } = { usuarioId: nova };
    await rpc.users.updateUser(
      { usuarioId, papeis: [PapelUsuario.GESTOR], password: ADMIN.password },
      await chefe(),
    );
    const perdeu = await rpc.auth.signup({ nome: 'Sem Lugar', email: 'lugar@lista.com', password });
    expect(perdeu.substituidoEm).toBeUndefined();
  });

  it('is for administrators, and each look is recorded (ASVS 8.2.1)', async () => {
    await abrir('Curiosa', 'curiosa@lista.com');
    const mera = as(await rpc.auth.login({ email: 'curiosa@lista.com', password }));
    const negado = { code: Code.PermissionDenied, motivo: 'ACESSO_NEGADO' };
    expect(await failure(rpc.users.listUsers({}, mera))).toEqual(negado);
    clock.advance(60_000);
    await lista({ busca: 'curiosa@lista.com' });
    const tipo = TipoEventoSeguranca.DADOS_CONSULTADOS;
    const { eventos } = await rpc.audit.listSecurityEvents({ tipo, pageSize: 100 }, await chefe());
    expect(eventos.filter(({ detalhe }) => detalhe === 'ListUsers').length).toBeGreaterThan(0);
    const [{ n }] = await auth.dataSource.query(
      `select count(*)::int as n from eventos_seguranca e where e::text like '%curiosa%'`,
    );
    expect(n).toBe(0);
  });

  it('refuses tokens of another list, filter or kind', async () => {
    const { nextPageToken: pageToken } = await lista({ pageSize: 1 });
    const recusada = { code: Code.InvalidArgument, motivo: 'PAGINA_INVALIDA' };
    expect(await failure(lista({ pageToken, busca: 'a' }))).toEqual(recusada);
    expect(await failure(lista({ pageToken: 'x' }))).toEqual(recusada);
    expect(await failure(lista({ pageToken, ativo: true }))).toEqual(recusada);
  });

  it('gives tokens of a search without any name or address in them', async () => {
    await abrir('Sigilosa Prado', 'endereco@sigilosa.com');
    await abrir('Sigilosa Souza', 'sigilosa@outra.com');
    const { nextPageToken } = await lista({ busca: 'sigilosa', pageSize: 1 });
    expect(nextPageToken).not.toBe('');
    expect(Buffer.from(nextPageToken, 'base64url').toString()).not.toMatch(/sigilosa|outra\.com/i);
  });

  it('goes on behind where an account stands now, and not behind one that the search does not find any more', async () => {
    const primeira = await abrir('Mudada A', 'mudada.a@x.com');
    const segunda = await abrir('Mudada B', 'b@x.com');
    const terceira = await abrir('Mudada C', 'c@x.com');
    const ids = async (pedido: Pedido) => (await lista(pedido)).usuarios.map(({ id }) => id);
    const { nextPageToken: pageToken, usuarios } = await lista({ busca: 'mudada', pageSize: 2 });
    expect(usuarios.map(({ id }) => id)).toEqual([primeira, segunda]);
    const renomear = (nome: string) =>
      auth.dataSource.query('update usuarios set nome = $2 where id = $1', [segunda, nome]);
    await renomear('Mudada Bi');
    expect(await ids({ busca: 'mudada', pageSize: 2, pageToken })).toEqual([terceira]);
    await renomear('Outra');
    expect(await failure(lista({ busca: 'mudada', pageSize: 2, pageToken }))).toEqual({
      code: Code.InvalidArgument,
      motivo: 'PAGINA_INVALIDA',
    });
  });

  it('looks at a thousand accounts a call, and goes on behind them', async () => {
    await auth.dataSource.query(
      `insert into usuarios (id, nome, email, email_verificado, senha_hash, papeis, ativo, geracao_sessoes, versao,
         criado_em, atualizado_em)
       select 'cli_muitas' || n, 'Muitas ' || n, 'muitas.' || n || '@lista.com', n = 1, '$argon2id$x', '{CLIENTE}',
         true, 1, 1, $1::timestamptz + n * interval '1 ms', $1 from generate_series(1, 2500) n`,
      [clock.now()],
    );
    const filtro = { emailVerificado: true, pageSize: 100 };
    const { ids, tamanhos } = await paginas({ ...filtro, busca: 'Muitas' });
    expect([ids, tamanhos]).toEqual([['cli_muitas1'], [0, 1, 0, 0, 0, 0]]);
    const todas = await paginas({ ...filtro });
    expect([todas.ids[0], todas.tamanhos[0]]).toEqual(['cli_muitas1', 0]);
    expect(new Set((await paginas({ busca: 'muitas', pageSize: 100 })).ids).size).toBe(2_500);
  });
});
