import { Code, ConnectError } from '@connectrpc/connect';
import { describe, expect, it } from '@jest/globals';
import { EstadoExportacao } from '@plataforma/contratos/auth/v1/export_service_pb';
import { canonicalJson } from '@plataforma/domain/formats/canonical-json';
import { createTokenVerifier } from '@plataforma/runtime/jwt';
import { FixedClock } from '@plataforma/testing/fixed-clock';
import { STEP_MS } from '../mfa/use-mfa.ts';
import { ISSUER } from '../support/auth-under-test.ts';
import { publicados } from '../support/codigos.ts';
import { as, failure, pessoa } from '../support/use-auth.ts';
import { VirtualAuthenticator } from '../support/virtual-authenticator.ts';
import { useExports } from './use-exports.ts';

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

/** A little behind: tokens made after it was advanced are not from the future for those who verify them, and none has ended. */
const clock = new FixedClock(new Date(Date.now() - MINUTE_MS).toISOString());
const { auth, rpc, titular, protegida, collect, purge, pronta, download, aberta } = useExports(clock);

const wrong = { code: Code.Unauthenticated, motivo: 'CREDENCIAIS_INVALIDAS' };
const notFound = { code: Code.NotFound, motivo: 'EXPORTACAO_NAO_ENCONTRADA' };

