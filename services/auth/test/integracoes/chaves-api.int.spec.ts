import { Code } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { ESCOPOS } from '@plataforma/runtime/escopos';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { publicados } from '../support/codigos.ts';
import { ADMIN, as, failure, pessoa } from '../support/use-auth.ts';
import { useChaves } from './use-chaves.ts';

const clock = new FixedClock(new Date(Date.now() - 2 * 60_000).toISOString());
const { auth, rpc, verificada, protegida, criar, lista, eventosDa } = useChaves(clock);

const DIA_MS = 24 * 3_600_000;

describe('a new key', () => {
  it('has a secret that scanners find, shown once and stored as a digest', async () => {
    const ana = await verificada();
    const chave = await criar(ana, { nome: 'ERP', escopos: ['reservas:ler', 'espacos:ler'] });
    expect(chave.id).toMatch(/^chv_[0-9A-Za-z]{12}$/);
    expect(chave.segredo).toMatch(/^plat_[0-9A-Za-z]{12}_[0-9A-Za-z]{38}$/);
    expect(chave.segredo.startsWith(`${chave.prefixo}_`)).toBe(true);
    expect(chave.escopos).toEqual(['espacos:ler', 'reservas:ler']);
    const listed = await lista(ana);
    expect(listed).toMatchObject([{ id: chave.id, nome: 'ERP', prefixo: chave.prefixo, segredo: '' }]);
    const stored = JSON.stringify(
      await auth.dataSource.query('select c::text from chaves_api c where id = $1', [chave.id]),
    );
    expect(stored).not.toContain(chave.segredo.slice(-38));
    const avisos = await publicados<{ tipo: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', ana.id);
    expect(avisos[0]?.tipo).toBe('TIPO_AVISO_SEGURANCA_CHAVE_CRIADA');
    expect(await eventosDa(ana)).toContainEqual(['CHAVE_CRIADA', 'FEITO', chave.id]);
  });

  it('ends after 90 days, or when its owner has said', async () => {
    const ana = await verificada();
    const ends = async (validadeDias: number) => {
      const { criadoEm, expiraEm } = await criar(ana, { validadeDias });
      return (Number(expiraEm?.seconds) - Number(criadoEm?.seconds)) * 1_000;
    };
    expect([await ends(0), await ends(1), await ends(365)]).toEqual([90 * DIA_MS, DIA_MS, 365 * DIA_MS]);
    expect((await failure(criar(ana, { validadeDias: 366 }))).code).toBe(Code.InvalidArgument);
  });

  it('may be made with every scope that the table of access knows, and with no other', async () => {
    const ana = await verificada();
    const { escopos } = await criar(ana, { escopos: [...ESCOPOS] });
    expect(escopos).toEqual([...ESCOPOS].sort());
    for (const wrong of [[], ['contas:ler'], ['reservas:ler', 'reservas:ler']])
      expect((await failure(criar(ana, { escopos: wrong }))).code).toBe(Code.InvalidArgument);
  });

  it('asks for the password, a verified address, and the second factor when there is one', async () => {
    const ana = await verificada();
    expect((await failure(criar(ana, { password: 'outra senha' }))).motivo).toBe('CREDENCIAIS_INVALIDAS');
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const nova = { quem, session: await rpc.auth.login(quem) };
    expect((await failure(criar(nova))).motivo).toBe('EMAIL_NAO_VERIFICADO');
    const eva = await protegida();
    const renewed = { ...eva, session: await rpc.auth.refresh({ refreshToken: eva.session.refreshToken }) };
    expect((await failure(criar(renewed))).motivo).toBe('MFA_CODIGO_NECESSARIO');
    expect((await failure(criar(renewed, { codigo: eva.app.wrong() }))).motivo).toBe('MFA_CODIGO_INVALIDO');
    clock.advance(30_000);
    expect((await criar(renewed, { codigo: eva.app.code() })).segredo).not.toBe('');
  });

  it('is answered again to the same call, with its secret as long as that is the one of the key', async () => {
    const ana = await verificada();
    const keyed = (key: string) => ({ headers: { ...as(ana.session).headers, 'idempotency-key': key } });
    const request = { nome: 'ERP', escopos: ['espacos:ler'], password: ana.quem.password };
    const first = await rpc.chaves.criarChave(request, keyed('uma-chave'));
    expect(await rpc.chaves.criarChave(request, keyed('uma-chave'))).toEqual(first);
    const copied = rpc.chaves.criarChave({ ...request, password: 'outra senha' }, keyed('uma-chave'));
    expect((await failure(copied)).motivo).toBe('CREDENCIAIS_INVALIDAS');
    const rotate = { chaveId: first.id, password: ana.quem.password };
    const second = await rpc.chaves.rotacionarChave(rotate, keyed('outra-chave'));
    expect(await rpc.chaves.rotacionarChave(rotate, keyed('outra-chave'))).toEqual(second);
    await rpc.chaves.rotacionarChave(rotate, as(ana.session));
    expect((await rpc.chaves.criarChave(request, keyed('uma-chave'))).segredo).toBe('');
    expect(await lista(ana)).toHaveLength(1);
  });

  it('is one of at most twenty that work, however many are asked for at once', async () => {
    const ana = await verificada();
    const { id } = await criar(ana);
    await auth.dataSource.query(
      `insert into chaves_api (id, usuario_id, nome, escopos, papeis, so_senha, impressao, validade_dias, criado_em, expira_em)
       select 'chv_' || lpad(n::text, 12, 'x'), usuario_id, nome, escopos, papeis, so_senha, impressao, validade_dias, criado_em, expira_em
       from chaves_api, generate_series(1, 18) as n where chaves_api.id = $1`,
      [id],
    );
    const both = await Promise.allSettled([criar(ana), criar(ana)]);
    expect(both.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(await failure(criar(ana))).toEqual({ code: Code.FailedPrecondition, motivo: 'LIMITE_DE_CHAVES' });
    await rpc.chaves.revogarChave({ chaveId: id }, as(ana.session));
    expect((await criar(ana)).segredo).not.toBe('');
  });
});

describe('a list of keys', () => {
  it('goes page by page, newest first', async () => {
    const ana = await verificada();
    const made: string[] = [];
    for (let n = 0; n < 3; n += 1) {
      made.unshift((await criar(ana)).id);
      clock.advance(1);
    }
    const first = await rpc.chaves.listarChaves({ pageSize: 2 }, as(ana.session));
    const rest = await rpc.chaves.listarChaves(
      { pageSize: 2, pageToken: first.nextPageToken },
      as(ana.session),
    );
    expect([...first.chaves, ...rest.chaves].map(({ id }) => id)).toEqual(made);
    expect(rest.nextPageToken).toBe('');
  });

  it('is of the caller alone, but for administrators, whose look is recorded', async () => {
    const ana = await verificada();
    const { id } = await criar(ana);
    const outra = await verificada();
    const named = { usuarioId: ana.id };
    expect((await rpc.chaves.listarChaves(named, as(outra.session))).chaves).toEqual([]);
    const admin = await rpc.auth.login(ADMIN);
    expect((await rpc.chaves.listarChaves(named, as(admin))).chaves).toMatchObject([
      { id, usuarioId: ana.id },
    ]);
    expect(await eventosDa(ana)).toContainEqual(['DADOS_CONSULTADOS', 'FEITO', 'ListarChaves']);
    expect((await rpc.chaves.listarChaves({}, as(admin))).chaves).toEqual([]);
  });
});

describe('a rotation', () => {
  it('asks for the same proofs, and knows no key of others', async () => {
    const ana = await verificada();
    const { id: chaveId } = await criar(ana);
    const rotate = (who: typeof ana, password: string) =>
      failure(rpc.chaves.rotacionarChave({ chaveId, password }, as(who.session)));
    expect((await rotate(ana, 'outra senha')).motivo).toBe('CREDENCIAIS_INVALIDAS');
    const outra = await verificada();
    expect(await rotate(outra, outra.quem.password)).toEqual({
      code: Code.NotFound,
      motivo: 'CHAVE_NAO_ENCONTRADA',
    });
  });

  it('begins the validity anew, and brings back no key that has ended', async () => {
    const ana = await verificada();
    const { id: chaveId } = await criar(ana, { validadeDias: 1 });
    const call = { chaveId, password: ana.quem.password };
    const { expiraEm, anteriorAte } = await rpc.chaves.rotacionarChave(call, as(ana.session));
    expect(Number(expiraEm?.seconds)).toBeGreaterThanOrEqual(Number(anteriorAte?.seconds));
    await rpc.chaves.revogarChave({ chaveId }, as(ana.session));
    expect(await failure(rpc.chaves.rotacionarChave(call, as(ana.session)))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'CHAVE_ENCERRADA',
    });
  });
});

describe('a revocation', () => {
  it('is one, however often it is asked for, and known by its owner and administrators alone', async () => {
    const ana = await verificada();
    const { id: chaveId } = await criar(ana);
    const outra = await verificada();
    expect((await failure(rpc.chaves.revogarChave({ chaveId }, as(outra.session)))).motivo).toBe(
      'CHAVE_NAO_ENCONTRADA',
    );
    for (let n = 0; n < 2; n += 1) await rpc.chaves.revogarChave({ chaveId }, as(ana.session));
    await rpc.chaves.revogarChave({ chaveId }, as(await rpc.auth.login(ADMIN)));
    const [revogada] = await lista(ana);
    expect(revogada?.revogadoEm).toBeDefined();
    const recorded = (await eventosDa(ana)).filter(([tipo]) => tipo === 'CHAVE_REVOGADA');
    expect(recorded).toEqual([['CHAVE_REVOGADA', 'FEITO', chaveId]]);
    const told = await auth.dataSource.query('select 1 from sessoes_revogadas where sessao_id = $1', [
      chaveId,
    ]);
    expect(told).toHaveLength(1);
  });

  it('of an administrator ends the key of anybody', async () => {
    const ana = await verificada();
    const { id: chaveId } = await criar(ana);
    await rpc.chaves.revogarChave({ chaveId }, as(await rpc.auth.login(ADMIN)));
    expect((await lista(ana))[0]?.revogadoEm).toBeDefined();
  });
});

it('an erased account leaves no key behind', async () => {
  const ana = await verificada();
  const { id } = await criar(ana);
  await rpc.users.deleteMe({ password: ana.quem.password }, as(ana.session));
  expect(await auth.dataSource.query('select 1 from chaves_api where id = $1', [id])).toEqual([]);
});
