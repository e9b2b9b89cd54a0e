import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { watchHashes } from '../support/hash-work.ts';
import { ADMIN, as, failure, pessoa, useAuth } from '../support/use-auth.ts';

const DAY_MS = 24 * 3_600_000;
/** Behind, so that tokens made after it was advanced are not from the future for those who verify them. */
const clock = new FixedClock(new Date(Date.now() - 4 * 60_000).toISOString());
const { auth, rpc } = useAuth({ clock });

describe('sign-up', () => {
  it('answers the account and announces it', async () => {
    const quem = pessoa();
    const usuario = await rpc.auth.signup(quem);
    const email = quem.email.toLowerCase();
    expect(usuario).toMatchObject({ nome: 'Ana Souza', email, ativo: true });
    expect(usuario.id).toMatch(/^cli_/);
    const events = await auth.dataSource.query('select assunto, payload from outbox where agregado_id = $1', [
      usuario.id,
    ]);
    expect(events).toEqual([
      {
        assunto: 'auth.v1.UsuarioRegistrado',
        payload: expect.objectContaining({ usuarioId: usuario.id, email: usuario.email }),
      },
    ]);
  });

  it('keeps an argon2id hash and nothing of the password', async () => {
    const { id } = await rpc.auth.signup(pessoa());
    const [row] = await auth.dataSource.query(
      'select senha_hash, row_to_json(usuarios)::text as tudo from usuarios where id = $1',
      [id],
    );
    expect(row.senha_hash).toMatch(/^\$argon2id\$v=19\$m=19456,p=1,t=2|^\$argon2id\$v=19\$m=19456,t=2,p=1/);
    expect(row.tudo).not.toContain('Senha@123');
  });

  it('answers the same account to the same sign-up with the same key, also when ten come at once', async () => {
    const quem = pessoa();
    const keyed = { headers: { 'idempotency-key': `cadastro-${quem.email}` } };
    const once = await Promise.all(Array.from({ length: 10 }, () => rpc.auth.signup(quem, keyed)));
    const again = { ...quem, nome: ' Ana  Souza', email: quem.email.toUpperCase() };
    let replayed: string | null = null;
    const later = await rpc.auth.signup(again, {
      ...keyed,
      onHeader: (header) => {
        replayed = header.get('idempotency-replayed');
      },
    });
    expect(new Set([...once, later].map(({ id }) => id)).size).toBe(1);
    expect(replayed).toBe('true');
    const [row] = await auth.dataSource.query(
      'select count(*)::int as n from outbox where agregado_id = $1',
      [later.id],
    );
    expect(row).toEqual({ n: 1 });
  });

  it.each([
    ['without the key', {}, undefined],
    ['with another key', {}, 'outra'],
    ['with another password', { password: 'Senha@124' }, 'chave'],
    ['with another name', { nome: 'Bia Souza' }, 'chave'],
  ])('opens another account for who repeats it %s', async (_, changed, chave) => {
    const quem = pessoa();
    const of = (key: string | undefined) => ({
      headers: new Headers(key === undefined ? {} : { 'idempotency-key': `${key}-${quem.email}` }),
    });
    const { id } = await rpc.auth.signup(quem, of('chave'));
    const outra = await Promise.all([1, 2].map(() => rpc.auth.signup({ ...quem, ...changed }, of(chave))));
    expect(outra.map((usuario) => usuario.id)).not.toContain(id);
    // Under a key the two are one sign-up, which is that key's last.
    expect(new Set(outra.map((usuario) => usuario.id)).size).toBe(chave === undefined ? 2 : 1);
  });

  it('repeats no answer after a day, nor that of an account that was suspended', async () => {
    const quem = pessoa();
    const keyed = { headers: { 'idempotency-key': `dia-${quem.email}` } };
    const { id } = await rpc.auth.signup(quem, keyed);
    const aged = (conta: string, ms: number) =>
      auth.dataSource.query('update usuarios set criado_em = $2 where id = $1', [
        conta,
        new Date(clock.now().getTime() - ms),
      ]);
    await aged(id, DAY_MS);
    expect((await rpc.auth.signup(quem, keyed)).id).toBe(id);
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [id]);
    const { id: outra } = await rpc.auth.signup(quem, keyed);
    expect(outra).not.toBe(id);
    expect((await rpc.auth.signup(quem, keyed)).id).toBe(outra);
    await aged(outra, DAY_MS + 1);
    expect([id, outra]).not.toContain((await rpc.auth.signup(quem, keyed)).id);
  });

  it('says that it repeats an answer only when it does, for the cost of one hash', async () => {
    const quem = pessoa();
    const seen: (string | null)[] = [];
    const keyed = {
      headers: { 'idempotency-key': `custo-${quem.email}` },
      onHeader: (header: Headers) => void seen.push(header.get('idempotency-replayed')),
    };
    const work = watchHashes();
    const costs = [];
    for (const _ of [1, 2]) costs.push(await work.during(() => rpc.auth.signup(quem, keyed)));
    work.stop();
    expect([costs, seen]).toEqual([
      [1, 1],
      [null, 'true'],
    ]);
  });

  it('passes over ids that are taken, four of them and no more', async () => {
    const { id } = await rpc.auth.signup(pessoa());
    const next = (by: number) => `cli_${String(Number(id.slice(4)) + by).padStart(8, '0')}`;
    const take = (by: number) =>
      auth.dataSource.query(
        `insert into usuarios (id, nome, email, senha_hash, papeis, ativo, versao, criado_em, atualizado_em)
         select $2, nome, $3, senha_hash, papeis, false, 1, criado_em, atualizado_em from usuarios where id = $1`,
        [id, next(by), `${next(by)}@exemplo.com`],
      );
    for (const by of [1, 2, 3, 4]) await take(by);
    expect((await rpc.auth.signup(pessoa())).id).toBe(next(5));
    for (const by of [6, 7, 8, 9, 10]) await take(by);
    expect((await failure(rpc.auth.signup(pessoa()))).code).toBe(Code.Internal);
    expect((await rpc.auth.signup(pessoa())).id).toBe(next(11));
  });

  it('refuses a key that cannot be kept', async () => {
    const keyed = { headers: { 'idempotency-key': 'a b' } };
    expect((await failure(rpc.auth.signup(pessoa(), keyed))).motivo).toBe('REQUISICAO_INVALIDA');
  });

  it.each([
    ['a weak password', { password: 'password1' }, 'SENHA_FRACA'],
    ['a short password', { password: 'curta' }, 'REQUISICAO_INVALIDA'],
    ['something that is no e-mail', { email: 'ana' }, 'REQUISICAO_INVALIDA'],
    ['no name', { nome: '' }, 'REQUISICAO_INVALIDA'],
  ])('refuses %s', async (_, wrong, motivo) => {
    await expect(failure(rpc.auth.signup({ ...pessoa(), ...wrong }))).resolves.toEqual({
      code: Code.InvalidArgument,
      motivo,
    });
  });
});