describe('a person who wants their data', () => {
  it('gets them as one signed archive, and is told by mail without the address', async () => {
    const { id, quem, session, exportacao } = await pronta();
    expect(exportacao).toMatchObject({ estado: EstadoExportacao.PRONTA, reautenticar: false });
    expect(exportacao.partes).toBeGreaterThan(0);
    const { response, files, texto, documento, declaracao } = await aberta(exportacao.downloadUrl);
    expect(Object.keys(files)).toEqual(['LEIA-ME.txt', 'dados.json', 'assinatura.jws']);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-disposition')).toMatch(
      /^attachment; filename="dados-pessoais-[\d-]+\.tar\.gz"$/,
    );
    expect(texto).toBe(canonicalJson(documento));
    expect(documento).toMatchObject({ titular: id, versao: 1, exportacao: exportacao.id });
    expect(documento.secoes['auth.conta']).toEqual([
      expect.objectContaining({ id, nome: quem.nome, email: quem.email.toLowerCase(), temSenha: true }),
    ]);
    expect(documento.secoes['auth.sessoes']).toHaveLength(1);
    expect(declaracao).toMatchObject({ titular: id, iss: ISSUER, sha256: exportacao.sha256 });
    const avisos = await publicados<{ tipo: string }>(auth.dataSource, 'auth.v1.AvisoDeSeguranca', id);
    expect(avisos.map(({ tipo }) => tipo)).toEqual(['TIPO_AVISO_SEGURANCA_DADOS_EXPORTADOS']);
    const segredo = new URL(exportacao.downloadUrl).pathname.split('/').at(-1) ?? '';
    expect(JSON.stringify(avisos)).not.toContain(segredo.slice(0, 20));
    const { eventos } = await rpc.audit.listMySecurityEvents({}, as(session));
    const detalhes = eventos.filter(({ tipo }) => tipo === 21).map(({ detalhe }) => detalhe);
    expect(detalhes.sort()).toEqual(['', 'BAIXADA', 'BAIXANDO', 'PEDIDA']);
  });

  it('finds no secret, hash or key in them', async () => {
    const { id, exportacao } = await pronta();
    const { texto } = await aberta(exportacao.downloadUrl);
    const [row] = await auth.dataSource.query('select senha_hash from usuarios where id = $1', [id]);
    expect(texto).not.toContain(row.senha_hash);
    expect(texto).not.toMatch(/argon2|segredo|hash|impressao|cifrad/i);
  });

  it('finds where they were themselves, and not where others were who tried', async () => {
    const ana = await titular();
    await failure(rpc.auth.login({ ...ana.quem, password: 'errada errada' }));
    await rpc.auth.signup(ana.quem);
    const { documento } = await aberta((await pronta(ana)).exportacao.downloadUrl);
    const eventos: { autor: string | null }[] = documento.secoes['auth.eventosDeSeguranca'] ?? [];
    const semAutor = eventos.filter(({ autor }) => autor === null);
    expect(semAutor.length).toBeGreaterThan(1);
    for (const evento of semAutor) expect(evento).toMatchObject({ endereco: '', dispositivo: '' });
    expect(eventos).toContainEqual(expect.objectContaining({ autor: 'titular', endereco: '127.0.0.1' }));
  });

  it('needs a proved address, the password, and the second factor where there is one', async () => {
    const quem = pessoa();
    await rpc.auth.signup(quem);
    const unproved = await rpc.auth.login(quem);
    expect(await failure(rpc.exports.requestExport({ password: quem.password }, as(unproved)))).toEqual({
      code: Code.FailedPrecondition,
      motivo: 'EMAIL_NAO_VERIFICADO',
    });
    const { session } = await titular();
    expect(await failure(rpc.exports.requestExport({ password: 'outra senha' }, as(session)))).toEqual(wrong);
    expect(await failure(rpc.exports.requestExport({}, as(session)))).toEqual(wrong);

    const ana = await protegida();
    const { password } = ana.quem;
    const renewed = await rpc.auth.refresh({ refreshToken: ana.session.refreshToken });
    expect(await failure(rpc.exports.requestExport({ password }, as(renewed)))).toMatchObject({
      motivo: 'MFA_CODIGO_NECESSARIO',
    });
    expect(
      await failure(rpc.exports.requestExport({ password, codigo: '000000' }, as(renewed))),
    ).toMatchObject({
      motivo: 'MFA_CODIGO_INVALIDO',
    });
    clock.advance(STEP_MS);
    const { estado } = await rpc.exports.requestExport({ password, codigo: ana.app.code() }, as(renewed));
    expect(estado).toBe(EstadoExportacao.PREPARANDO);
    await collect();
  });

  it('asks one at a time: of two at once one is made', async () => {
    const { quem, session } = await titular();
    const { password } = quem;
    const asked = await Promise.allSettled(
      Array.from({ length: 4 }, () => rpc.exports.requestExport({ password }, as(session))),
    );
    expect(asked.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(await failure(rpc.exports.requestExport({ password }, as(session)))).toEqual({
      code: Code.AlreadyExists,
      motivo: 'EXPORTACAO_EM_ANDAMENTO',
    });
    expect((await rpc.exports.listExports({}, as(session))).exportacoes).toHaveLength(1);
    await collect();
  });

  it('asks three times in 24 hours', async () => {
    const ana = await titular();
    for (let n = 0; n < 3; n++) await pronta(ana);
    const { password } = ana.quem;
    const refused = await rpc.exports.requestExport({ password }, as(ana.session)).catch(ConnectError.from);
    expect(await failure(Promise.reject(refused))).toEqual({
      code: Code.ResourceExhausted,
      motivo: 'EXPORTACOES_DEMAIS',
    });
    const segundos = Number((refused as ConnectError).metadata.get('retry-after'));
    expect([segundos > 23 * 3_600, segundos <= 24 * 3_600]).toEqual([true, true]);
    expect((refused as ConnectError).rawMessage).toContain('Tente novamente em 24 horas.');
  });

  it('is answered with the same export when the call comes again', async () => {
    const { quem, session } = await titular();
    const options = as(session);
    const headers = { ...options.headers, 'idempotency-key': `exportar-${quem.email}` };
    const ask = () => rpc.exports.requestExport({ password: quem.password }, { headers });
    const first = await ask();
    await collect();
    expect(await ask()).toMatchObject({ id: first.id, estado: EstadoExportacao.PRONTA });
  });
});

it('an account with a passkey asks for its data by it, and finds the passkey there, without its key', async () => {
  const ana = await titular();
  const { password } = ana.quem;
  const aparelho = new VirtualAuthenticator();
  const registro = await rpc.passkeys.startPasskeyRegistration({ password }, as(ana.session));
  const resposta = aparelho.create(registro.opcoes);
  await rpc.passkeys.finishPasskeyRegistration({ resposta, nome: 'Telefone' }, as(ana.session));
  const session = as(await rpc.auth.refresh({ refreshToken: ana.session.refreshToken }));
  expect((await failure(rpc.exports.requestExport({ password }, session))).motivo).toBe(
    'MFA_CODIGO_NECESSARIO',
  );
  const { opcoes } = await rpc.passkeys.startPasskeyProof({}, session);
  const { codigo } = await rpc.passkeys.finishPasskeyProof({ resposta: aparelho.get(opcoes) }, session);
  const { id: exportacaoId } = await rpc.exports.requestExport({ password, codigo }, session);
  await collect();
  const { downloadUrl } = await rpc.exports.getExport({ exportacaoId }, session);
  const { documento, texto } = await aberta(downloadUrl);
  expect(documento.secoes['auth.passkeys']).toMatchObject([{ nome: 'Telefone', sincronizada: false }]);
  const [row] = await auth.dataSource.query('select chave_publica from passkeys where usuario_id = $1', [
    ana.id,
  ]);
  for (const form of ['base64', 'base64url', 'hex'] as const)
    expect(texto).not.toContain(row.chave_publica.toString(form));
});

describe('the address of an archive', () => {
  it('is told to nobody else', async () => {
    const { exportacao } = await pronta();
    const other = await titular();
    for (const exportacaoId of [exportacao.id, 'nada', '00000000-0000-4000-8000-000000000000'])
      expect(await failure(rpc.exports.getExport({ exportacaoId }, as(other.session)))).toEqual(notFound);
    expect((await rpc.exports.listExports({}, as(other.session))).exportacoes).toEqual([]);
  });

  it('is not told to a session that has not proved its owner for a while', async () => {
    const { quem, exportacao } = await pronta();
    clock.advance(-16 * MINUTE_MS);
    const { refreshToken } = await rpc.auth.login(quem);
    clock.advance(16 * MINUTE_MS);
    const renewed = await rpc.auth.refresh({ refreshToken });
    const { id: exportacaoId } = exportacao;
    const seen = await rpc.exports.getExport({ exportacaoId }, as(renewed));
    expect(seen).toMatchObject({ downloadUrl: '', reautenticar: true });
    const again = await rpc.exports.getExport({ exportacaoId }, as(await rpc.auth.login(quem)));
    expect(again).toMatchObject({ reautenticar: false, downloadUrl: expect.stringMatching(/\.tar\.gz$/) });
  });

  it('is void once any of its bits is another, and for another end', async () => {
    const { exportacao } = await pronta();
    const { pathname } = new URL(exportacao.downloadUrl);
    const [segredo = ''] = (pathname.split('/').at(-1) ?? '').split('.');
    const bytes = Buffer.from(segredo, 'base64url');
    for (let bit = 0; bit < bytes.length * 8; bit += 7) {
      const forged = Buffer.from(bytes);
      forged.writeUInt8(forged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);
      const url = exportacao.downloadUrl.replace(segredo, forged.toString('base64url'));
      expect((await download(url)).status).toBe(404);
    }
    for (const text of ['', 'x', `${segredo}A`, segredo.slice(1), '%2e%2e'])
      expect((await download(exportacao.downloadUrl.replace(segredo, text))).status).toBe(404);
    expect((await download(exportacao.downloadUrl.replace('.tar.gz', ''))).status).toBe(404);
    expect((await download(exportacao.downloadUrl)).status).toBe(200);
    expect((await download(exportacao.downloadUrl, { method: 'HEAD' })).status).toBe(200);
  });

  it('is recorded as used by what was given to the end, and not by who asks for the headers alone', async () => {
    const { session, exportacao } = await pronta();
    const baixas = async () => {
      const { eventos } = await rpc.audit.listMySecurityEvents({}, as(session));
      return eventos.map(({ detalhe }) => detalhe).filter((detalhe) => detalhe.startsWith('BAIXA'));
    };
    expect((await download(exportacao.downloadUrl, { method: 'HEAD' })).status).toBe(200);
    expect(await baixas()).toEqual([]);
    await (await download(exportacao.downloadUrl)).arrayBuffer();
    expect(await baixas()).toEqual(['BAIXADA', 'BAIXANDO']);
  });

  it('ends after ten minutes, and with all sessions of its owner', async () => {
    const { quem, session, exportacao } = await pronta();
    clock.advance(10 * MINUTE_MS);
    expect((await download(exportacao.downloadUrl)).status).toBe(404);
    clock.advance(-10 * MINUTE_MS);
    expect((await download(exportacao.downloadUrl)).status).toBe(200);
    const newPassword = 'outra senha comprida';
    await rpc.auth.changePassword({ currentPassword: quem.password, newPassword }, as(session));
    expect((await download(exportacao.downloadUrl)).status).toBe(404);
  });
});