describe('a name', () => {
  it.each([
    '   ',
    ' A ',
    '\u200b\u200b\u200b',
    'Ana\nBia',
    'Ana\u2028Bia',
    'Ana\u0007',
    '\u202eanA',
    '\u3164\u3164',
  ])('is refused with a reason at sign-up and update: %j', async (nome) => {
    const refused = { code: Code.InvalidArgument, motivo: 'REQUISICAO_INVALIDA' };
    expect(await failure(rpc.auth.signup({ ...pessoa(), nome }))).toEqual(refused);
    const { id: usuarioId } = await rpc.auth.signup(pessoa());
    const admin = as(await rpc.auth.login(ADMIN));
    expect(await failure(rpc.users.updateUser({ usuarioId, nome }, admin))).toEqual(refused);
  });

  it.each([
    ['  Ana \u00a0  Souza ', 'Ana Souza'],
    ['Jose\u0301 \u200bda Silva', 'José da Silva'],
    ['🙂'.repeat(120), '🙂'.repeat(120)],
  ])('is kept in one form: %j', async (nome, kept) => {
    expect((await rpc.auth.signup({ ...pessoa(), nome })).nome).toBe(kept);
  });

  it.each(['ana\u200b@exemplo.com', 'anå@exemplo.com', 'ana @exemplo.com', 'аna@exemplo.com'])(
    'does not hide in an address: %j',
    async (email) => {
      expect((await failure(rpc.auth.signup({ ...pessoa(), email }))).motivo).toBe('REQUISICAO_INVALIDA');
    },
  );
});