it('the address of an archive ends with the session that it was told to, and not with another one', async () => {
  const { quem, session, exportacao } = await pronta();
  const outra = await rpc.auth.login(quem);
  await rpc.auth.logout({ refreshToken: outra.refreshToken }, as(outra));
  expect((await download(exportacao.downloadUrl)).status).toBe(200);
  await rpc.auth.logout({ refreshToken: session.refreshToken }, as(session));
  expect((await download(exportacao.downloadUrl)).status).toBe(404);
});

describe('the signature of an archive', () => {
  it('is no access token, for any verifier', async () => {
    const { exportacao } = await pronta();
    const { jws } = await aberta(exportacao.downloadUrl);
    const jwksUrl = `http://127.0.0.1:${auth.httpPort}/.well-known/jwks.json`;
    const verifier = createTokenVerifier({ jwksUrl, issuer: ISSUER, audience: 'plataforma-reservas' });
    await expect(verifier.verify(jws)).rejects.toMatchObject({ code: Code.Unauthenticated });
    expect((await failure(rpc.users.getMe({}, as({ accessToken: jws })))).code).toBe(Code.Unauthenticated);
    // What Kong asks for before it looks who signed.
    expect(JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString())).not.toHaveProperty(
      'exp',
    );
  });
});

describe('an archive', () => {
  it('is encrypted at rest, part by part', async () => {
    const { exportacao, quem } = await pronta();
    const rows: Array<{ conteudo: Buffer }> = await auth.dataSource.query(
      'select conteudo from exportacoes_partes where exportacao_id = $1',
      [exportacao.id],
    );
    expect(rows).toHaveLength(exportacao.partes);
    for (const { conteudo } of rows) {
      expect(conteudo.includes(quem.nome)).toBe(false);
      expect(conteudo.subarray(0, 2)).not.toEqual(Buffer.from([0x1f, 0x8b]));
    }
  });

  it('is gone after seven days', async () => {
    const { exportacao, session } = await pronta();
    const { id: exportacaoId } = exportacao;
    const left = async () => {
      const [row] = await auth.dataSource.query(
        'select count(*)::int as n from exportacoes_partes where exportacao_id = $1',
        [exportacaoId],
      );
      return row.n;
    };
    clock.advance(7 * DAY_MS - 1);
    await purge();
    expect(await left()).toBe(exportacao.partes);
    clock.advance(1);
    expect(await failure(rpc.exports.getExport({ exportacaoId }, as(session)))).toEqual(notFound);
    await purge();
    expect(await left()).toBe(0);
    clock.advance(-7 * DAY_MS);
  });

  it('is gone at once when the account is', async () => {
    const { id, exportacao } = await pronta();
    await auth.dataSource.query('update usuarios set ativo = false where id = $1', [id]);
    expect((await download(exportacao.downloadUrl)).status).toBe(404);
  });
});
